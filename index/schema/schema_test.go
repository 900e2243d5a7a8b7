package schema

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestMetaReadsAsItWasWritten(t *testing.T) {
	for _, m := range []Meta{
		{SortAt: 1764028800000, Hash: "1f2e3d4c", Lengths: []Length{{"en", 12, 340}, {"fr", 9, 210}}},
		{SortAt: 0, Hash: "0"},
	} {
		if got := ParseMeta(m.String()); !reflect.DeepEqual(got, m) {
			t.Errorf("ParseMeta(%q) = %+v, want %+v", m.String(), got, m)
		}
	}
	for _, other := range []string{"", ";", "xyz;en,1", "0192f3c4e5a6;en,a,b;#"} {
		_ = ParseMeta(other) // must not panic
	}
}

func TestHashChangesWithWhateverIsIndexed(t *testing.T) {
	story := func(edit func(*caravan.StoryDoc)) caravan.StoryDoc {
		d := caravan.StoryDoc{ID: "a", SortAt: time.UnixMilli(1000), Members: []caravan.DocMember{{
			Item: "i", Source: "s", Communities: []string{"c"}, Language: "en", Title: "Title", Text: "Text",
			Link: "https://a.example/1", Authors: []string{"Ann"}, Tags: []string{"tag"},
		}}}
		edit(&d)
		return d
	}
	seen := map[string]string{}
	for name, edit := range map[string]func(*caravan.StoryDoc){
		"nothing":   func(*caravan.StoryDoc) {},
		"time":      func(d *caravan.StoryDoc) { d.SortAt = time.UnixMilli(2000) },
		"source":    func(d *caravan.StoryDoc) { d.Members[0].Source = "t" },
		"community": func(d *caravan.StoryDoc) { d.Members[0].Communities = []string{"c", "d"} },
		"language":  func(d *caravan.StoryDoc) { d.Members[0].Language = "fr" },
		"title":     func(d *caravan.StoryDoc) { d.Members[0].Title = "TitleT" },
		"text":      func(d *caravan.StoryDoc) { d.Members[0].Text = "ext" },
		"both":      func(d *caravan.StoryDoc) { d.Members[0].Title, d.Members[0].Text = "TitleT", "ext" },
		"link":      func(d *caravan.StoryDoc) { d.Members[0].Link = "" },
		"author":    func(d *caravan.StoryDoc) { d.Members[0].Authors = nil },
		"tag":       func(d *caravan.StoryDoc) { d.Members[0].Tags = []string{"tag", ""} },
		"member":    func(d *caravan.StoryDoc) { d.Members = append(d.Members, d.Members[0]) },
	} {
		h := Hash(story(edit))
		if other, ok := seen[h]; ok {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[h] = name
	}
	if a, b := Hash(story(func(*caravan.StoryDoc) {})), Hash(story(func(*caravan.StoryDoc) {})); a != b {
		t.Error("one state has two hashes")
	}
}

func TestEdgesAreTheBeginningsOfWords(t *testing.T) {
	for text, want := range map[string]string{
		"Open data":        "op ope open da dat data",
		"a":                "a",
		"ÉCOLE école":      "ec eco ecol ecole",
		"internationalise": "in int inte inter intern interna internat internati internatio internation internationa internationalise",
	} {
		var got []string
		for _, token := range edgesOf(text) {
			got = append(got, string(token.Term))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("edges of %q are %q, want %q", text, got, want)
		}
		for _, word := range strings.Fields(want) {
			if e := Edge(word); !slices.Contains(got, e) {
				t.Errorf("Edge(%q) = %q, which %q does not have", word, e, text)
			}
		}
	}
}

func TestNamesAreOfferedByEachOfTheirWords(t *testing.T) {
	if got := strings.Join(offers(KindTag, "Co-creation"), " "); !strings.Contains(got, string(KindTag)+"cocreation\x1f") {
		t.Errorf("a compound is not offered as one word: %q", got)
	}
	terms := offers(KindAuthor, "Marie-Ève de la Tour")
	if len(terms) < 4 {
		t.Fatalf("terms are %q", terms)
	}
	found := false
	for _, term := range terms {
		if got := OfferedName(term); got != "Marie-Ève de la Tour" {
			t.Errorf("OfferedName(%q) = %q", term, got)
		}
		found = found || strings.HasPrefix(term, string(KindAuthor)+"tour")
	}
	if !found {
		t.Errorf("no term of %q begins with the surname", terms)
	}
}
