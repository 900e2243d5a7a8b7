package canonical

import (
	"errors"
	"strings"
	"testing"
)

func TestTheRootIsFoundBehindWhatStandsBeforeIt(t *testing.T) {
	tests := []struct{ before, root, note string }{
		{"", `<rss>`, ""},
		{"\n ", `<rss>`, ""},
		{`<?xml version="1.0"?>`, `<feed>`, ""},
		{`<!-- <rss> -->`, `<rdf:RDF>`, ""},
		{`<!DOCTYPE rss [<!ENTITY a "<rss>">]>`, `<rss>`, ""},
		{`<![CDATA[<rss>]]>`, `<rss>`, ""},
		{`Warning: x`, `<rss>`, "line 1: text before the feed"},
		{`<br />`, `<rss version="2.0">`, "line 1: other elements before the feed"},
		{`<html><body>`, `<rdf:RDF>`, "line 1: other elements before the feed"},
		{`<div>`, `<feed xmlns="http://www.w3.org/2005/Atom">`, "line 1: other elements before the feed"},
		{`</rss>`, `<rss>`, ""},
		{`< 3`, `<rss>`, ""},
		{``, `<channel>`, ""},
		{``, `<entry xmlns="http://www.w3.org/2005/Atom">`, ""},
		{``, `<x:RSS>`, ""},
		{`<p>`, `<feed xmlns="http://purl.org/atom/ns#">`, "line 1: other elements before the feed"},
		{``, `<FEED>`, ""},
	}
	for _, test := range tests {
		src := []byte(test.before + test.root + "<title>")
		p := &Problems{Text: src}
		at, err := FindRoot(src, p)
		told := strings.Join(p.Texts(), "; ")
		if err != nil || at != len(test.before) || told != test.note {
			t.Errorf("FindRoot(%q) = %d, %v, %q, want %d, %q", src, at, err, told, len(test.before), test.note)
		}
	}
}

func TestWhatIsNoFeedIsDescribed(t *testing.T) {
	for in, want := range map[string]string{
		"":           "an empty body",
		" \n":        "an empty body",
		"hello":      "text that is neither XML nor JSON",
		"< 3":        "text that is neither XML nor JSON",
		"<!-- x -->": "text that is neither XML nor JSON",
		"<html><head><title> A &amp; <b>B</b> </title>": "a web page, “A & B”",
		"<html>":                  "a web page",
		"<HTML><TITLE>x</TITLE>":  "a web page, “x”",
		"<html><title>x":          "a web page",
		"<html><title></title>":   "a web page",
		"<html><titles>x</title>": "a web page, “x”",
		"<head>":                  "a web page",
		"<body>":                  "a web page",
		"<div>":                   "a web page",
		"<script>":                "a web page",
		"<p>":                     "a web page",
		"<meta>":                  "a web page",
		"<title>x</title>":        "a web page, “x”",
		"<h1>":                    "a web page",
		"<center>":                "a web page",
		"<br>":                    "a web page",
		"<urlset>":                "a sitemap",
		"<sitemapindex>":          "a sitemap",
		"<opml>":                  "an OPML list",
		"<error>":                 "an error message in XML",
		"<Note><rss>":             "XML whose root element is <note>",
		"<x:y>":                   "XML whose root element is <x:y>",
		"<a><feed>":               "XML whose root element is <a>",
		"<a><channel>":            "XML whose root element is <a>",
		"<a><entry xmlns='http://www.w3.org/2005/Atom'>": "XML whose root element is <a>",
		"<entry>":                           "XML whose root element is <entry>",
		"<" + strings.Repeat("a", 99) + ">": "XML whose root element is <" + strings.Repeat("a", 60) + ">",
		"<html><title>" + strings.Repeat("a", 200) + "</title>":     "a web page, “" + strings.Repeat("a", 100) + "”",
		"<html>" + strings.Repeat(" ", 40<<10) + "<title>x</title>": "a web page",
	} {
		_, err := FindRoot([]byte(in), &Problems{})
		if !errors.Is(err, ErrNotFeed) || err.Error() != want+": not a feed" {
			t.Errorf("FindRoot(%.60q): %v, want %s", in, err, want)
		}
	}
}

func TestTheFirstCharacterIsPutBack(t *testing.T) {
	for in, want := range map[string]string{
		`?xml version="1.0"?><rss>`: "<",
		"rss version='2.0'>":        "<",
		"feed xmlns='x'>":           "<",
		"rdf:RDF xmlns='x'>":        "<",
		"<rss>":                     "",
		"rssx":                      "",
		"text":                      "",
		"":                          "",
		" rss ":                     "",
	} {
		p := &Problems{}
		if got := string(RestoreLess([]byte(in), p)); got != want+in || (len(p.Texts()) == 1) != (want != "") {
			t.Errorf("RestoreLess(%q) = %q, %q", in, got, p.Texts())
		}
	}
}
