package markup

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// written returns s in an encoding, behind a mark.
func written(t *testing.T, mark, s string, enc encoding.Encoding) []byte {
	t.Helper()
	out, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(mark), out...)
}

func TestFilesAreReadInTheirEncoding(t *testing.T) {
	little, big := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	xml := func(label, text string) string {
		return `<?xml version="1.0" encoding="` + label + `"?>` + text
	}
	tests := []struct {
		name string
		data []byte
		want string
		form string
		note string // the beginning of the only finding
	}{
		{"nothing", nil, "", "", ""},
		{"ASCII", []byte("<a/>"), "<a/>", "", ""},
		{"UTF-8", []byte("é"), "é", "", ""},
		{"UTF-8 that says so", []byte(xml("UTF-8", "é")), xml("UTF-8", "é"), "utf-8", ""},
		{"UTF-8 behind a mark", []byte("\xEF\xBB\xBF<a b='é'/>"), "<a b='é'/>", "utf-8", ""},
		{"a mark against what is said", []byte("\xEF\xBB\xBF" + xml("windows-1251", "é")), xml("windows-1251", "é"), "utf-8", ""},
		{"UTF-16, little end first", written(t, "\xFF\xFE", "<é/>", little), "<é/>", "utf-16le", ""},
		{"UTF-16, big end first", written(t, "\xFE\xFF", "<é/>", big), "<é/>", "utf-16be", ""},
		{"UTF-16 without a mark, little end first", written(t, "", "<é/>", little), "<é/>", "utf-16le", ""},
		{"UTF-16 without a mark, big end first", written(t, "", "<é/>", big), "<é/>", "utf-16be", ""},
		{"UTF-32, little end first", written(t, "\xFF\xFE\x00\x00", "<é/>", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)), "<é/>", "utf-32le", ""},
		{"UTF-32, big end first", written(t, "\x00\x00\xFE\xFF", "<é/>", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)), "<é/>", "utf-32be", ""},
		{"windows-1251", written(t, "", xml("windows-1251", "Привет"), charmap.Windows1251), xml("windows-1251", "Привет"), "windows-1251", ""},
		{"Latin-1, which is windows-1252", written(t, "", xml("ISO-8859-1", "dé–jà"), charmap.Windows1252), xml("ISO-8859-1", "dé–jà"), "windows-1252", ""},
		{"Shift_JIS", written(t, "", xml("Shift_JIS", "日本"), japanese.ShiftJIS), xml("Shift_JIS", "日本"), "shift_jis", ""},
		{"GBK", written(t, "", xml("gb2312", "中文"), simplifiedchinese.GBK), xml("gb2312", "中文"), "gbk", ""},
		{"single quotes and white space", written(t, "", "\n<?xml version='1.0' encoding = ' koi8-r '?>Привет", charmap.KOI8R), "\n<?xml version='1.0' encoding = ' koi8-r '?>Привет", "koi8-r", ""},
		{"an unknown encoding", []byte(xml("klingon", "é")), xml("klingon", "é"), "", `The XML declaration names an unknown encoding, "klingon".`},
		{"UTF-16 that is none", []byte(xml("UTF-16", "é")), xml("UTF-16", "é"), "", "The XML declaration says utf-16, but the file is not written so."},
		{"an encoding that must not be read", []byte(xml("hz-gb-2312", "é")), xml("hz-gb-2312", "é"), "", "The XML declaration says hz-gb-2312, but the file is not written so."},
		{"stray bytes in UTF-8", []byte("é \xe9 \x96"), "é é –", "", "2 bytes from here on are not UTF-8 and are read as windows-1252."},
		{"bytes that the encoding has not", []byte(xml("shift_jis", "a\x80\xffb")), xml("shift_jis", "a\u0080\uFFFDb"), "shift_jis", "Some bytes from here on are not shift_jis and cannot be read."},
		{"an encoding named too late", []byte(strings.Repeat(" ", 1100) + xml("windows-1251", "\xe9")), strings.Repeat(" ", 1100) + xml("windows-1251", "é"), "", "1 bytes from here on are not UTF-8"},
		{"an encoding of something else", []byte(`<a encoding="windows-1251" b="é"/>`), `<a encoding="windows-1251" b="é"/>`, "", ""},
	}
	for _, test := range tests {
		d, found := Decode(test.data)
		if d.Text != test.want || d.form.name != test.form {
			t.Errorf("%s: %q in %q, want %q in %q", test.name, d.Text, d.form.name, test.want, test.form)
		}
		told := ""
		if len(found) > 0 {
			told = found[0].Message
		}
		if len(found) > 1 || !strings.HasPrefix(told, test.note) || (told == "") != (test.note == "") {
			t.Errorf("%s: found %v, want %q", test.name, found, test.note)
		}
	}
}

func TestTheFirstStrayByteIsPointedAt(t *testing.T) {
	for in, want := range map[string]int{
		"\xe9":       0,
		"a\xe9":      1,
		"éa\xe9\xe9": 3,
		"\xe9é\xe9":  0,
	} {
		if _, found := Decode([]byte(in)); len(found) != 1 || found[0].Offset != want || found[0].Broken {
			t.Errorf("Decode(%q) finds %+v, want one at %d", in, found, want)
		}
	}
}

func TestMarkupIsWrittenAsTheFileIs(t *testing.T) {
	for name, test := range map[string]struct {
		file     string
		in, want string
	}{
		"UTF-8":        {"<a/>", "é ж", "é ж"},
		"mixed":        {"\xe9", "é ж", "é ж"},
		"UTF-16":       {"\xFF\xFE<\x00", "é", "\xe9\x00"},
		"windows-1251": {`<?xml version="1.0" encoding="windows-1251"?>`, "ж é", "\xe6 &#233;"},
		"Latin-1":      {`<?xml version="1.0" encoding="iso-8859-1"?>`, "é ж", "\xe9 &#1078;"},
	} {
		d, _ := Decode([]byte(test.file))
		if got, err := d.Encode(test.in); err != nil || string(got) != test.want {
			t.Errorf("%s: Encode(%q) = %q, %v, want %q", name, test.in, got, err, test.want)
		}
	}
}

func TestBrokenMarkupIsTakenApart(t *testing.T) {
	for in, want := range map[string]string{
		`<a b="x"y" c="z"/>`:              `<a b=x"y c=z /`,
		`<a b="x" "y" c="z"/>`:            `<a b=x" "y c=z /`,
		`<a b="say "hi" now" c="z"/>`:     `<a b=say "hi" now c=z /`,
		`<a b="x c="y"/>`:                 `<a broken`,
		`<a b='x c='y'/>`:                 `<a broken`,
		`<a b="<i>x</i>"/>`:               `<a b=<i>x</i> /`,
		`<a b=x c='y'/>`:                  `<a b=x c=y /`,
		`<a b=x/>`:                        `<a b=x /`,
		`<a b=x>`:                         `<a b=x`,
		`<a b=x<outline/>`:                `<a b=x broken|<outline /`,
		`<a b = "x" />`:                   `<a b=x /`,
		`<a ; b="x"/>`:                    `<a b=x /`,
		`<a b c="x"/>`:                    `<a b= c=x /`,
		`<a b=`:                           `<a broken`,
		`<a `:                             `<a broken`,
		`<a <b/>`:                         `<a broken`,
		`<a c="1"` + "\n" + `</body>`:     `<a c=1 broken|</body`,
		`<a c="1" <!-- x -->`:             `<a c=1 broken`,
		`</a`:                             `</a`,
		`</a <outline/>`:                  `</a|<outline /`,
		`</x:A >b`:                        `</a|b`,
		`</>b`:                            `</>b`,
		`</1>b`:                           `</1>b`,
		`<1>`:                             `<1>`,
		`< a>`:                            `< a>`,
		`<-a>`:                            `<-a>`,
		`<_a/>`:                           `<_a /`,
		`<é/>`:                            `<é /`,
		`<x:y:Z/>`:                        `<z /`,
		`a<b`:                             `a|<b broken`,
		`<![CDATA[a<b>]]>c`:               `a<b>|c`,
		`<?a?>b`:                          `b`,
		`<!-- a -->b`:                     `b`,
		`<!DOCTYPE a>b`:                   `b`,
		`<!DOCTYPE a "x>y" 'z>'>b`:        `b`,
		`<!DOCTYPE a [<!ENTITY b "c">]>d`: `d`,
		`<!DOCTYPE a [`:                   ``,
		`<?a`:                             ``,
		`<!-- a`:                          ``,
	} {
		got, _ := tokens(in)
		if strings.Join(got, "|") != want {
			t.Errorf("%s is read as %q, want %q", in, strings.Join(got, "|"), want)
		}
	}
}

func TestWhatDoesNotEndIsAnError(t *testing.T) {
	for in, broken := range map[string]bool{
		"<a":               true,
		"</a":              true,
		"<!-- a":           true,
		"<?a":              true,
		"<![CDATA[a":       true,
		"<!DOCTYPE a":      true,
		`<a b="c`:          true,
		"<a <outline/>":    true,
		"</a <b>":          true,
		"<a b>":            false,
		"<a b=c>":          false,
		"1 < 2":            false,
		"<!DOCTYPE a [x]>": false,
		"<a ;>":            false,
		`<a b="<"/>`:       false,
		"&x;":              false,
		"<a/>":             false,
		`<a b="c"d"/>`:     false,
	} {
		_, found := tokens(in)
		any := false
		for _, f := range found {
			any = any || f.Broken
		}
		if any != broken {
			t.Errorf("%s: found %+v, broken %v, want %v", in, found, any, broken)
		}
	}
}

func TestCharactersThatXMLAllowsAreLegal(t *testing.T) { // XML 1.0, 2.2
	for r, want := range map[rune]bool{
		'\t':     true,
		'\n':     true,
		'\r':     true,
		' ':      true,
		'a':      true,
		0x7f:     true,
		0xD7FF:   true,
		0xE000:   true,
		0xFFFD:   true,
		0x10000:  true,
		0x10FFFF: true,
		0:        false,
		1:        false,
		0x08:     false,
		0x0B:     false,
		0x0C:     false,
		0x0E:     false,
		0x1F:     false,
		0xFFFE:   false,
		0xFFFF:   false,
	} {
		if got := Legal(r); got != want {
			t.Errorf("Legal(%U) = %v, want %v", r, got, want)
		}
	}
	for c := range 256 {
		if got, want := IsSpace(byte(c)), strings.IndexByte(" \t\n\r", byte(c)) >= 0; got != want {
			t.Errorf("IsSpace(%#x) = %v, want %v", c, got, want)
		}
	}
	for text, want := range map[string]string{
		"abc def":    "abc",
		"a:b-c.d_1=": "a:b-c.d_1",
		"é·":         "é·",
		" a":         "",
		"":           "",
		"a":          "a",
		"a\uFFFDb":   "a",
	} {
		if got := NameAt(text, 0); got != want {
			t.Errorf("NameAt(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNumbersAreReadAsXMLMeansThem(t *testing.T) {
	for in, want := range map[string]string{
		"&#9;":          "\t",
		"&#32;":         " ",
		"&#128;":        "€",
		"&#159;":        "Ÿ",
		"&#x99;":        "™",
		"&#160;":        "\u00a0",
		"&#127;":        "\x7f",
		"&#x10FFFF;":    "\U0010FFFF",
		"&#x110000;":    "",
		"&#8;":          "",
		"&#xFFFE;":      "",
		"&#xD800;":      "",
		"&#;":           "",
		"&#x;":          "",
		"&#2147483648;": "",
		"&#1f;":         "",
		"&#x1F600;":     "😀",
		"&#129;":        "\u0081",
	} {
		if got, _ := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"&eacute":   "&eacute",
		"&eacute;":  "é",
		"&Eacute;":  "É",
		"&hellip;":  "…",
		"&AMP;":     "&",
		"&a;":       "&a;",
		"&;":        "&;",
		"&":         "&",
		"a&b":       "a&b",
		"&&amp;":    "&&",
		"&amp;amp;": "&amp;",
		"& amp;":    "& amp;",
	} {
		if got, _ := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}
