package document

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// A reading is what another parser read of a file of the corpus.
type reading struct {
	ID         string         `json:"id"`
	File       string         `json:"file"`
	Version    string         `json:"version"`
	Entries    []readingEntry `json:"entries"`
	ServedWith string         `json:"served_with_content_type"`
	DoubleUTF8 int            `json:"double_utf8_sequences"`
	N          int            `json:"n_entries"`
	Second     *struct {
		N     int    `json:"n_entries"`
		Error string `json:"error"`
	} `json:"second"`
	Feed struct {
		Title string `json:"title"`
		Link  string `json:"link"`
	} `json:"feed"`
}

type readingEntry struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Link      string `json:"link"`
	Published string `json:"published"`
	Updated   string `json:"updated"`
	DateRaw   string `json:"date_raw"`
	Agree     string `json:"agree"`
}

// corpus returns the folder of the corpus and what others read of its feeds.
func corpus(t testing.TB) (dir string, readings []reading) {
	shared := os.Getenv("CARAVAN_SHARED")
	if shared == "" {
		t.Skip("CARAVAN_SHARED is not set")
	}
	dir = filepath.Join(shared, "corpus")
	files, err := filepath.Glob(filepath.Join(dir, "expected", "[fc]*.json"))
	if err != nil || len(files) < 1000 {
		t.Fatalf("%d readings in %s: %v", len(files), dir, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r reading
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		readings = append(readings, r)
	}
	return dir, readings
}

func readCorpus(t testing.TB, dir, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tally counts agreement on one field.
type tally struct{ asked, equal int }

func (c *tally) add(equal bool) {
	c.asked++
	if equal {
		c.equal++
	}
}

func (c tally) share() float64 {
	if c.asked == 0 {
		return 1
	}
	return float64(c.equal) / float64(c.asked)
}

func TestCorpus(t *testing.T) {
	dir, readings := corpus(t)
	figures := map[string]*tally{}
	for _, name := range []string{"feeds read", "non-feeds refused", "count", "title", "link", "date", "id", "conformance read"} {
		figures[name] = &tally{}
	}
	miss := map[string][]string{}
	fail := func(figure, format string, args ...any) {
		miss[figure] = append(miss[figure], fmt.Sprintf(format, args...))
	}
	for _, r := range readings {
		real := strings.HasPrefix(r.ID, "f")
		doc, err := Parse(readCorpus(t, dir, r.File), Options{ContentType: r.ServedWith})
		switch {
		case r.Version == "":
			figures["non-feeds refused"].add(err != nil)
			if err == nil {
				fail("non-feeds refused", "%s %d items", r.File, len(doc.Items))
			}
			continue
		case real:
			figures["feeds read"].add(err == nil)
			if err != nil {
				fail("feeds read", "%s: %v", r.File, err)
			}
		case r.N > 0:
			figures["conformance read"].add(err == nil && len(doc.Items) > 0)
			if err != nil || len(doc.Items) == 0 {
				fail("conformance read", "%s %d entries: %v", r.File, r.N, err)
			}
		}
		if err != nil {
			continue
		}
		if r.Second == nil || r.Second.Error == "" && r.Second.N == r.N {
			figures["count"].add(len(doc.Items) == r.N)
			if len(doc.Items) != r.N {
				fail("count", "%s: %d, want %d %v", r.File, len(doc.Items), r.N, doc.Problems)
			}
		}
		if len(doc.Items) != len(r.Entries) {
			continue
		}
		compareEntries(r, doc.Items, figures, fail)
	}
	for _, name := range slices.Sorted(maps.Keys(figures)) {
		f := figures[name]
		t.Logf("%-20s %6d of %6d  %7.3f %%", name, f.equal, f.asked, 100*f.share())
		for i, m := range miss[name] {
			if i < 400 {
				t.Log("    ", m)
			}
		}
	}
}

func compareEntries(r reading, items []caravan.Item, figures map[string]*tally, fail func(string, string, ...any)) {
	for i, want := range r.Entries {
		got := items[i]
		check := func(letter, figure, have, wish string) {
			if !strings.Contains(want.Agree, letter) {
				return
			}
			figures[figure].add(have == wish)
			if have != wish {
				fail(figure, "%s %d: %q, want %q", r.File, i, have, wish)
			}
		}
		check("t", "title", got.Title, want.Title)
		check("l", "link", got.Link, want.Link)
		check("i", "id", got.GUID, want.ID)
		wish := want.Published
		if wish == "" {
			wish = want.Updated
		}
		have := got.Published
		if have.IsZero() {
			have = got.Updated
		}
		text := ""
		if !have.IsZero() {
			text = have.Format(time.RFC3339)
		}
		check("d", "date", text, wish)
	}
}
