package opml

import (
	"encoding/xml"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// readDefault reads the list that comes with the program.
func readDefault(t *testing.T) ([]byte, caravan.List) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "feeds.opml"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := Parse("feeds.opml", data)
	if err != nil {
		t.Fatalf("Parse = %v", err)
	}
	return data, list
}

func TestDefaultListHasNoProblems(t *testing.T) {
	data, list := readDefault(t)
	for _, p := range list.Problems {
		t.Error(p)
	}
	if err := Whole("feeds.opml", data); err != nil {
		t.Error(err)
	}
}

func TestDefaultListBeginsWithTheFoundingCommunities(t *testing.T) {
	_, list := readDefault(t)
	founding := []struct {
		name    string
		sources int // at least
	}{
		{"States of Change", 1},
		{"One Team Gov", 1},
		{"Policy Community (Canada)", 0},
		{"Free Agents (Canada)", 0},
		{"Innovadores Públicos (Chile)", 0},
		{"UNDP Accelerator Labs", 1},
		{"Social Innovation Exchange", 1},
		{"(011).lab (São Paulo)", 1},
		{"Nesta", 1},
		{"Centre for Public Impact", 1},
		{"Apolitical", 1},
		{"Bloomberg Harvard City Leadership", 0},
		{"People named in the founding article", 1},
	}
	if n := len(list.Communities) - len(founding); n < 25 || n > 35 {
		t.Errorf("%d further communities, want about 30", n)
	}
	for i, want := range founding {
		c := list.Communities[i]
		if !slices.Equal(c.Path, []string{want.name}) {
			t.Errorf("community %d = %q, want %q", i, c.Path, want.name)
		}
		if len(c.Sources) < want.sources {
			t.Errorf("%s has %d sources, want %d", want.name, len(c.Sources), want.sources)
		}
		if want.sources == 0 && (c.SiteURL == "" || len(c.Sources) > 0) {
			t.Errorf("%s: site %q and %d sources, want a site and none", want.name, c.SiteURL, len(c.Sources))
		}
	}
}

func TestDefaultListSpeaksFourLanguages(t *testing.T) {
	_, list := readDefault(t)
	languages := map[string]int{}
	seen := map[string]bool{}
	for _, c := range list.Communities {
		for _, s := range c.Sources {
			if key := caravan.SourceKey(s.URL); !seen[key] {
				primary, _, _ := strings.Cut(s.Language, "-")
				languages[primary]++
				seen[key] = true
			}
		}
	}
	for _, language := range []string{"en", "fr", "es", "pt"} {
		if languages[language] < 7 {
			t.Errorf("%d sources in %s, want at least 7", languages[language], language)
		}
	}
}

// An element is any element of an OPML file.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Words    string     `xml:",chardata"`
	Elements []element  `xml:",any"`
}

// says returns the value of an attribute.
func (e element) says(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func TestDefaultListIsValidOPML2(t *testing.T) {
	data, _ := readDefault(t)
	var opml element
	if err := xml.Unmarshal(data, &opml); err != nil {
		t.Fatal(err)
	}
	if opml.XMLName.Local != "opml" || opml.says("version") != "2.0" || len(opml.Elements) != 2 {
		t.Fatalf("root = %s version %s with %d elements", opml.XMLName.Local, opml.says("version"), len(opml.Elements))
	}
	head, body := opml.Elements[0], opml.Elements[1]
	if head.XMLName.Local != "head" || body.XMLName.Local != "body" || len(body.Elements) == 0 {
		t.Fatal("want <head> and a <body> with outlines")
	}
	heads := map[string]string{}
	for _, e := range head.Elements {
		heads[e.XMLName.Local] = strings.TrimSpace(e.Words)
	}
	if heads["title"] == "" || heads["docs"] != "http://opml.org/spec2.opml" {
		t.Errorf("head = %v, want a title and docs", heads)
	}
	if _, err := mail.ParseDate(heads["dateCreated"]); err != nil {
		t.Errorf("dateCreated: %v", err)
	}
	if created, _ := time.Parse(time.RFC1123, heads["dateCreated"]); created.Format(time.RFC1123) != heads["dateCreated"] {
		t.Errorf("dateCreated %s names the wrong day of the week", heads["dateCreated"])
	}
	for _, e := range body.Elements {
		checkOutline(t, e)
	}
	if strings.Contains(string(data), "<!--") {
		t.Error("the list holds comments; notes do not belong there")
	}
}

// checkOutline checks an outline, and those inside it, against OPML 2.0.
func checkOutline(t *testing.T, e element) {
	t.Helper()
	text := e.says("text")
	if e.XMLName.Local != "outline" || strings.TrimSpace(text) == "" || e.says("title") != text {
		t.Errorf("<%s> with text %q and title %q: want an outline with both, alike", e.XMLName.Local, text, e.says("title"))
	}
	isSource := e.says("xmlUrl") != ""
	if isSource != (e.says("type") == "rss") {
		t.Errorf("%s: type %q and xmlUrl %q do not fit", text, e.says("type"), e.says("xmlUrl"))
	}
	if isSource && (e.says("htmlUrl") == "" || e.says("language") == "" || len(e.Elements) > 0) {
		t.Errorf("source %s: want htmlUrl, language and nothing inside", text)
	}
	if !isSource && len(e.Elements) == 0 && e.says("htmlUrl") == "" {
		t.Errorf("%s holds nothing and has no site", text)
	}
	known := []string{"type", "text", "title", "xmlUrl", "htmlUrl", "language", "description"}
	for _, a := range e.Attrs {
		if !slices.Contains(known, a.Name.Local) || strings.TrimSpace(a.Value) == "" {
			t.Errorf("%s: attribute %s=%q, want one of %v with a value", text, a.Name.Local, a.Value, known)
		}
	}
	for _, inner := range e.Elements {
		checkOutline(t, inner)
	}
}

// TestDefaultListHoldsWhatIsKnown compares the list with what was gathered of
// each publication: only addresses of grade A or B, with their own site and
// language.
func TestDefaultListHoldsWhatIsKnown(t *testing.T) {
	known, err := os.ReadFile(filepath.Join(filepath.Dir(corpus(t)), "communities", "communities.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	type publication struct{ title, site, language, grade string }
	publications := map[string]publication{}
	for line := range strings.Lines(string(known)) {
		if f := strings.Split(line, "\t"); len(f) > 8 && f[4] != "" {
			publications[f[4]] = publication{title: f[1], site: f[3], language: f[5], grade: f[7]}
		}
	}
	_, list := readDefault(t)
	for _, c := range list.Communities {
		for _, s := range c.Sources {
			p := publications[s.URL]
			if p.grade != "A" && p.grade != "B" {
				t.Errorf("%s has grade %q, want A or B", s.URL, p.grade)
			}
			if s.Title != p.title || s.SiteURL != p.site || s.Language != p.language {
				t.Errorf("%s = %q %s %s, want %q %s %s", s.URL, s.Title, s.SiteURL, s.Language, p.title, p.site, p.language)
			}
		}
	}
}
