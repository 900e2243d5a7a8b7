package feed

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// O09: addresses go out absolute and valid, or not at all.
func TestURI(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f"},
		{"https://a.example", "https://a.example"},
		{" https://a.example/a b ", "https://a.example/a%20b"},
		{"https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"},
		{"https://a.example/100%", "https://a.example/100%25"},
		{"https://a.example/%41%zz", "https://a.example/%41%25zz"},
		{"https://[2001:db8::1]:8080/x[1]", "https://[2001:db8::1]:8080/x%5B1%5D"},
		{"https://a.example/\"><script>", "https://a.example/%22%3E%3Cscript%3E"},
		{"HTTPS://A.example:8080/X", "https://a.example:8080/X"}, {"https://me:Secret@a.example/", "https://me:Secret@a.example/"},
		{"tag:a.example,2020:x", "tag:a.example,2020:x"},
		{"urn:uuid:1", "urn:uuid:1"},
		{"/relative", ""}, {"//a.example/x", ""}, {"http://", ""}, {"", ""}, {":x", ""}, {"1a:x", ""}, {"\x00", ""},
	} {
		if got := uri(test.in); got != test.want {
			t.Errorf("uri(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

// S20: links, pictures and enclosures are of the web.
func TestWebURI(t *testing.T) {
	for _, in := range []string{"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/", "mailto:a@b.example", "java\nscript:x"} {
		if got := webURI(in); got != "" {
			t.Errorf("webURI(%q) = %q, want nothing", in, got)
		}
	}
	if got := webURI("HTTPS://A.example/"); got != "https://a.example/" {
		t.Errorf("webURI of upper case = %q", got)
	}
}

func TestTag(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"en", "en"}, {"pt_BR", "pt-BR"}, {"PT-br", "pt-BR"}, {"", ""}, {"english", ""}, {"x-klingon", ""}, {"qaa", ""}, {"not a language", ""},
	} {
		if got := tag(test.in); got != test.want {
			t.Errorf("tag(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestMediaType(t *testing.T) {
	for _, test := range []struct {
		in   Enclosure
		want string
	}{
		{Enclosure{Type: "audio/mpeg; x=1"}, "audio/mpeg"},
		{Enclosure{URL: "https://a.example/x.MP3?y=1"}, "audio/mpeg"},
		{Enclosure{URL: "https://a.example/x", Type: "mp3"}, "application/octet-stream"},
	} {
		if got := mediaType(test.in); got != test.want {
			t.Errorf("mediaType(%+v) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestCutHTML(t *testing.T) {
	for _, test := range []struct {
		name, in string
		most     int
		want     string
	}{
		{"short is left alone", "<p>one two</p>", 100, "<p>one two</p>"},
		{"cut at a word and closed", "<div><p>one two three</p></div>", 28, "<div><p>one two…</p></div>"},
		{"an element that does not fit is left out", "<p>one <b>two</b></p>", 15, "<p>one </p>"},
		{"void elements stay open", "<p>one<br>two three four</p>", 24, "<p>one<br>two…</p>"},
		{"a reference is not cut in two", "<p>one &amp;&amp;&amp;&amp; two</p>", 20, "<p>one…</p>"},
		{"nothing fits", "<p>wonderful</p>", 4, ""},
	} {
		if got, cut := cutHTML(test.in, test.most); got != test.want || cut != (test.in != test.want) {
			t.Errorf("%s: cutHTML(%q, %d) = %q, %t, want %q", test.name, test.in, test.most, got, cut, test.want)
		}
	}
}

// FuzzCutHTML checks that what is cut is never longer than asked and balanced.
func FuzzCutHTML(f *testing.F) {
	f.Add("<div><p>one <b>two</b> &amp; three</p><ul><li>x</ul></div>", 30)
	f.Add("<p>é😀<img src=x>", 7)
	f.Fuzz(func(t *testing.T, s string, most int) {
		if most < 0 || most > 1<<20 {
			return
		}
		got, cut := cutHTML(s, most)
		if !cut && got != s || len(got) > most && cut {
			t.Fatalf("cutHTML(%q, %d) = %q, %t", s, most, got, cut)
		}
		if _, err := html.Parse(strings.NewReader(got)); err != nil {
			t.Fatal(err)
		}
	})
}

// Long content is cut with a link to the whole, in the language of the entry.
func TestLongContentLeadsOn(t *testing.T) {
	e := Entry{Link: "https://www.alpha.example/1", Language: "fr", Content: "<p>" + strings.Repeat("mot ", 40_000) + "</p>"}
	got := fullText(e)
	if len(got) > MaxContent+200 || !strings.HasSuffix(got, `…</p><p><a href="https://www.alpha.example/1">Lire la suite sur alpha.example</a></p>`) {
		t.Errorf("%d bytes, ending in %q", len(got), got[len(got)-120:])
	}
}

func TestEntriesWithoutContentSayWhereToRead(t *testing.T) {
	for _, test := range []struct{ language, want string }{
		{"en", "Read it at alpha.example"}, {"fr", "À lire sur alpha.example"}, {"es", "Para leer en alpha.example"}, {"pt-BR", "Para ler em alpha.example"}, {"ja", "Read it at alpha.example"},
	} {
		if got := shortText(Entry{Link: "https://www.alpha.example/1", Language: test.language}); got != "<p>"+test.want+"</p>" {
			t.Errorf("in %s: %s, want %s", test.language, got, test.want)
		}
	}
}
