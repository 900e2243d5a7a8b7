package markup

import (
	"strings"
	"testing"
)

func TestReferencesAreDecodedOnce(t *testing.T) {
	tests := []struct {
		in, want string
		illegal  int
	}{
		{"a", "a", 0},
		{"&amp;&lt;&gt;&quot;&apos;", `&<>"'`, 0},
		{"&amp;amp;", "&amp;", 0},
		{"&nbsp;", "\u00a0", 0},
		{"&hellip;&rarr;&CounterClockwiseContourIntegral;", "…→∳", 0},
		{"&#65;&#x41;&#X41;", "AAA", 0},
		{"&#150;", "–", 0},
		{"&#129;", "\uFFFD", 0},
		{"&#0;&#1;&#x1F;&#xFFFF;&#xD800;", "", 5},
		{"&#x110000;", "", 1},
		{"&copy=2;", "&copy=2;", 0},
		{"&notit;", "&notit;", 0},
		{"&copy", "&copy", 0},
		{"& &;&#;&#x;", "& &;&#;&#x;", 0},
		{"&" + strings.Repeat("a", 100) + ";", "&" + strings.Repeat("a", 100) + ";", 0},
	}
	for _, test := range tests {
		got, illegal := AppendDecoded(nil, []byte(test.in))
		if string(got) != test.want || illegal != test.illegal {
			t.Errorf("AppendDecoded(%q) = %q %d, want %q %d", test.in, got, illegal, test.want, test.illegal)
		}
	}
}
