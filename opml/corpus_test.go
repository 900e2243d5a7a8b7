package opml

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caravan"
)

// An expectation is how another program read one file of the corpus.
type expectation struct {
	File       string
	Wellformed bool
	Title      string
	Feeds      []expectedFeed
}

// An expectedFeed is one outline with an xmlUrl.
type expectedFeed struct {
	XMLURL   string `json:"xml_url"`
	HTMLURL  string `json:"html_url"`
	Title    string
	Text     string
	Category string
	Folder   []string
}

// corpus returns the directory of the shared corpus.
func corpus(t testing.TB) string {
	shared := os.Getenv("CARAVAN_SHARED")
	if shared == "" {
		t.Skip("CARAVAN_SHARED is not set")
	}
	return filepath.Join(shared, "corpus")
}

// corpusFiles returns the real lists and what is expected of each.
func corpusFiles(t testing.TB) map[string]expectation {
	dir := corpus(t)
	names, err := filepath.Glob(filepath.Join(dir, "expected", "o*.json"))
	if err != nil || len(names) != 83 {
		t.Fatalf("the corpus has %d expectations of lists (%v), want 83", len(names), err)
	}
	all := make(map[string]expectation, len(names))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var want expectation
		if err := json.Unmarshal(data, &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[filepath.Join(dir, want.File)] = want
	}
	return all
}

// listing is one source in one folder, as both readings have it.
func listing(address, title, site, category string, folder []string) string {
	return strings.Join([]string{address, title, site, category, strings.Join(folder, " / ")}, "\n")
}

func TestParseReadsRealLists(t *testing.T) {
	for path, want := range corpusFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			list, err := Parse(filepath.Base(path), data)
			if (err != nil) != (len(want.Feeds) == 0 && len(list.Includes) == 0) {
				t.Errorf("Parse error = %v with %d feeds expected", err, len(want.Feeds))
			}
			if got, want := alike(list.Title, want.Wellformed), alike(want.Title, want.Wellformed); got != want && want != "" {
				t.Errorf("title = %q, want %q", got, want)
			}
			compareRows(t, list, want)
			if want.Wellformed && len(want.Feeds) > 0 {
				if err := Whole(path, data); err != nil {
					t.Errorf("Whole = %v, want nil", err)
				}
			}
		})
	}
}

// alike returns s in the form in which two readings of it are compared. The
// other program drops ampersands that stand alone.
func alike(s string, wellformed bool) string {
	if !wellformed {
		s = strings.ReplaceAll(s, "&", "")
	}
	return tidy(s)
}

// compareRows compares sources, titles and folders, in order within folders. A
// row that Parse takes for a repetition of another must be among its problems.
func compareRows(t *testing.T, list caravan.List, want expectation) {
	t.Helper()
	var got, expected []string
	for _, c := range list.Communities {
		folder := c.Path
		if slices.Equal(folder, []string{other}) {
			folder = nil
		}
		for _, s := range c.Sources {
			got = append(got, listing(s.URL, alike(s.Title, want.Wellformed), s.SiteURL, alike(s.Category, true), folder))
		}
	}
	repeated := 0
	seen := map[string]bool{}
	for _, f := range want.Feeds {
		title := f.Title
		if tidy(title) == "" {
			title = f.Text
		}
		var folder []string
		for _, name := range f.Folder {
			folder = append(folder, alike(name, want.Wellformed))
		}
		key := caravan.SourceKey(f.XMLURL) + "\n" + strings.Join(folder, " / ")
		if seen[key] {
			repeated++
			continue
		}
		seen[key] = true
		if !strings.HasPrefix(f.HTMLURL, "http") {
			f.HTMLURL = "" // not to be linked
		}
		expected = append(expected, listing(strings.TrimSpace(f.XMLURL), alike(title, want.Wellformed), f.HTMLURL, alike(f.Category, true), folder))
	}
	slices.Sort(got)
	slices.Sort(expected)
	if !slices.Equal(got, expected) {
		t.Errorf("%d sources, want %d", len(got), len(expected))
		for i := range max(len(got), len(expected)) {
			if i >= len(got) || i >= len(expected) || got[i] != expected[i] {
				t.Fatalf("first difference:\ngot  %q\nwant %q", got[min(i, len(got)):min(i+1, len(got))], expected[min(i, len(expected)):min(i+1, len(expected))])
			}
		}
	}
	if n := count(list.Problems, "same folder"); n != repeated {
		t.Errorf("%d repetitions reported, want %d", n, repeated)
	}
}

// count returns how many problems say part.
func count(problems []caravan.Problem, part string) int {
	n := 0
	for _, p := range problems {
		if strings.Contains(p.Message, part) {
			n++
		}
	}
	return n
}
