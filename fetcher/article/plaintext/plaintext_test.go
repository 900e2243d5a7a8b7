package plaintext

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// build writes parts one after the other; "|" stands for the end of a block.
func build(limit int, parts ...string) string {
	b := NewBuilder(0, limit)
	for _, p := range parts {
		if p == "|" {
			b.Gap(Newline)
			continue
		}
		b.Write([]byte(p))
	}
	return b.String()
}

func TestRunsOfWhiteSpaceAreOneAndBlocksHaveLines(t *testing.T) {
	tests := []struct {
		parts []string
		want  string
	}{
		{nil, ""},
		{[]string{"a"}, "a"},
		{[]string{"a", "b"}, "ab"},
		{[]string{"a ", " b"}, "a b"},
		{[]string{" \n\t a\r\f b "}, "a b"},
		{[]string{"a", "|", "b"}, "a\nb"},
		{[]string{"a ", "|", " b"}, "a\nb"},
		{[]string{"|", "a", "|", "|", "b", "|"}, "a\nb"},
		{[]string{"a\u00a0b"}, "a b"},
		{[]string{"a\u2003\u3000b"}, "a b"},
		{[]string{"a\u200bb"}, "a b"},
		{[]string{"a\u00adb\u2060c\ufeffd"}, "abcd"},
		{[]string{"a\x00b\x1f\x7fc"}, "abc"},
		{[]string{"a\u0085b"}, "a b"},
		{[]string{"a\u0080b\u009f"}, "ab"},
		{[]string{"a\ufdd0b\uffffc"}, "abc"},
		{[]string{"e\u0301"}, "é"},
		{[]string{"e", "\u0301"}, "é"},
		{[]string{"é"}, "é"},
		{[]string{"\u212b"}, "Å"},
		{[]string{"日本", "語"}, "日本語"},
		{[]string{"가"}, "가"},
		{[]string{"\u1100\u1161"}, "가"},
		{[]string{"…", "Привет"}, "…Привет"},
		{[]string{"\u0958"}, "\u0915\u093c"},
	}
	for _, test := range tests {
		if got := build(0, test.parts...); got != test.want {
			t.Errorf("%q become %q, want %q", test.parts, got, test.want)
		}
	}
}

func TestNoWordIsBegunBeyondTheLimit(t *testing.T) {
	for limit, want := range map[int]string{
		0:   "aaa bbb ccc ddd",
		1:   "aaa",
		3:   "aaa bbb",
		7:   "aaa bbb ccc",
		100: "aaa bbb ccc ddd",
	} {
		if got := build(limit, "aaa", " bbb", " ccc", " ddd"); got != want {
			t.Errorf("at most about %d: %q, want %q", limit, got, want)
		}
	}
}

func TestWordsAreSetApartOnDemand(t *testing.T) {
	yes, no := func([]byte) bool { return true }, func([]byte) bool { return false }
	for _, test := range []struct {
		from   int
		wanted func([]byte) bool
		want   string
	}{
		{1, yes, "a\nread more"},
		{1, no, "a read more"},
		{0, yes, "a read more"},
		{2, yes, "a read more"},
		{99, yes, "a read more"},
	} {
		b := NewBuilder(8, 0)
		b.Write([]byte("a read more"))
		b.SetApart(test.from, test.wanted)
		if got := b.String(); got != test.want || b.Len() != len(test.want) {
			t.Errorf("set apart from %d: %q, want %q", test.from, got, test.want)
		}
	}
	b := NewBuilder(8, 0)
	b.Write([]byte("a read"))
	b.SetApart(1, func(words []byte) bool {
		if string(words) != "read" {
			t.Errorf("asked about %q", words)
		}
		return false
	})
}

func TestOnlyTextThatMayComposeIsComposed(t *testing.T) {
	for in, want := range map[string]bool{
		"abc":     false,
		"é":       false,
		"e\u0301": true,
		"日本":      false,
		"Привет":  false,
		"가":       false,
		"… “x”":   false,
		"😀":       false,
		"שלום":    false,
		"سلام":    false,
		"\u0387":  true,
		"\u1e00":  true,
		"\u3099":  true,
		"\u2126":  true,
	} {
		b := NewBuilder(0, 0)
		b.Write([]byte(in))
		if got := b.Composes(); got != want {
			t.Errorf("%q may compose: %v, want %v", in, got, want)
		}
	}
}

func TestALineIsCutBetweenCharacters(t *testing.T) { // S13
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"", 5, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc…"},
		{"été", 3, "été"},
		{"étés", 3, "été…"},
		{" a\nb ", 9, "a b"},
		{"日本語", 2, "日本…"},
		{"abe\u0301", 3, "abé"},
		{"ab\u0915\u093c\u0937", 3, "ab…"[:2] + "\u0915…"},
		{"a\u200db", 2, "a…"},
		{"\xffa", 5, "\uFFFDa"},
		{"ab c", 3, "ab …"},
	}
	for _, test := range tests {
		if got := Line(test.in, test.limit); got != test.want {
			t.Errorf("Line(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
	if got := Line(strings.Repeat("é", 1<<20), 10); got != strings.Repeat("é", 10)+"…" {
		t.Errorf("a long line becomes %q", got)
	}
}

func TestDirectionsAreClosed(t *testing.T) { // S39
	for in, want := range map[string]string{
		"a":                   "a",
		"\u202aa":             "\u202aa\u202c",
		"\u202ba":             "\u202ba\u202c",
		"\u202da":             "\u202da\u202c",
		"\u202ea":             "\u202ea\u202c",
		"\u2066a":             "\u2066a\u2069",
		"\u2067a":             "\u2067a\u2069",
		"\u2068a":             "\u2068a\u2069",
		"\u202ea\u202c":       "\u202ea\u202c",
		"\u2066a\u2069":       "\u2066a\u2069",
		"a\u202c":             "a",
		"a\u2069":             "a",
		"\u202c a":            "a",
		"a \u2069":            "a",
		"a \u2069 b":          "a b",
		"e\u202c\u0301":       "\u00e9",
		"\u202ea\u2069":       "\u202ea\u202c",
		"\u2066\u202ea":       "\u2066\u202ea\u202c\u2069",
		"\u2066\u202ea\u2069": "\u2066\u202ea\u202c\u2069",
		"\u200ea\u200f":       "\u200ea\u200f",
	} {
		if got := Line(in, 100); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTextIsCutAtACharactersBorder(t *testing.T) {
	for _, test := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 5, "abc"},
		{"abc", 3, "abc"},
		{"abc", 2, "ab"},
		{"aé", 2, "a"},
		{"aé", 3, "aé"},
		{"日", 2, ""},
		{"日", 0, ""},
		{"", 0, ""},
	} {
		if got := Cut(test.in, test.n); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.in, test.n, got, test.want)
		}
	}
}

func TestCharactersOfNoTextAreNotKept(t *testing.T) {
	for _, r := range []rune{0x80, 0x85, 0x9f, 0xfeff, 0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x10ffff, 0xfdd0, 0xfdef} {
		if Keep(r) {
			t.Errorf("Keep(%U) = true", r)
		}
	}
	for _, r := range []rune{0xa0, 0xe9, 0x200b, 0xfdcf, 0xfdf0, 0xfffd, 0x10000, 0x1f600, 0x10fffd} {
		if !Keep(r) {
			t.Errorf("Keep(%U) = false", r)
		}
	}
}

func TestLowerCaseKeepsEveryByteInItsPlace(t *testing.T) {
	for in, want := range map[string]string{
		"ABC xyz 1": "abc xyz 1",
		"ÀÉÞ":       "àéþ",
		"×÷ß":       "×÷ß",
		"ŁŠ":        "ŁŠ",
		"ПРИВЕТ":    "ПРИВЕТ",
		"@[`{":      "@[`{",
		"":          "",
		"\xc3":      "\xc3",
		"\x80\x9e":  "\x80\x9e",
	} {
		if got := string(AppendLower([]byte("X"), in)); got != "X"+want || len(got) != len(in)+1 {
			t.Errorf("AppendLower(%q) = %q, want %q", in, got, "X"+want)
		}
	}
}

func TestBytesAndSetsAreTold(t *testing.T) {
	for b := range 256 {
		c := byte(b)
		if want := strings.IndexByte(" \n\t\r\f", c) >= 0; IsSpace(c) != want {
			t.Errorf("IsSpace(%q) = %v", c, !want)
		}
		if want := c < utf8.RuneSelf && strings.IndexByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", c) >= 0; IsAlnum(c) != want {
			t.Errorf("IsAlnum(%q) = %v", c, !want)
		}
	}
	if !ConsistsOf("ab1", IsAlnum) || ConsistsOf("ab-", IsAlnum) || ConsistsOf("-ab", IsAlnum) || !ConsistsOf("", IsAlnum) {
		t.Error("ConsistsOf does not look at every byte")
	}
	var words []string
	for w, in := range WordSet(" b\n\ta  b c ") {
		if in {
			words = append(words, w)
		}
	}
	if slices.Sort(words); !slices.Equal(words, []string{"a", "b", "c"}) {
		t.Errorf("WordSet holds %q", words)
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"a b", "e\u0301\u0327", "\u202ea\u2066", "\u202c 00", "e\u202c\u0301", "\xff\u200d", strings.Repeat("日", 50)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s, 20)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\n\r\t\x00") || strings.TrimSpace(got) != got && !strings.HasSuffix(got, "…") {
			t.Errorf("Line(%q) = %q", s, got)
		}
		if again := Line(got, 100); again != got {
			t.Errorf("Line(%q) = %q, of that %q", s, got, again)
		}
	})
}
