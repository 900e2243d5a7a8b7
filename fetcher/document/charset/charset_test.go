package charset

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// written returns s in an encoding.
func written(t *testing.T, s string, enc encoding.Encoding) []byte {
	t.Helper()
	out, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheDeclaredEncodingIsTheOne(t *testing.T) { // S15
	tests := map[string]string{
		"windows-1250": "Žluťoučký kůň",
		"windows-1251": "Привет, мир",
		"windows-1252": "déjà – “vu”",
		"windows-1253": "Καλημέρα",
		"windows-1254": "Şehir ığ",
		"windows-1255": "שלום",
		"windows-1256": "مرحبا",
		"iso-8859-2":   "Łódź",
		"iso-8859-5":   "Привет",
		"iso-8859-7":   "Καλημέρα",
		"iso-8859-15":  "déjà 5 €",
		"koi8-r":       "Привет",
		"koi8-u":       "Їжак",
		"macintosh":    "déjà vu",
		"shift_jis":    "日本語のフィード",
		"euc-jp":       "日本語のフィード",
		"euc-kr":       "한국어 피드",
		"gbk":          "中文订阅源",
		"gb18030":      "中文订阅源",
		"big5":         "中文訂閱源",
	}
	for label, title := range tests {
		enc := lookupEncoding(label)
		if enc == nil {
			t.Errorf("lookupEncoding(%q) = nil", label)
			continue
		}
		for _, declared := range []string{label, strings.ToUpper(label)} {
			xml := `<?xml version="1.0" encoding="` + declared + `"?><t>` + title + `</t>`
			if got, _ := Decode(written(t, xml, enc), ""); !strings.Contains(string(got), "<t>"+title+"</t>") {
				t.Errorf("declared %s: %q, want %q", declared, got, title)
			}
			if got, _ := Decode(written(t, "<t>"+title+"</t>", enc), "text/xml; charset="+declared); string(got) != "<t>"+title+"</t>" {
				t.Errorf("served as %s: %q, want %q", declared, got, title)
			}
		}
	}
}

func TestLabelsAreFoundAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		body, contentType string
		want              []string
	}{
		{``, ``, nil},
		{``, `text/xml`, nil},
		{``, `text/xml; charset=koi8-r`, []string{"koi8-r"}},
		{``, `text/xml; charset="KOI8-R"`, []string{"koi8-r"}},
		{``, `text/xml;charset='koi8-r'`, []string{"koi8-r"}},
		{``, `text/xml; charset=koi8-r; charset=big5`, []string{"koi8-r"}},
		{``, `text/xml; charset=`, nil},
		{``, `charset=koi8-r`, []string{"koi8-r"}},
		{``, `; charset=koi8-r`, []string{"koi8-r"}},
		{``, `text/xml; charset=` + strings.Repeat("x", 40), []string{strings.Repeat("x", 40)}},
		{``, `text/xml; charset=` + strings.Repeat("x", 41), nil},
		{`<?xml version="1.0" encoding="Big5"?>`, ``, []string{"big5"}},
		{`<?xml version='1.0' encoding='Big5'?>`, ``, []string{"big5"}},
		{`<?xml version="1.0" encoding = "Big5" ?>`, ``, []string{"big5"}},
		{`<?xml version="1.0" encoding=Big5 ?>`, ``, []string{"big5"}},
		{`<?xml version="1.0" encoding=""?>`, ``, nil},
		{`<?xml version="1.0" encoding`, ``, nil},
		{`<?xml version="1.0"?><a encoding="big5">`, ``, nil},
		{"\n <?xml version=\"1.0\" encoding=\"big5\"?>", ``, []string{"big5"}},
		{strings.Repeat(" ", 2000) + `<?xml encoding="big5"?>`, ``, []string{"big5"}},
		{strings.Repeat(" ", 3000) + `<?xml encoding="big5"?>`, ``, nil},
		{`?xml version="1.0" encoding="big5"?>`, ``, []string{"big5"}},
		{`<?xml version="1.0" encoding="big5"?>`, `text/xml; charset=koi8-r`, []string{"koi8-r", "big5"}},
	}
	for _, test := range tests {
		if got := declaredLabels([]byte(test.body), test.contentType); !slices.Equal(got, test.want) {
			t.Errorf("declaredLabels(%.60q, %q) = %q, want %q", test.body, test.contentType, got, test.want)
		}
	}
}

func TestLabelsThatMustNotCountAreUnknown(t *testing.T) { // S15
	for _, label := range []string{"", "utf-8", "utf8", "UTF-8", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-7", "unicode-1-1-utf-7", "iso-2022-kr", "hz-gb-2312", "klingon", "x-user"} {
		if enc := lookupEncoding(label); enc != nil {
			t.Errorf("lookupEncoding(%q) = %v, want none", label, enc)
		}
	}
	for _, label := range []string{"iso-8859-1", "latin1", "us-ascii", "cp437", "windows-874", "x-sjis", "ks_c_5601-1987"} {
		if lookupEncoding(label) == nil {
			t.Errorf("lookupEncoding(%q) = nil", label)
		}
	}
	if enc, err := ianaindex.IANA.Encoding("IBM437"); err != nil || lookupEncoding("ibm437") != enc {
		t.Errorf("lookupEncoding(ibm437) = %v, want %v", lookupEncoding("ibm437"), enc)
	}
}

func TestWideEncodingsAreKnownByTheirZeros(t *testing.T) { // S15
	const feed = "<rss>é</rss>"
	for name, enc := range map[string]encoding.Encoding{
		"UTF-16LE with mark": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16BE with mark": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16LE":           unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16BE":           unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		"UTF-32LE with mark": utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
		"UTF-32BE with mark": utf32.UTF32(utf32.BigEndian, utf32.UseBOM),
		"UTF-32LE":           utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM),
		"UTF-32BE":           utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM),
	} {
		got, notes := Decode(written(t, feed, enc), "text/xml; charset=utf-8")
		if string(got) != feed || len(notes) != 1 || notes[0] != "decoded from "+name[:6] {
			t.Errorf("%s: %q, %q, want %q", name, got, notes, feed)
		}
	}
	for _, body := range []string{"", "<", "<\x00", "<\x00r", "<\x00r\x00s\x00", "\x00<\x00r\x00s", "\x00\x00\x00<", "<\x00\x00\x00r\x00\x00", "<rss>a\x00b</rss>", "\x00\x00<rss>x"} {
		if enc, name := wideEncoding([]byte(body)); enc != nil {
			t.Errorf("wideEncoding(%q) = %s, want none", body, name)
		}
	}
	for body, want := range map[string]string{
		"\xff\xfe":                   "UTF-16",
		"\xfe\xff":                   "UTF-16",
		"\xff\xfe\x00\x00":           "UTF-32",
		"\x00\x00\xfe\xff":           "UTF-32",
		"<\x00r\x00s\x00s\x00":       "UTF-16",
		"\x00<\x00r\x00s\x00s":       "UTF-16",
		"<\x00\x00\x00r\x00\x00\x00": "UTF-32",
		"\x00\x00\x00<\x00\x00\x00r": "UTF-32",
	} {
		if _, name := wideEncoding([]byte(body)); name != want {
			t.Errorf("wideEncoding(%q) = %q, want %q", body, name, want)
		}
	}
}

func TestSevenBitJapaneseIsKnownByItsEscapes(t *testing.T) {
	const escaped = "<t>\x1b$B%U%#!<%I\x1b(B</t>"
	tests := []struct {
		name, body string
		labels     []string
		want       bool
	}{
		{"nothing declared", escaped, nil, true},
		{"declared so", escaped, []string{"iso-2022-jp"}, true},
		{"a relative", escaped, []string{"iso-2022-jp-2"}, true},
		{"declared ASCII", escaped, []string{"us-ascii"}, true},
		{"served as UTF-8, declared so", escaped, []string{"utf-8", "iso-2022-jp"}, true},
		{"declared UTF-8", escaped, []string{"utf-8"}, false},
		{"no escapes", "<t>x</t>", nil, false},
		{"eight bits", escaped + "\xe9", nil, false},
		{"eight bits at the border", escaped + "\x80", nil, false},
	}
	for _, test := range tests {
		if got := escaped2022([]byte(test.body), test.labels); got != test.want {
			t.Errorf("%s: escaped2022 = %v, want %v", test.name, got, test.want)
		}
	}
	if got, notes := Decode([]byte(escaped), ""); string(got) != "<t>フィード</t>" || !slices.Equal(notes, []string{"decoded from ISO-2022-JP"}) {
		t.Errorf("Decode = %q, %q", got, notes)
	}
}

func TestTheLanguageTellsTheEncodingOfAnUndeclaredFeed(t *testing.T) {
	tests := []struct{ head, want string }{
		{"", "windows-1252"},
		{"<language>fr</language>", "windows-1252"},
		{"<language>ru</language>", "windows-1251"},
		{"<language>uk-UA</language>", "windows-1251"},
		{"<language>bg</language>", "windows-1251"},
		{"<language>sr</language>", "windows-1251"},
		{"<language>be</language>", "windows-1251"},
		{"<language>mk</language>", "windows-1251"},
		{"<LANGUAGE>RU</LANGUAGE>", "windows-1251"},
		{"<language>pl</language>", "windows-1250"},
		{"<language>cs</language>", "windows-1250"},
		{"<language>sk</language>", "windows-1250"},
		{"<language>hu</language>", "windows-1250"},
		{"<language>hr</language>", "windows-1250"},
		{"<language>sl</language>", "windows-1250"},
		{"<language>ro</language>", "windows-1250"},
		{"<language>el</language>", "windows-1253"},
		{"<language>tr</language>", "windows-1254"},
		{"<language>he</language>", "windows-1255"},
		{"<language>iw</language>", "windows-1255"},
		{"<language>ar</language>", "windows-1256"},
		{"<language>fa</language>", "windows-1256"},
		{"<language>ur</language>", "windows-1256"},
		{"<language>ja</language>", "shift_jis"},
		{"<language>ko</language>", "euc-kr"},
		{"<language>zh-cn</language>", "gb18030"},
		{"<dc:language>ru</dc:language>", "windows-1251"},
		{`<feed xml:lang="ru">`, "windows-1251"},
		{`<feed xml:lang='ru'>`, "windows-1251"},
		{"<language>\n ru </language>", "windows-1251"},
		{"<language>", "windows-1252"},
		{"<language>r", "windows-1252"},
		{"<language></language>", "windows-1252"},
		{strings.Repeat("x", 5000) + "<language>ru</language>", "windows-1252"},
	}
	for _, test := range tests {
		if got := usualEncoding([]byte(test.head)); got != test.want {
			t.Errorf("usualEncoding(%.60q) = %q, want %q", test.head, got, test.want)
		}
	}
	body := append([]byte("<language>ru</language><t>"), append(written(t, "Привет", charmap.Windows1251), "</t>"...)...)
	if got, notes := Decode(body, ""); !strings.Contains(string(got), "<t>Привет</t>") || !slices.Equal(notes, []string{"not valid UTF-8, read as windows-1251"}) {
		t.Errorf("Decode = %q, %q", got, notes)
	}
}

func TestWhatTheBytesContradictDoesNotCount(t *testing.T) { // S15
	declared := func(label, text string) []byte {
		return []byte(`<?xml version="1.0" encoding="` + label + `"?>` + text)
	}
	tests := []struct {
		name  string
		body  []byte
		want  string
		notes []string
	}{
		{"UTF-8 declared Latin-1", declared("iso-8859-1", "déjà"), "déjà", []string{"declared iso-8859-1, but is UTF-8"}},
		{"ASCII declared Latin-1", declared("iso-8859-1", "deja"), "deja", nil},
		{"UTF-8", declared("utf-8", "déjà"), "déjà", nil},
		{"much UTF-8 declared Shift_JIS", declared("shift_jis", "ÄÖÜäöüßé"), "ÄÖÜäöüßé", []string{"declared shift_jis, but is UTF-8"}},
		{"little UTF-8 declared GBK, which it may be", declared("gbk", "ÄÖÜ"), "脛脰脺", nil},
		{"Latin-1 declared UTF-8", declared("utf-8", "d\xe9j\xe0 vu"), "déjà vu", []string{"not valid UTF-8, read as windows-1252"}},
		{"a byte of Latin-1 in UTF-8", declared("utf-8", "é ü ö d\xe9ja"), "é ü ö déja", []string{"1 bytes that are not UTF-8 were read as windows-1252"}},
		{"half a character at the end", declared("utf-8", "é ü ö \xe2\x80"), "é ü ö \uFFFD\uFFFD", []string{"2 bytes that are not UTF-8 were replaced"}},
		{"a label that knows few of the bytes", declared("shift_jis", "é ü ö ß é ü d\xe9ja \xff"), "é ü ö ß é ü déja \uFFFD", []string{"1 bytes that are not UTF-8 were read as windows-1252", "1 bytes that are not UTF-8 were replaced"}},
		{"a label that means nothing", declared("iso-2022-kr", strings.Repeat("d\xe9j\xe0 ", 20)), "déjà déjà", []string{"not valid UTF-8, read as windows-1252"}},
		{"a byte that the label does not know", declared("windows-1253", "\xd2a\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef\xf0\xf1\xf2\xf3\xf4\xf5\xf6"), "\uFFFD", []string{"bytes that windows-1253 does not know were replaced"}},
	}
	for _, test := range tests {
		got, notes := Decode(test.body, "")
		if !strings.Contains(string(got), test.want) || test.notes != nil && !slices.Equal(notes, test.notes) || test.notes == nil && test.name[0] != 'a' && len(notes) > 0 {
			t.Errorf("%s: %q, %q, want %q, %q", test.name, got, notes, test.want, test.notes)
		}
	}
}

func TestBytesThatAreNotUTF8AreCounted(t *testing.T) {
	tests := []struct {
		in             string
		multi, invalid int
	}{
		{"", 0, 0},
		{"abc", 0, 0},
		{"é", 1, 0},
		{"日本", 2, 0},
		{"a\x80", 0, 1},
		{"\xe9\xe9", 0, 2},
		{"\xe2\x80", 0, 2},
		{"é\xe9é", 2, 1},
		{"\uFFFD", 1, 0},
		{"\x7f\u0080", 1, 0},
	}
	for _, test := range tests {
		if multi, invalid := countUTF8([]byte(test.in)); multi != test.multi || invalid != test.invalid {
			t.Errorf("countUTF8(%q) = %d %d, want %d %d", test.in, multi, invalid, test.multi, test.invalid)
		}
	}
}

func TestSingleBytesOfLatin1ArePutRight(t *testing.T) { // S15
	tests := []struct{ in, want string }{
		{"caf\xe9", "café"},
		{"\xe9t\xe9", "été"},
		{"a \x93b\x94", "a “b”"},
		{"a\x96b", "a–b"},
		{"\x80 5", "€ 5"},
		{"\xc9\xc9\xc9", "ÉÉÉ"},
		{"\xe9\xe9\xe9\xe9", "\uFFFD\uFFFD\uFFFD\uFFFD"},
		{"a\xfe", "a\uFFFD"},
		{"a\xffb", "a\uFFFDb"},
		{"a\x81b", "a\uFFFDb"},
		{"a\xe2\x80b", "a\uFFFD\uFFFDb"},
		{"a\x80\x80", "a\uFFFD\uFFFD"},
		{"é\xe9", "é\uFFFD"},
		{"\xe9é", "\uFFFDé"},
		{"a\xa9b", "a©b"},
		{"a\xfdb", "aýb"},
		{"", ""},
		{"abc", "abc"},
	}
	for _, test := range tests {
		if got, _ := repairUTF8([]byte(test.in), 0); string(got) != test.want {
			t.Errorf("repairUTF8(%q) = %q, want %q", test.in, got, test.want)
		}
	}
	if _, notes := repairUTF8([]byte("a\xe9b \xff"), 0); !slices.Equal(notes, []string{"1 bytes that are not UTF-8 were read as windows-1252", "1 bytes that are not UTF-8 were replaced"}) {
		t.Errorf("notes %q", notes)
	}
}

func TestWhatXMLForbidsIsRemoved(t *testing.T) { // S15
	tests := []struct {
		in, want string
		notes    []string
	}{
		{"a\tb\nc\rd", "a\tb\nc\rd", nil},
		{"", "", nil},
		{"a\x00b", "ab", []string{"1 control characters removed"}},
		{"\x01\x02\x1fa", "a", []string{"3 control characters removed"}},
		{"a\x20\x7fb", "a\x20\x7fb", nil},
		{"a\uFFFEb\uFFFFc", "abc", []string{"2 control characters removed"}},
		{"a\uFFFDb", "a\uFFFDb", nil},
		{"\uFFBFa", "\uFFBFa", nil},
		{"\uFEFFa", "a", nil},
		{" \n\uFEFF\t\uFEFFa", "a", nil},
		{" a", " a", nil},
		{"a\uFEFFb", "a\uFEFFb", nil},
		{"\x00\uFEFFa", "a", nil},
		{"a\x0b", "a", []string{"1 control characters removed"}},
	}
	for _, test := range tests {
		got, notes := cleanText([]byte(test.in), nil)
		if string(got) != test.want || !slices.Equal(notes, test.notes) {
			t.Errorf("cleanText(%q) = %q %q, want %q %q", test.in, got, notes, test.want, test.notes)
		}
		if got := Clean([]byte(test.in)); string(got) != test.want {
			t.Errorf("Clean(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestOneByteInAnotherPlaceIsNoWideEncoding(t *testing.T) {
	for body, places := range map[string][]int{
		"<\x00r\x00s\x00s\x00":       {0, 1, 2, 3},
		"\x00<\x00r\x00s\x00s":       {0, 1, 2, 3},
		"<\x00\x00\x00r\x00\x00\x00": {0, 1, 3, 5, 6},
		"\x00\x00\x00<\x00\x00\x00r": {0, 2, 3, 4, 5},
	} {
		for _, i := range places {
			other := []byte(body)
			if other[i] == 0 {
				other[i] = 'x'
			} else {
				other[i] = 0
			}
			if enc, name := wideEncoding(other); enc != nil {
				t.Errorf("wideEncoding(%q) = %s, want none", other, name)
			}
		}
	}
}
