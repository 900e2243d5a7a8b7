package store

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"caravan"
)

func listWith(folders ...[]string) caravan.List {
	var list caravan.List
	for i, urls := range folders {
		c := caravan.ListCommunity{Path: []string{"A", fmt.Sprint(i)}}
		for _, u := range urls {
			c.Sources = append(c.Sources, caravan.ListSource{URL: u})
		}
		list.Communities = append(list.Communities, c)
	}
	return list
}

func TestResolveJoinsTheLinesOfOneSource(t *testing.T) { // E28
	aliases := map[string]int64{"https://a.example/feed": 7, "https://a.example/old": 7, "http://b.example/": 8}
	tests := []struct {
		name string
		list caravan.List
		want string
	}{
		{"spellings", listWith([]string{"https://new.example", "HTTPS://New.Example:443/"}), "[0 [0]]"},
		{"twin under http", listWith([]string{"http://new.example/f", "https://new.example/f"}), "[0 [0]]"},
		{"known by any address", listWith([]string{"https://a.example/old"}, []string{"https://a.example/feed"}), "[7 [0 1]]"},
		{"known by its twin", listWith([]string{"https://b.example/"}), "[8 [0]]"},
		{"case of the path counts", listWith([]string{"https://new.example/F", "https://new.example/f"}), "[0 [0]][0 [0]]"},
		{"in two folders", listWith([]string{"https://x.example/"}, []string{"https://y.example/", "https://x.example/"}), "[0 [0 1]][0 [1]]"},
	}
	for _, tt := range tests {
		got := ""
		for _, w := range resolve(tt.list, aliases) {
			got += fmt.Sprintf("[%d %v]", w.id, w.folders)
		}
		if got != tt.want {
			t.Errorf("%s: resolve = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestMatchFolders(t *testing.T) {
	stored := []folderRow{
		{id: 1, title: "A / 0", listed: true, sources: []int64{11}},
		{id: 2, title: "Renamed", listed: true, sources: []int64{21, 22, 23}},
		{id: 3, title: "Away", listed: false, sources: nil},
	}
	aliases := map[string]int64{"https://s21.example/": 21, "https://s22.example/": 22, "https://s23.example/": 23, "https://s11.example/": 11}
	tests := []struct {
		name string
		list caravan.List
		want []int64
	}{
		{"by title, though its sources are others", listWith([]string{"https://s21.example/"}), []int64{1}},
		{"by most of its sources", listWith(nil, []string{"https://s21.example/", "https://s22.example/"}), []int64{1, 2}},
		{"half is not most", listWith(nil, []string{"https://s21.example/"}), []int64{1, 0}},
		{"a new one beside", listWith(nil, []string{"https://s11.example/"}), []int64{1, 0}},
	}
	for _, tt := range tests {
		if got := matchFolders(tt.list, resolve(tt.list, aliases), stored); !slices.Equal(got, tt.want) {
			t.Errorf("%s: matchFolders = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestAssignMarkAsDesigned holds the marks against those of the design's own
// pages.
func TestAssignMarkAsDesigned(t *testing.T) {
	shared := os.Getenv("CARAVAN_SHARED")
	if shared == "" {
		t.Skip("CARAVAN_SHARED is not set")
	}
	data, err := os.ReadFile(filepath.Join(shared, "design", "marks.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Assigned map[string]struct{ Glyph, Hue int }
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	var taken []mark
	for _, slug := range []string{"states-of-change", "one-team-gov", "policy-community", "free-agents", "innovadores-publicos", "accelerator-labs",
		"six", "011-lab", "nesta", "cpi", "apolitical", "bloomberg-harvard"} {
		v := vectors.Assigned[slug]
		got, want := assignMark(slug, taken), mark{glyph: v.Glyph, hue: v.Hue}
		if got != want {
			t.Errorf("assignMark(%s) = %v, want %v", slug, got, want)
		}
		taken = append(taken, got)
	}
}

func TestAssignMarkRepeatsNothing(t *testing.T) {
	var taken []mark
	shapes, pairs := map[int]bool{}, map[mark]bool{}
	for i := range glyphs * hues {
		m := assignMark(fmt.Sprintf("community-%d", i), taken)
		if i < glyphs && shapes[m.glyph] {
			t.Fatalf("community %d: shape %d is used twice", i, m.glyph)
		}
		if pairs[m] {
			t.Fatalf("community %d: %v is used twice", i, m)
		}
		shapes[m.glyph], pairs[m], taken = true, true, append(taken, m)
	}
	assignMark("one too many", taken)
}

func TestMayRemove(t *testing.T) { // R11
	now := seen
	refused := refusal{Hash: "h", Since: now.Add(-10 * time.Second)}
	tests := []struct {
		name            string
		removed, listed int
		hash            string
		refused         refusal
		again           bool
		want            bool
	}{
		{"half", 5, 10, "h", refusal{}, false, true},
		{"more than half", 6, 10, "h", refusal{}, false, false},
		{"nothing yet", 0, 0, "h", refusal{}, false, true},
		{"all", 1, 1, "h", refusal{}, false, false},
		{"the same again after ten seconds", 6, 10, "h", refused, true, true},
		{"another one", 6, 10, "other", refused, true, false},
		{"too soon", 6, 10, "h", refusal{Hash: "h", Since: now.Add(-9 * time.Second)}, true, false},
		{"after a restart", 6, 10, "h", refused, false, false},
	}
	for _, tt := range tests {
		if got := mayRemove(tt.removed, tt.listed, tt.hash, tt.refused, tt.again, now); got != tt.want {
			t.Errorf("%s: mayRemove = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestSourceSlug(t *testing.T) {
	tests := []struct {
		line caravan.ListSource
		want string
	}{
		{caravan.ListSource{Title: "Innovadores Públicos", URL: "https://x.example/feed"}, "innovadores-publicos"},
		{caravan.ListSource{URL: "https://www.blog.example/en/feed.xml"}, "blog-example-en-feed-xml"},
		{caravan.ListSource{Title: "T", URL: "https://x.example", Settings: caravan.Settings{Slug: "My Own"}}, "my-own"},
	}
	for _, tt := range tests {
		if got := sourceSlug(tt.line); got != tt.want {
			t.Errorf("sourceSlug(%+v) = %q, want %q", tt.line, got, tt.want)
		}
	}
	if got := freeSlug("a", map[string]bool{"a": true, "a-2": true}); got != "a-3" {
		t.Errorf("freeSlug = %q, want a-3", got)
	}
}

func TestPollAddress(t *testing.T) {
	old := sourceRow{Source: caravan.Source{ListURL: "http://a.example/feed", URL: "https://a.example/adopted"}}
	tests := []struct {
		line, want string
		changed    bool
	}{
		{"http://a.example/feed", "https://a.example/adopted", false},
		{"https://a.example/adopted", "https://a.example/adopted", false},
		{"https://a.example/feed", "https://a.example/feed", true},
	}
	for _, tt := range tests {
		if got, changed := pollAddress(old, tt.line); got != tt.want || changed != tt.changed {
			t.Errorf("pollAddress(%q) = %q, %v, want %q, %v", tt.line, got, changed, tt.want, tt.changed)
		}
	}
}
