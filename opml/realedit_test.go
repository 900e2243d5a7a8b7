package opml

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caravan"
)

// TestEditsOfRealListsTouchNothingElse puts a source into each folder of each
// real list and takes it out again.
func TestEditsOfRealListsTouchNothingElse(t *testing.T) {
	for path, want := range corpusFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 200_000 {
			data = trimmed(data, 12_000) // its rows are all alike
		}
		list, err := Parse("f", data)
		if err != nil || !want.Wellformed {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			source := caravan.ListSource{URL: "https://new.example/feed?a=1&b=2", Title: "Ночь & día"}
			for _, c := range list.Communities[:min(len(list.Communities), 3)] {
				inserted, err := Insert(data, source, c.Path)
				if err != nil {
					t.Fatalf("insert into %v: %v", c.Path, err)
				}
				at := commonPrefix(data, inserted)
				rest := data[at:]
				if !bytes.HasSuffix(inserted, rest) {
					t.Fatalf("insert into %v changed more than one place", c.Path)
				}
				line := string(inserted[at : len(inserted)-len(rest)])
				if strings.Count(line, "\n") > 1 || strings.Count(line, "new.example") != 1 {
					t.Errorf("inserted %q, want one line", line)
				}
				removed, err := Remove(inserted, source.URL)
				if err != nil || !bytes.Equal(removed, data) {
					t.Errorf("taken out again, the list of %v is not what it was (%v)", c.Path, err)
				}
			}
			checkRemoval(t, data, list)
		})
	}
}

// commonPrefix returns how many bytes a and b begin with alike.
func commonPrefix(a, b []byte) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// checkRemoval takes the first source of a list out, and gives it another
// address.
func checkRemoval(t *testing.T, data []byte, list caravan.List) {
	t.Helper()
	i := slices.IndexFunc(list.Communities, func(c caravan.ListCommunity) bool { return len(c.Sources) > 0 })
	address := list.Communities[i].Sources[0].URL
	removed, err := Remove(data, address)
	if err != nil {
		t.Fatalf("remove %s: %v", address, err)
	}
	once := strings.Count(show(list), address+" | ") == 1
	if at := commonPrefix(data, removed); once && !bytes.HasSuffix(data, removed[at:]) {
		t.Errorf("removing %s changed more than one place", address)
	}
	moved, err := ReplaceAddress(data, address, "https://moved.example/")
	if err != nil {
		t.Fatalf("move %s: %v", address, err)
	}
	back, err := ReplaceAddress(moved, "https://moved.example/", address)
	if err != nil {
		t.Fatalf("move %s back: %v", address, err)
	}
	again, err := Parse("f", back)
	if err != nil || show(again) != show(list) {
		t.Errorf("moved there and back, the list of %s reads otherwise (%v)", address, err)
	}
}

// TestEditsOfDamagedListsAreSafe edits real lists that accidents have changed:
// an edit is refused, or the result is what was wished for.
func TestEditsOfDamagedListsAreSafe(t *testing.T) {
	for path := range corpusFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 200_000 {
			data = trimmed(data, 6_000)
		}
		random := rand.New(rand.NewPCG(7, uint64(len(data))))
		for range 20 {
			mutated := mutate(random, data)
			before, _ := Parse("f", mutated)
			var folder []string
			if len(before.Communities) > 0 {
				folder = before.Communities[random.IntN(len(before.Communities))].Path
			}
			inserted, err := Insert(mutated, newSource(), folder)
			if err != nil {
				continue
			}
			after, _ := Parse("f", inserted)
			if got, want := len(seats(after)), len(seats(before))+1; got != want {
				t.Errorf("%s: %d memberships after an insertion, want %d in\n%s", filepath.Base(path), got, want, mutated)
			}
			if _, err := Remove(inserted, newSource().URL); err != nil {
				t.Errorf("%s: %v", filepath.Base(path), err)
			}
		}
	}
}

// TestEditsFollowTheLineEnds inserts into files of each kind of line end, and
// into ones without any before the place.
func TestEditsFollowTheLineEnds(t *testing.T) {
	unix := listOf(openOne, lineA, closing)
	for name, end := range map[string]string{"LF": "\n", "CR LF": "\r\n", "CR": "\r"} {
		t.Run(name, func(t *testing.T) {
			got, err := Insert([]byte(strings.ReplaceAll(unix, "\n", end)), newSource(), []string{"One"})
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(listOf(openOne, lineA, lineNew, closing), "\n", end); string(got) != want {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
		})
	}
	got, err := Insert([]byte("<opml><body>\r\n</body></opml>"), newSource(), []string{"One"})
	if err != nil || strings.Count(string(got), "\n") != strings.Count(string(got), "\r\n") {
		t.Errorf("got %q, %v, want the line ends of the file", got, err)
	}
}

// TestUntitledLinesAreNamedByTheirHost is for lines and sources without a title.
func TestUntitledLinesAreNamedByTheirHost(t *testing.T) {
	got, err := Insert([]byte(listOf(openOne, lineA, closing)), caravan.ListSource{URL: "https://www.n.example/feed"}, []string{"One"})
	if err != nil || !strings.Contains(string(got), `text="n.example" xmlUrl="https://www.n.example/feed"`) {
		t.Errorf("got\n%s\n%v", got, err)
	}
	list, err := Parse("f", []byte(body(`<outline text="A"><outline htmlUrl="https://www.p.example/"/><outline xmlUrl="https://1.example/"/></outline>`)))
	if err != nil || list.Communities[0].Publications[0].Title != "p.example" {
		t.Errorf("publications = %+v, %v", list.Communities[0].Publications, err)
	}
}

func TestIntervalsAreWrittenAsTheyAreRead(t *testing.T) {
	for _, written := range []string{"1d", "6h", "90m", "100s", "14d", "25h"} {
		d, ok := duration(written)
		if got := writeInterval(d); !ok || got != written {
			t.Errorf("%s is read as %v (%v) and written as %s", written, d, ok, got)
		}
	}
}

func TestEscapeFitsTheQuotes(t *testing.T) {
	const value = `a<b> & "c" 'd' /e` + "\x00"
	tests := map[byte]string{
		'"':  `a&lt;b&gt; &amp; &quot;c&quot; 'd' /e`,
		'\'': `a&lt;b&gt; &amp; "c" &apos;d&apos; /e`,
		0:    `a&lt;b&gt;&#32;&amp;&#32;&quot;c&quot;&#32;&apos;d&apos;&#32;&#47;e`,
	}
	for quote, want := range tests {
		if got := escape(value, quote); got != want {
			t.Errorf("escape for %q = %s, want %s", quote, got, want)
		}
	}
}
