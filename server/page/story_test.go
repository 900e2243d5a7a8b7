package page

import (
	"strings"
	"testing"

	"caravan"
	"caravan/server/locale"
)

// everything is the article of the sample that has all there is.
func everything(t *testing.T) (StoryInput, Context) {
	t.Helper()
	p, c := sample(t, locale.English)
	for _, s := range p.AllStories() {
		if s.Head.Link == "https://odd.example/everything" {
			return StoryInput{Item: s.Head, Story: s, Source: s.Source}, c
		}
	}
	t.Fatal("the article is not in the sample")
	return StoryInput{}, c
}

func TestItemPageLeadsToTheOriginal(t *testing.T) {
	in, c := everything(t)
	v := c.Story(in)
	if v.Original != "https://odd.example/everything" || v.ReadAt != "Read the original at odd.example" || v.Canonical != v.Original || !v.NoIndex {
		t.Errorf("%q %q %q", v.Original, v.ReadAt, v.Canonical)
	}
	facts := map[string]string{}
	for _, f := range v.Facts {
		facts[f.Name] = f.Text
	}
	if facts["Licence"] != "CC BY 4.0" || facts["Revisions"] != "changed 2 times since it was first seen" || facts["Published"] != "27 Nov 2026, 12:00 UTC" || !strings.HasPrefix(facts["Stands at"], "25 November, when it was first seen") {
		t.Errorf("facts = %v", facts)
	}
	if v.When != "Wednesday 25 November 2026, 05:00" || v.Enclosures[0].Text != "audio/mpeg, 12 MB" {
		t.Errorf("%q %+v", v.When, v.Enclosures)
	}
	in.Item.Link = "javascript:alert(1)"
	if v := c.Story(in); v.Original != "" || v.NoIndex || v.Canonical != "https://planet.example/item/"+in.Item.ID { // S20
		t.Errorf("%q %q", v.Original, v.Canonical)
	}
}

func TestItemPageShowsWhatThePolicyAllows(t *testing.T) {
	in, c := everything(t)
	for _, test := range []struct {
		show    caravan.Show
		full    bool
		content string
		text    bool
		excerpt bool
		note    string
	}{
		{caravan.ShowFull, true, "<p>All.</p>", true, false, "Below is the article"},
		{"", false, "<p>Some.</p>", true, false, "Below is what the feed carries"},
		{caravan.ShowFull, false, "", false, true, "The feed carries no text"},
		{caravan.ShowExcerpt, true, "<p>All.</p>", false, true, "Only an excerpt"},
		{caravan.ShowTitle, true, "<p>All.</p>", false, false, "only titles"},
	} {
		in.Source.Settings.Show, in.Item.Full, in.Item.Content = test.show, test.full, test.content
		v := c.Story(in)
		if v.Content != "" != test.text || v.Excerpt != "" != test.excerpt || !strings.Contains(v.Note, test.note) {
			t.Errorf("%s full %v: content %q, excerpt %q, note %q", test.show, test.full, v.Content, v.Excerpt, v.Note)
		}
	}
}

func TestPicturesBecomeLinks(t *testing.T) { // S22
	_, c := sample(t, locale.English)
	for _, test := range []struct{ in, want string }{
		{"<p>No picture</p>", "<p>No picture</p>"},
		{
			`<p>a<img src="https://p.example/x.jpg?a=1&amp;b=2" alt="A &lt;b&gt;" loading="lazy">z</p>`,
			`<p>a<a class="picture" href="https://p.example/x.jpg?a=1&amp;b=2" rel="noopener noreferrer nofollow ugc">Picture: A &lt;b&gt;</a>z</p>`,
		},
		{`<a href="https://a.example/"><img src="https://p.example/x.jpg" alt=""></a><img src="https://p.example/y.jpg">`, `<a href="https://a.example/"><span>[Picture]</span></a><a class="picture" href="https://p.example/y.jpg" rel="noopener noreferrer nofollow ugc">Picture</a>`},
		{`<img src="javascript:alert(1)" alt="x">`, `<span>[Picture: x]</span>`},
	} {
		if got := c.dress(test.in, false); got != test.want {
			t.Errorf("dress(%s) = %s, want %s", test.in, got, test.want)
		}
	}
	in, c := everything(t)
	if v := c.Story(in); strings.Contains(string(v.Content), "<img") || !strings.Contains(v.Note, "Pictures are left") {
		t.Errorf("content = %s", v.Content)
	}
	in.Images = true
	if v := c.Story(in); !strings.Contains(string(v.Content), "<img") || strings.Contains(v.Note, "Pictures") {
		t.Errorf("content = %s", v.Content)
	}
}

func TestWideThingsScrollInTheirOwnBox(t *testing.T) { // S21
	_, c := sample(t, locale.English)
	for _, test := range []struct{ in, want string }{
		{"<h1>a</h1><h2>b</h2>", "<h2>a</h2><h2>b</h2>"},
		{"<pre><code>x</code></pre>", `<pre tabindex="0"><code>x</code></pre>`},
		{
			"<table><tr><td><table></table></td></tr></table>",
			`<div class="wide" tabindex="0" role="group" aria-label="Table"><table><tr><td><table></table></td></tr></table></div>`,
		},
		{`<p>a &lt;b&gt; &amp;<br/>c</p>`, `<p>a &lt;b&gt; &amp;<br/>c</p>`},
		{`<img src="https://p.example/x.jpg" loading="lazy">`, `<img src="https://p.example/x.jpg" loading="lazy">`},
	} {
		if got := c.dress(test.in, true); got != test.want {
			t.Errorf("dress(%s) = %s, want %s", test.in, got, test.want)
		}
	}
}

func TestAlsoPublishedAtFromEachMember(t *testing.T) {
	p, c := sample(t, locale.English)
	for _, s := range p.AllStories() {
		if len(s.AlsoAt) != 1 {
			continue
		}
		in := StoryInput{Item: s.Head, Story: s, Source: s.Source}
		if v := c.Story(in); len(v.Also) != 1 || v.Also[0].Href != s.AlsoAt[0].URL {
			t.Errorf("from the head: %+v", v.Also)
		}
		in.Item.ID = s.AlsoAt[0].ItemID
		if v := c.Story(in); len(v.Also) != 1 || v.Also[0].Href != s.Head.Link {
			t.Errorf("from the other member: %+v", v.Also)
		}
		return
	}
	t.Error("no story in two places in the sample")
}

func TestSimilarLeavesOutItself(t *testing.T) {
	p, c := sample(t, locale.English)
	all := p.AllStories()
	v := c.Story(StoryInput{Item: all[0].Head, Story: all[0], Source: all[0].Source, Similar: all[:3]})
	if len(v.Similar) != 2 || v.Similar[0].Href != "/item/"+all[1].ID || v.Similar[0].Badge != "AR" || v.Similar[0].Dir != "rtl" {
		t.Errorf("similar = %+v", v.Similar)
	}
}

func TestCitations(t *testing.T) {
	i := caravan.Item{
		ID: "abc", Title: "50 % of {forms} & \\more", Authors: []string{"Ada N.", "B_C"}, Link: "https://a.example/x", Language: "en-GB", SortAt: now,
	}
	s := caravan.Source{Title: "A\nB"}
	wantBib := "@online{abc,\n  author = {{Ada N.} and {B\\_C}},\n  title = {{50 \\% of \\{forms\\} \\& \\textbackslash{}more}},\n  organization = {A B},\n  date = {2026-11-25},\n  url = {https://a.example/x},\n  langid = {en},\n}\n"
	if got := BibTeX(i, s, "p"); got != wantBib {
		t.Errorf("BibTeX = %s", got)
	}
	wantRIS := "TY  - BLOG\r\nAU  - Ada N.\r\nAU  - B_C\r\nTI  - 50 % of {forms} & \\more\r\nT2  - A B\r\nPY  - 2026\r\nDA  - 2026/11/25\r\nUR  - https://a.example/x\r\nLA  - en\r\nID  - abc\r\nER  - \r\n"
	if got := RIS(i, s, "p"); got != wantRIS {
		t.Errorf("RIS = %q", got)
	}
	bare := caravan.Item{ID: "abc", Summary: "Some words.", Undated: true, SortAt: now}
	if got := BibTeX(bare, s, "https://p.example/item/abc"); strings.Contains(got, "date") || !strings.Contains(got, "url = {https://p.example/item/abc}") || !strings.Contains(got, "{{Some words.}}") {
		t.Errorf("BibTeX of little = %s", got)
	}
}

func TestLicenceNames(t *testing.T) {
	for address, want := range map[string]string{
		"https://creativecommons.org/licenses/by-sa/4.0/":      "CC BY-SA 4.0",
		"http://creativecommons.org/publicdomain/zero/1.0/":    "CC0",
		"https://creativecommons.org/":                         "Creative Commons",
		"https://www.nationalarchives.gov.uk/doc/open-licence": "nationalarchives.gov.uk",
	} {
		if got := licenceName(address); got != want {
			t.Errorf("licenceName(%s) = %q, want %q", address, got, want)
		}
	}
}

func TestSchemaSaysWhoAndWhen(t *testing.T) {
	in, c := everything(t)
	got := Schema(c.Story(in).Graph)
	if got["@type"] != "Article" || got["datePublished"] != "2026-11-25T05:00:00Z" || got["isBasedOn"] != "https://odd.example/everything" {
		t.Errorf("schema = %v", got)
	}
}
