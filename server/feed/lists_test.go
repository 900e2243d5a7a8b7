package feed

import (
	"encoding/xml"
	"strings"
	"testing"
)

// O16: OPML 2.0 with every attribute that readers import by.
func TestOPML(t *testing.T) {
	l := List{
		Title: "Planet & <co>", Created: published, OwnerName: "Ada", OwnerEmail: "ada@planet.example", OwnerID: "https://planet.example/",
		Folders: []Folder{
			{Title: "Labs / R&D", Lines: []Line{
				{Title: "Alpha", Feed: "https://alpha.example/feed?a=1&b=2", Site: "https://alpha.example/", Language: "pt-BR", Description: "What <b>Alpha</b> says"},
				{Feed: "https://www.untitled.example/feed"},
				{Title: "No feed", Site: "https://nofeed.example/"},
			}},
			{Title: hostile},
		},
	}
	out, err := OPML(l)
	if err != nil {
		t.Fatal(err)
	}
	grammarCheck(t, "opml.rng", out)
	for _, want := range []string{
		`<outline text="Labs / R&amp;D">`,
		`<outline text="Alpha" title="Alpha" type="rss" xmlUrl="https://alpha.example/feed?a=1&amp;b=2" htmlUrl="https://alpha.example/" language="pt-BR"`,
		`<outline text="untitled.example" title="untitled.example" type="rss" xmlUrl="https://www.untitled.example/feed"/>`,
		`<outline text="No feed" title="No feed" type="link" htmlUrl="https://nofeed.example/" url="https://nofeed.example/"/>`,
		`<dateCreated>Tue, 24 Nov 2026 09:30:00 +0000</dateCreated>`,
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("OPML lacks %s in\n%s", want, out)
		}
	}
	empty, err := OPML(List{Title: "Empty"})
	if err != nil {
		t.Fatal(err)
	}
	grammarCheck(t, "opml.rng", empty)
}

// O17: the limits of OpenSearch 1.1 hold for any title.
func TestOpenSearch(t *testing.T) {
	for _, title := range []string{"P", "Planet civic innovators", strings.Repeat("wordy ", 400), strings.Repeat("x", 3000), hostile} {
		out, err := OpenSearch(SearchEngine{Title: title, Base: "https://planet.example", Contact: "ada@planet.example"})
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			ShortName, LongName, Description string
			URLs                             []struct {
				Template string `xml:"template,attr"`
				Type     string `xml:"type,attr"`
				Rel      string `xml:"rel,attr"`
			} `xml:"Url"`
		}
		if err := xml.Unmarshal(out, &doc); err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		if n := len([]rune(doc.ShortName)); n == 0 || n > 16 {
			t.Errorf("short name %q has %d characters", doc.ShortName, n)
		}
		if n := len([]rune(doc.LongName)); n > 48 {
			t.Errorf("long name has %d characters", n)
		}
		if n := len([]rune(doc.Description)); n > 1024 {
			t.Errorf("description has %d characters", n)
		}
		for _, u := range doc.URLs {
			if u.Rel != "self" && !strings.Contains(u.Template, "{searchTerms}") {
				t.Errorf("template %s has no place for the words", u.Template)
			}
		}
	}
}

func TestWithin(t *testing.T) {
	for _, test := range []struct {
		in   string
		most int
		want string
	}{
		{"short", 16, "short"}, {"Planet civic innovators", 16, "Planet civic"}, {"exactly sixteen!", 16, "exactly sixteen!"},
		{"unbreakablelongword", 16, "unbreakablelongw"}, {"Public innovators", 16, "Public innovator"}, {"ééé ééé", 4, "ééé"},
	} {
		if got := within(test.in, test.most); got != test.want {
			t.Errorf("within(%q, %d) = %q, want %q", test.in, test.most, got, test.want)
		}
	}
}
