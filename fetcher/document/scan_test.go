package document

import (
	"fmt"
	"strings"
	"testing"
)

// show writes a tag as the scanner understood it.
func show(t *tag) string {
	var b strings.Builder
	if t.closing {
		b.WriteByte('/')
	}
	b.Write(t.name)
	for _, a := range t.attrs {
		fmt.Fprintf(&b, " %s=[%s]", a.name, a.value)
	}
	if t.empty {
		b.WriteString(" /")
	}
	return b.String()
}

func TestTagsAreReadAsPublishersWriteThem(t *testing.T) {
	tests := []struct {
		in   string
		want string // the tag; empty when it is text
		rest string // what reading goes on with
	}{
		{`<a>x`, `a`, `x`},
		{`<a/>x`, `a /`, `x`},
		{`<a />x`, `a /`, `x`},
		{`</a>x`, `/a`, `x`},
		{`</a >x`, `/a`, `x`},
		{`</a <b>`, `/a`, `<b>`},
		{`</a<b>`, `/a`, `<b>`},
		{`<x:a-b.c_1>`, `x:a-b.c_1`, ``},
		{`<é>`, `é`, ``},
		{`<a b="c">`, `a b=[c]`, ``},
		{`<a b='c' d="e">`, `a b=[c] d=[e]`, ``},
		{`<a b = "c">`, `a b=[c]`, ``},
		{`<a b=c d=e>`, `a b=[c] d=[e]`, ``},
		{`<a b=http://x/y/>z`, `a b=[http://x/y] /`, `z`},
		{`<a b="c"d="e">`, `a b=[c] d=[e]`, ``},
		{`<a b>`, `a b=[]`, ``},
		{`<a b="">`, `a b=[]`, ``},
		{`<a b=>x`, `a b=[]`, `x`},
		{`<a b="1" b="2">`, `a b=[1]`, ``},
		{"<a\n\tb='1'\r\n>", `a b=[1]`, ``},
		{`<a b="x > y">`, `a b=[x > y]`, ``},
		{`<a b="x < y">`, `a b=[x < y]`, ``},
		{`<a b="<i>">`, `a b=[<i>]`, ``},
		{`<a b="it's">`, `a b=[it's]`, ``},
		{`<a b="open>x</a>`, `a b=[open]`, `x</a>`},
		{`<a "b">`, `a b"=[]`, ``},
		{`< a>`, ``, ` a>`},
		{`<3`, ``, `3`},
		{`<>`, ``, `>`},
		{`</>`, ``, `>`},
		{`<a@b.c>`, ``, `@b.c>`},
		{`<a b <c>`, ``, `<c>`},
		{`<a b="x <c>`, ``, `<c>`},
		{`<a`, ``, ``},
		{`<a b`, ``, ``},
		{`<a b="c`, ``, ``},
		{`</a`, ``, ``},
		{`<`, ``, ``},
	}
	for _, test := range tests {
		var got tag
		ok := readTag([]byte(test.in), 0, &got)
		if ok != (test.want != "") || ok && show(&got) != test.want {
			t.Errorf("readTag(%q) = %q %v, want %q", test.in, show(&got), ok, test.want)
		}
		if rest := test.in[got.end:]; rest != test.rest {
			t.Errorf("readTag(%q) leaves %q, want %q", test.in, rest, test.rest)
		}
	}
}

func TestAttributesOfATagAreBounded(t *testing.T) { // S13
	var got tag
	if !readTag([]byte("<a "+distinct(10*maxAttributes)+">"), 0, &got) || len(got.attrs) != maxAttributes {
		t.Errorf("%d attributes, want %d", len(got.attrs), maxAttributes)
	}
}

func TestAnAttributeWithoutPrefixComesFirst(t *testing.T) {
	tests := []struct{ in, name, want string }{
		{`<a x:href="1" href="2">`, "href", "2"},
		{`<a x:href="1">`, "href", "1"},
		{`<a HREF="1">`, "href", "1"},
		{`<a b="1">`, "href", ""},
	}
	for _, test := range tests {
		var got tag
		if !readTag([]byte(test.in), 0, &got) || string(got.get(test.name)) != test.want {
			t.Errorf("%s of %s = %q, want %q", test.name, test.in, got.get(test.name), test.want)
		}
	}
}

func TestWhatIsNeitherTextNorTagIsPassedOver(t *testing.T) {
	tests := []struct {
		in     string
		rest   string
		closed bool
		ok     bool
	}{
		{`<!-- a > b -->x`, `x`, true, true},
		{`<!-->x`, `x`, false, true},
		{`<!-- a <b> c`, ` c`, false, true},
		{`<?xml version="1.0"?>x`, `x`, true, true},
		{`<?php echo 1 ?>x`, `x`, true, true},
		{`<?xml>x`, `x`, false, true},
		{`<![CDATA[a > b]]>x`, `x`, true, true},
		{`<![CDATA[a > b`, ` b`, false, true},
		{`<!DOCTYPE rss>x`, `x`, true, true},
		{`<!doctype rss SYSTEM "a>b" [<!ENTITY c "d>"> <!-- e > --> ]>x`, `x`, true, true},
		{`<!DOCTYPE rss [ <!-- ]><a>x`, `<a>x`, false, true},
		{`<!ELEMENT a>x`, `x`, true, true},
		{`<![if IE]>x`, `x`, true, true},
		{`<!x <a>`, `<!x <a>`, false, false},
		{`<a>`, `<a>`, false, false},
		{`<`, `<`, false, false},
	}
	for _, test := range tests {
		s := seeker{src: []byte(test.in)}
		next, closed, ok := s.skip(0)
		if rest := test.in[next:]; rest != test.rest || closed != test.closed || ok != test.ok {
			t.Errorf("skip(%q) leaves %q, %v, %v, want %q, %v, %v", test.in, rest, closed, ok, test.rest, test.closed, test.ok)
		}
	}
}

func TestASeekerRemembersWhereAnEndStands(t *testing.T) {
	s := seeker{src: []byte("..-->..-->..")}
	for _, test := range []struct{ from, want int }{{1, 2}, {2, 2}, {3, 7}, {1, 2}, {8, -1}, {9, -1}, {1, 2}, {0, 2}} {
		if got := s.index(comment, test.from); got != test.want {
			t.Errorf("index from %d = %d, want %d", test.from, got, test.want)
		}
	}
	if got := s.index(section, 1); got != -1 {
		t.Errorf("index of another kind = %d, want none", got)
	}
}

func TestUnclosedCDATAEndsWithItsElement(t *testing.T) {
	tests := []struct {
		name string
		body string // behind "<![CDATA[" in <title>
		want string // what the section holds; empty when it is closed
	}{
		{"closed", `a]]></title><link>`, ``},
		{"closed, more text behind", `a]]> b</title>`, ``},
		{"an end tag inside, closed", `a</title>b]]></title>`, ``},
		{"no end at all", `a</title><link>x`, `a`},
		{"no end and no end tag", `a<link>x`, ``},
		{"another section behind", `a</title><link><![CDATA[x]]></link>`, `a`},
		{"another element ends behind", `a</title><link>x]]></link>`, `a`},
		{"in other case", `a</TITLE><link>x`, `a`},
	}
	for _, test := range tests {
		end := unclosedCDATA([]byte(test.body), strings.Index(test.body, "]]>"), []byte("title"))
		if got := test.body[:max(end, 0)]; got != test.want {
			t.Errorf("%s: holds %q, want %q", test.name, got, test.want)
		}
	}
}
