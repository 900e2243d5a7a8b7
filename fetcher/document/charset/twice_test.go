package charset

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// twice returns s as a program writes it that takes UTF-8 for Latin-1, or for
// windows-1252 where older says so.
func twice(s string, older *charmap.Charmap) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		r := rune(c)
		if older != nil {
			if d := older.DecodeByte(c); d != utf8.RuneError {
				r = d
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestTextEncodedTwiceIsReadAsItWasMeant(t *testing.T) {
	for _, meant := range []string{
		"é à ü",
		"Ännu – “så” är det",
		"l’été, où l’œuvre coûte 5 €",
		"Привет, мир",
		"日本語のフィード",
		"a 😀 b 😀 c 😀",
		"Ελληνικά",
		"no-break\u00a0space\u00a0and\u00a0é",
		"\u00a0\u00bf\u00c0\u00ff",
		"\u07ff\u0800\uffee\U00010000",
	} {
		for name, older := range map[string]*charmap.Charmap{"Latin-1": nil, "windows-1252": charmap.Windows1252} {
			wrong := []byte(twice(meant, older))
			if !EncodedTwice(wrong) {
				t.Errorf("EncodedTwice(%q) = false, by way of %s of %q", wrong, name, meant)
				continue
			}
			if got := string(DecodeTwice(wrong)); got != meant {
				t.Errorf("DecodeTwice(%q) = %q, want %q", wrong, got, meant)
			}
		}
	}
}

func TestTextIsLeftAloneWhereThereIsDoubt(t *testing.T) {
	tests := []struct{ name, in string }{
		{"nothing", ""},
		{"ASCII alone", "plain text"},
		{"too few to tell", "Â© 2026, Â£5"},
		{"text as it should be", "é à ü"},
		{"one character that is right", "Ã© Ã¨ Ã¼ ’"},
		{"one that is right, first", "’ Ã© Ã¨ Ã¼"},
		{"an article on the fault, with what was meant", "“Ã©” for “é”, “Ã¨” for “è”, “â€™” for “’”"},
		{"Portuguese capitals", "NÃO, AÇÃO, IRMÃ Ã Ã"},
		{"French quotation marks", "« a », « b », « c »"},
		{"degrees and ordinals", "20° 1ª 2º"},
		{"a lead without what follows", "Ã© Ã¨ Ã"},
		{"what follows without a lead", "Ã© Ã¨ ©Ã"},
		{"a sequence that is too long for its character", "Ã© Ã¨ Ã¼ Àå"},
		{"half a pair of UTF-16", "Ã© Ã¨ Ã¼ í\u00a0\u0080"},
		{"a control character would be meant", "Ã© Ã¨ Ã¼ Â\u0085"},
		{"a character that windows-1252 does not have", "Ã© Ã¨ Ã¼ ж"},
		{"the replacement character", "Ã© Ã¨ Ã¼ \uFFFD"},
		{"Cyrillic", "Привет"},
		{"Japanese", "日本語"},
		{"Vietnamese", "Thành phố đã mở dữ liệu"},
	}
	for _, test := range tests {
		if EncodedTwice([]byte(test.in)) {
			t.Errorf("%s: EncodedTwice(%q) = true, read as %q", test.name, test.in, DecodeTwice([]byte(test.in)))
		}
	}
}

func TestAMarkThatWasEncodedTwiceGoes(t *testing.T) {
	if got := string(DecodeTwice([]byte("ï»¿<a>Ã© Ã¨ Ã¼</a>"))); got != "<a>é è ü</a>" {
		t.Errorf("DecodeTwice = %q", got)
	}
}

// FuzzEncodedTwice checks both directions: what is encoded once more is known
// for it and comes back, and what is decoded was encoded twice indeed.
func FuzzEncodedTwice(f *testing.F) {
	for _, seed := range []string{"é à ü", "Ã© Ã¨ Ã¼", "’’’", "日本語", "\u0080\u0080\u0080", "a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if EncodedTwice([]byte(s)) {
			meant := DecodeTwice([]byte(s))
			if !utf8.Valid(meant) || len(meant) >= len(s) {
				t.Errorf("DecodeTwice(%q) = %q", s, meant)
			}
		}
		meant, beyond := string(Clean([]byte(strings.ToValidUTF8(s, "")))), 0
		for _, r := range meant {
			if r >= 0x80 && r < 0xA0 || r == utf8.RuneError {
				return
			}
			if r >= 0x80 {
				beyond++
			}
		}
		if beyond < fewestTwice {
			return
		}
		wrong := []byte(twice(meant, charmap.Windows1252))
		if !EncodedTwice(wrong) || string(DecodeTwice(wrong)) != meant {
			t.Errorf("%q, encoded twice %q, is read as %q", meant, wrong, DecodeTwice(wrong))
		}
	})
}

func TestWhatWasEncodedOnceStaysBesideIt(t *testing.T) {
	const in, want = "“Ã©” and é, “â€™” and ’, Ã", "“é” and é, “’” and ’, Ã"
	if got := string(DecodeTwice([]byte(in))); got != want {
		t.Errorf("DecodeTwice(%q) = %q, want %q", in, got, want)
	}
}
