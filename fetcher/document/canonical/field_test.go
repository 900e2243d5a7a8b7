package canonical

import (
	"strings"
	"testing"
)

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
