package markup

import (
	"strings"
	"testing"
)

func TestNamesAreComparedWithoutCase(t *testing.T) {
	for _, test := range []struct {
		in, name string
		want     bool
	}{
		{"rss", "rss", true},
		{"RSS", "rss", true},
		{"rsS", "rss", true},
		{"rs", "rss", false},
		{"rsss", "rss", false},
		{"", "", true},
		{"r[s", "r{s", false},
		{"r@s", "r`s", false},
		{"AZ", "az", true},
		{"a1", "a1", true},
		{"é", "é", true},
	} {
		if got := EqualFold([]byte(test.in), test.name); got != test.want {
			t.Errorf("EqualFold(%q, %q) = %v, want %v", test.in, test.name, got, test.want)
		}
	}
	for in, want := range map[string][2]string{
		"a":     {"", "a"},
		"a:b":   {"a", "b"},
		":b":    {"", "b"},
		"a:":    {"a", ""},
		"a:b:c": {"a", "b:c"},
		"":      {"", ""},
	} {
		if prefix, local := SplitName([]byte(in)); string(prefix) != want[0] || string(local) != want[1] {
			t.Errorf("SplitName(%q) = %q %q, want %q", in, prefix, local, want)
		}
	}
	if got := LowerName([]byte("LastBuildDate")); got != "lastbuilddate" {
		t.Errorf("LowerName = %q", got)
	}
}

func TestAnEndTagIsFoundByItsName(t *testing.T) {
	for _, test := range []struct {
		in, name string
		want     int
	}{
		{"a</b>", "b", 1},
		{"a</B>", "b", 1},
		{"a</bb></b>", "b", 6},
		{"a</b", "b", -1},
		{"a</b ", "b", 1},
		{"a</b:c></b>", "b", 7},
		{"<b>", "b", -1},
		{"", "b", -1},
		{"</</b>", "b", 2},
		{"</b>", "b", 0},
		{"</a></b>", "b", 4},
		{"<//b></b>", "b", 5},
	} {
		if got := IndexEndTag([]byte(test.in), []byte(test.name)); got != test.want {
			t.Errorf("IndexEndTag(%q, %q) = %d, want %d", test.in, test.name, got, test.want)
		}
	}
}

func TestATagIsReadAfresh(t *testing.T) {
	var tag Tag
	for _, test := range []struct{ in, want string }{
		{`<a b="1"/>`, `a b=[1] /`},
		{`</c>`, `/c`},
		{`<d e>`, `d e=[]`},
		{`<f>`, `f`},
		{`</g x="1">`, `/g`},
		{`<h/>`, `h /`},
		{`<i>`, `i`},
	} {
		in := "xx" + test.in + "yy"
		if !ReadTag([]byte(in), 2, &tag) || show(&tag) != test.want || tag.Start != 2 || in[tag.End:] != "yy" {
			t.Errorf("ReadTag(%q) = %s at %d to %d, want %s", in, show(&tag), tag.Start, tag.End, test.want)
		}
	}
}

func TestBrokenAttributesLoseTheirTagAlone(t *testing.T) {
	for _, test := range []struct{ in, want, rest string }{
		{`<a b='x>y</a>`, `a b=[x]`, `y</a>`},
		{`<a b="x/>y`, `a b=[x] /`, `y`},
		{`<a b="x"/>y`, `a b=[x] /`, `y`},
		{`<a b="x" / >y`, `a b=[x]`, `y`},
		{`<a b=x/y>z`, `a b=[x/y]`, `z`},
		{`<a b=x/>z`, `a b=[x] /`, `z`},
		{`<a b=/>z`, `a b=[] /`, `z`},
		{`<a ' b=c>z`, `a b=[c]`, `z`},
		{`<a = b=c>z`, `a b=[c]`, `z`},
		{`<a b=c"d>z`, `a b=[c"d]`, `z`},
		{`<a b="c<d" e="f">z`, `a b=[c<d] e=[f]`, `z`},
		{`<a b="c<d"/>z`, `a b=[c<d] /`, `z`},
		{`<a b="c<d"e>z`, ``, `<d"e>z`},
		{`<a b="c`, ``, ``},
		{`<a b=`, ``, ``},
		{`<a b=c`, ``, ``},
		{`<a b=c<d>`, ``, `<d>`},
		{`<a b<c>`, ``, `<c>`},
		{`<a/b>z`, `a b=[]`, `z`},
		{`<a x:b="1">z`, `a x:b=[1]`, `z`},
		{`<a b="">z`, `a b=[]`, `z`},
		{`<a b='"'>z`, `a b=["]`, `z`},
		{"<a\nb\n=\n'c'\n>z", `a b=[c]`, `z`},
		{`</a`, ``, ``},
		{`</a b`, ``, ``},
		{`</a >z`, `/a`, `z`},
		{`</a<b>`, `/a`, `<b>`},
		{`<a.b-c:d_e1>z`, `a.b-c:d_e1`, `z`},
		{`<_a>z`, `_a`, `z`},
		{`<-a>z`, ``, `-a>z`},
		{`<1>z`, ``, `1>z`},
		{`<a;b>z`, ``, `;b>z`},
		{`<z9>x`, `z9`, `x`},
		{`<Az>x`, `Az`, `x`},
	} {
		var tag Tag
		ok := ReadTag([]byte(test.in), 0, &tag)
		if ok != (test.want != "") || ok && show(&tag) != test.want || test.in[tag.End:] != test.rest {
			t.Errorf("ReadTag(%q) = %q %v, leaves %q, want %q and %q", test.in, show(&tag), ok, test.in[tag.End:], test.want, test.rest)
		}
	}
}

func TestTheFirstValueOfAPrefixCountsWhereThereIsNoOther(t *testing.T) {
	var tag Tag
	if !ReadTag([]byte(`<a x:b="1" y:b="2" c="3">`), 0, &tag) || string(tag.Get("b")) != "1" || string(tag.Get("c")) != "3" || tag.Get("d") != nil {
		t.Errorf("b=%q c=%q d=%q", tag.Get("b"), tag.Get("c"), tag.Get("d"))
	}
}

func TestDocumentTypesAreSkippedWithAllInThem(t *testing.T) { // XML 1.0, 2.8
	for _, test := range []struct {
		in, rest string
		closed   bool
	}{
		{`<!DOCTYPE a>x`, `x`, true},
		{`<!DOCTYPE a [<!ENTITY b "c">]>x`, `x`, true},
		{`<!DOCTYPE a "b>c">x`, `x`, true},
		{`<!DOCTYPE a 'b>c'>x`, `x`, true},
		{`<!DOCTYPE a [<!-- > -->]>x`, `x`, true},
		{`<!DOCTYPE a [<!-- " --><!ENTITY b '"'>]>x`, `x`, true},
		{`<!DOCTYPE a [<!ELEMENT b (c)><!ATTLIST b d CDATA "e">]>x`, `x`, true},
		{`<!DOCTYPE a "b>x`, `x`, true},
		{`<!DOCTYPE a [<b>x`, `x`, false},
		{`<!DOCTYPE a [<!-- >x`, `x`, false},
		{`<!DOCTYPE a`, ``, false},
		{`<!DOCTYPE`, `<!DOCTYPE`, false},
		{`<!DocType a>x`, `x`, true},
	} {
		s := Seeker{Src: []byte(test.in)}
		next, closed, _ := s.Skip(0)
		if test.in[next:] != test.rest || closed != test.closed {
			t.Errorf("Skip(%q) leaves %q, %v, want %q, %v", test.in, test.in[next:], closed, test.rest, test.closed)
		}
	}
}

func TestAfterAnOpenDocumentTypeNoOtherIsLookedThrough(t *testing.T) { // S14
	in := `<!DOCTYPE [<a>` + `<!DOCTYPE [">"]>x`
	s := Seeker{Src: []byte(in)}
	next, closed, ok := s.Skip(0)
	if in[next:] != `<!DOCTYPE [">"]>x` || closed || !ok {
		t.Fatalf("the first leaves %q, %v, %v", in[next:], closed, ok)
	}
	if next, closed, ok = s.Skip(next); in[next:] != `"]>x` || closed || !ok {
		t.Errorf("the second leaves %q, %v, %v", in[next:], closed, ok)
	}
}

func TestASeekerFindsEveryEndFromEverywhere(t *testing.T) {
	src := strings.Repeat("a-->b?>c]]>", 3) + "d"
	for kind, end := range []string{"-->", "?>", "]]>"} {
		shared := Seeker{Src: []byte(src)}
		for _, step := range []int{1, 5, 3} {
			for i := 0; i <= len(src); i += step {
				want := strings.Index(src[i:], end)
				if want >= 0 {
					want += i
				}
				if got := shared.Index(kind, i); got != want {
					t.Errorf("the next %q from %d is at %d, want %d", end, i, got, want)
				}
			}
		}
	}
}
