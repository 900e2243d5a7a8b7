package markup

import (
	"fmt"
	"strings"
	"testing"

	"caravan/fetcher/document/limits"
)

// show writes a tag as the scanner understood it.
func show(t *Tag) string {
	var b strings.Builder
	if t.Closing {
		b.WriteByte('/')
	}
	b.Write(t.Name)
	for _, a := range t.Attrs {
		fmt.Fprintf(&b, " %s=[%s]", a.Name, a.Value)
	}
	if t.Empty {
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
		var got Tag
		ok := ReadTag([]byte(test.in), 0, &got)
		if ok != (test.want != "") || ok && show(&got) != test.want {
			t.Errorf("ReadTag(%q) = %q %v, want %q", test.in, show(&got), ok, test.want)
		}
		if rest := test.in[got.End:]; rest != test.rest {
			t.Errorf("ReadTag(%q) leaves %q, want %q", test.in, rest, test.rest)
		}
	}
}

func TestAttributesOfATagAreBounded(t *testing.T) { // S13
	var got Tag
	var distinct strings.Builder
	for i := range 10 * limits.Attributes {
		fmt.Fprintf(&distinct, `a%d="%d" `, i, i)
	}
	if !ReadTag([]byte("<a "+distinct.String()+">"), 0, &got) || len(got.Attrs) != limits.Attributes {
		t.Errorf("%d attributes, want %d", len(got.Attrs), limits.Attributes)
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
		var got Tag
		if !ReadTag([]byte(test.in), 0, &got) || string(got.Get(test.name)) != test.want {
			t.Errorf("%s of %s = %q, want %q", test.name, test.in, got.Get(test.name), test.want)
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
		s := Seeker{Src: []byte(test.in)}
		next, closed, ok := s.Skip(0)
		if rest := test.in[next:]; rest != test.rest || closed != test.closed || ok != test.ok {
			t.Errorf("Skip(%q) leaves %q, %v, %v, want %q, %v, %v", test.in, rest, closed, ok, test.rest, test.closed, test.ok)
		}
	}
}

func TestASeekerRemembersWhereAnEndStands(t *testing.T) {
	s := Seeker{Src: []byte("..-->..-->..")}
	for _, test := range []struct{ from, want int }{{1, 2}, {2, 2}, {3, 7}, {1, 2}, {8, -1}, {9, -1}, {1, 2}, {0, 2}} {
		if got := s.Index(Comment, test.from); got != test.want {
			t.Errorf("index from %d = %d, want %d", test.from, got, test.want)
		}
	}
	if got := s.Index(Section, 1); got != -1 {
		t.Errorf("index of another kind = %d, want none", got)
	}
}
