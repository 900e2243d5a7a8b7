package language

import (
	"slices"
	"strings"
	"testing"
)

func TestALettersScriptIsKnown(t *testing.T) { // Unicode blocks
	for letters, want := range map[string]struct {
		script   script
		language string
	}{
		"éøłŠăðþ": {latin, ""},
		"ắẽỹ":     {latin, ""},
		"ꜰꞵ":      {latin, ""},
		"Ａｚ":      {latin, ""},
		"жЯёїўҚ":  {cyrillic, ""},
		"ꙁ":       {cyrillic, ""},
		"αΩώ":     {greek, ""},
		"ἀῳ":      {greek, ""},
		"عپچ":     {arabic, ""},
		"ݐ":       {arabic, ""},
		"ﭐﻼ":      {arabic, ""},
		"אתײ":     {hebrew, ""},
		"יִﬀ"[:2]: {hebrew, ""},
		"漢字":      {han, ""},
		"㐀豈𠀀":     {han, ""},
		"あンー":     {kana, ""},
		"ㇰｱ":      {kana, ""},
		"한ㄱ"[:3]:  {hangul, ""},
		"ᄀ":       {hangul, ""},
		"अह":      {devanagari, ""},
		"አፐ":      {ethiopic, ""},
		"กฮ":      {otherScript, "th"},
		"Աֆ":      {otherScript, "hy"},
		"აჰ":      {otherScript, "ka"},
		"অহ":      {otherScript, "bn"},
		"ਅਹ":      {otherScript, "pa"},
		"અહ":      {otherScript, "gu"},
		"ଅହ":      {otherScript, "or"},
		"அஹ":      {otherScript, "ta"},
		"అహ":      {otherScript, "te"},
		"ಅಹ":      {otherScript, "kn"},
		"അഹ":      {otherScript, "ml"},
		"අහ":      {otherScript, "si"},
		"ກຮ":      {otherScript, "lo"},
		"ཀཧ":      {otherScript, "bo"},
		"ကအ":      {otherScript, "my"},
		"កអ":      {otherScript, "km"},
		"ᠠᡥ":      {otherScript, "mn"},
		"ހޱ":      {otherScript, "dv"},
		"ᎠᏴ":      {otherScript, "chr"},
		"ᐁᙶ":      {otherScript, "iu"},
		"ⴰⵯ":      {otherScript, "zgh"},
		"ߊ":       {otherScript, ""},
	} {
		for _, r := range letters {
			if s, lang := scriptOf(r); s != want.script || lang != want.language {
				t.Errorf("scriptOf(%q %U) = %d %q, want %d %q", r, r, s, lang, want.script, want.language)
			}
		}
	}
}

func TestAScriptAloneTellsItsLanguage(t *testing.T) {
	tests := []struct{ text, expected, want string }{
		{"Καλημέρα", "", "el"},
		{"안녕하세요", "", "ko"},
		{"こんにちは", "", "ja"},
		{"你好", "", "zh"},
		{"你好", "ja", "ja"},
		{"你好", "en", "zh"},
		{"这座城市去年开放了数据而最常", "ja", "zh"},
		{"東京の市", "", "ja"},
		{"שלום", "", "he"},
		{"שלום", "yi", "yi"},
		{"สวัสดี", "", "th"},
		{"Բարեւ", "", "hy"},
		{"გამარჯობა", "", "ka"},
		{"নমস্কার", "", "bn"},
		{"வணக்கம்", "", "ta"},
		{"ಕನ್ನಡ", "", "kn"},
		{"မင်္ဂလာပါ", "", "my"},
		{"នាមកម្ម", "", "km"},
		{"สวัสดี ก ನ", "", "th"},
		{"ލިޔުން", "", "dv"},
	}
	for _, test := range tests {
		if got := Detect("", test.text, Prior{Feed: test.expected}); got != test.want {
			t.Errorf("%q, said to be %q, is taken for %q, want %q", test.text, test.expected, got, test.want)
		}
	}
}

func TestNamesInLatinDoNotHideTheScript(t *testing.T) {
	for text, want := range map[string]string{
		"Google и Яндекс":                      "",
		"Microsoft Word 和 Excel 的使用方法":         "zh",
		"GitHub で公開したプロジェクト":                   "ja",
		"Samsung Galaxy 스마트폰 새로운 기능":           "ko",
		"Η Google και το Facebook στην Ελλάδα": "el",
	} {
		r := Read("", text)
		if got, clear := r.Clear(Prior{}); want != "" && (got != want || !clear) {
			t.Errorf("%q is taken for %q, clear %v, want %q", text, got, clear, want)
		}
		if want == "" && r.scripts.main == otherScript {
			t.Errorf("%q is in no known script", text)
		}
	}
	for text, want := range map[string]script{
		"abcdefghij жж": latin,
		"abcde жж":      cyrillic,
		"abcdef жж":     latin,
		"abcdefg 漢":     han,
		"abcdefgh 漢":    latin,
		"abcdef 漢漢":     han,
		"":              latin,
		"123":           latin,
	} {
		if got := countScripts(text).main; got != want {
			t.Errorf("%q is in script %d, want %d", text, got, want)
		}
	}
}

func TestLettersTellRelativesApart(t *testing.T) {
	const russian, arabicText = "абвгдежзик", "ابتثجحخدذر"
	tests := []struct{ text, expected, want string }{
		{strings.Repeat(russian, 10) + "ыэ", "", "ru"},
		{strings.Repeat(russian, 10) + "ў", "", "be"},
		{strings.Repeat(russian, 10) + "їє", "", "uk"},
		{strings.Repeat(russian, 10) + "ѓ", "", "mk"},
		{strings.Repeat(russian, 10) + "ђ", "", "sr"},
		{strings.Repeat(russian, 10) + "әққ", "", "kk"},
		{strings.Repeat(russian, 10) + "җ", "", "tt"},
		{strings.Repeat(russian, 10) + "өүү", "", "mn"},
		{strings.Repeat(russian, 10) + "өүү", "ky", "ky"},
		{strings.Repeat(russian, 25) + "өүүүүүүү", "ky", "mn"},
		{strings.Repeat(russian, 10) + "љ", "mk", "mk"},
		{strings.Repeat(russian, 10) + "ыэ", "be", "be"},
		{strings.Repeat(russian, 10) + "әққ", "ru", "kk"},
		{strings.Repeat(arabicText, 10), "", "ar"},
		{strings.Repeat(arabicText, 10), "fa", "ar"},
		{strings.Repeat(arabicText, 10) + "پچ", "", "fa"},
		{strings.Repeat(arabicText, 10) + "پچ", "ur", "ur"},
		{strings.Repeat(arabicText, 10) + "ٹڈ", "", "ur"},
		{strings.Repeat(arabicText, 10) + "ټډ", "", "ps"},
		{strings.Repeat(arabicText, 10) + "ۆێڕ", "", "ckb"},
		{strings.Repeat(arabicText, 10) + "ۆێڕ", "ku", "ku"},
		{strings.Repeat(arabicText, 10) + "ۇۈې", "", "ug"},
		{strings.Repeat(arabicText, 10) + "ٻڀ", "", "sd"},
		{strings.Repeat(arabicText, 10) + "پ", "", "ar"},
		{strings.Repeat("ሀለሐመሠረሰሸቀበ", 3), "", "am"},
		{strings.Repeat("ሀለሐመሠረሰሸቀበ", 3) + "ኣ", "", "ti"},
	}
	for _, test := range tests {
		if got := Detect("", test.text, Prior{Feed: test.expected}); got != test.want {
			t.Errorf("…%q, said to be %q, is taken for %q, want %q", test.text[len(test.text)-12:], test.expected, got, test.want)
		}
	}
}

func TestADeclarationThatTheScriptForbidsDoesNotCount(t *testing.T) {
	for lang, scripts := range map[string]string{
		"ru": "c",
		"uk": "c",
		"bg": "c",
		"sr": "cl",
		"kk": "cl",
		"uz": "lc",
		"az": "lc",
		"mn": "co",
		"el": "g",
		"ar": "a",
		"fa": "a",
		"ku": "la",
		"he": "h",
		"yi": "h",
		"zh": "n",
		"ja": "nk",
		"ko": "rn",
		"hi": "d",
		"ne": "d",
		"am": "e",
		"th": "o",
		"ka": "o",
		"en": "l",
		"pt": "l",
		"xx": "l",
		"vi": "l",
	} {
		for letter, s := range map[byte]script{
			'c': cyrillic,
			'l': latin,
			'g': greek,
			'a': arabic,
			'h': hebrew,
			'n': han,
			'k': kana,
			'r': hangul,
			'd': devanagari,
			'e': ethiopic,
			'o': otherScript,
		} {
			sc := countScripts("")
			sc.main = s
			if got, want := sc.allows(lang), strings.IndexByte(scripts, letter) >= 0; got != want {
				t.Errorf("a text in script %q may be in %s: %v, want %v", letter, lang, got, want)
			}
		}
	}
}

func TestTheMostSpecificDeclarationCounts(t *testing.T) {
	latinText, cyrillicText := countScripts("abc"), countScripts("абв")
	tests := []struct {
		p    Prior
		want string
	}{
		{Prior{}, ""},
		{Prior{Feed: "en-GB"}, "en"},
		{Prior{Source: "fr", Feed: "en"}, "fr"},
		{Prior{Usual: "pt", Source: "fr", Feed: "en"}, "pt"},
		{Prior{Item: "es", Usual: "pt", Source: "fr", Feed: "en"}, "es"},
		{Prior{Item: "en", Usual: "pt", Feed: "en"}, "pt"},
		{Prior{Item: "und", Feed: "en"}, "en"},
		{Prior{Item: "ru", Feed: "en"}, "en"},
		{Prior{Item: "ru"}, ""},
		{Prior{Feed: "c++"}, ""},
	}
	for _, test := range tests {
		if got := test.p.expected(latinText); got != test.want {
			t.Errorf("%+v lets expect %q, want %q", test.p, got, test.want)
		}
	}
	if got := (Prior{Item: "en", Source: "bg"}).expected(cyrillicText); got != "bg" {
		t.Errorf("of Cyrillic is expected %q", got)
	}
	if got := (Prior{Item: "ru"}).expected(countScripts("123")); got != "ru" {
		t.Errorf("of no letters is expected %q", got)
	}
}

func TestTheUsualLanguageNeedsAMajority(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"es":                "",
		"es es":             "es",
		"es en":             "",
		"es es en":          "es",
		"es es en en":       "",
		"es es es en en":    "",
		"es es es es en en": "es",
		"es es - - - -":     "es",
		"- -":               "",
		"en es es":          "es",
		"pt pt pt gl":       "pt",
	} {
		list := strings.Fields(in)
		for i, lang := range list {
			if lang == "-" {
				list[i] = ""
			}
		}
		if got := Usual(list); got != want {
			t.Errorf("Usual(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestASampleLeavesAddressesOutAndStaysShort(t *testing.T) {
	tests := []struct{ title, text, want string }{
		{"", "", ""},
		{"T", "", "T\n"},
		{"", "a b", "a b"},
		{"T", "a b", "T\na b"},
		{"A", "A b", "A b"},
		{"", "see https://a.example/x now", "see now "},
		{"https://a.example", "b", "b "},
		{"", "no:// here", "here "},
	}
	for _, test := range tests {
		if got := sample(test.title, test.text); got != test.want {
			t.Errorf("sample(%q, %q) = %q, want %q", test.title, test.text, got, test.want)
		}
	}
	long := strings.Repeat("a", 2000) + strings.Repeat("b", 6000) + strings.Repeat("c", 2000)
	got := sample("", long)
	if len(got) != sampleBytes+1 || !strings.HasPrefix(got, strings.Repeat("a", 1500)+"\n") || !strings.HasSuffix(got, strings.Repeat("b", 1500)) {
		t.Errorf("a long text gives %d bytes, %.20q…%q", len(got), got, got[len(got)-20:])
	}
	if got := sample("", strings.Repeat("x", sampleBytes)); len(got) != sampleBytes {
		t.Errorf("%d bytes of %d", len(got), sampleBytes)
	}
	for pad := range 3 { // the middle falls into a character
		if got := sample("", strings.Repeat("x", pad)+strings.Repeat("日", 3000)); strings.ContainsRune(got, '\uFFFD') {
			t.Errorf("a sample cuts a character: %q", got[:20])
		}
	}
}

func TestWordsAreTakenApart(t *testing.T) {
	for text, want := range map[string][2]int{ // words, votes for English
		"":                               {0, 0},
		"the of and":                     {3, 3},
		"THE Of":                         {2, 2},
		"the, of. (and)":                 {3, 3},
		"the-of":                         {2, 2},
		"it's":                           {1, 1},
		"l'été":                          {2, 0},
		"a":                              {1, 1},
		"x a y":                          {3, 1},
		"5a":                             {0, 0},
		"a5":                             {0, 0},
		"d'a":                            {1, 0},
		"l’a":                            {1, 0},
		"nothing else matters":           {3, 0},
		"… the":                          {1, 1},
		strings.Repeat("x", 24) + " the": {2, 1},
		strings.Repeat("x", 300):         {1, 0},
		"thé":                            {1, 0},
		"« of »":                         {1, 1},
	} {
		v := takeVote(text)
		if v.words != want[0] || v.count[slices.Index(voters[:], "en")] != want[1] {
			t.Errorf("%q has %d words and %d votes for English, want %v", text, v.words, v.count[0], want)
		}
	}
}

func TestAVoteIsClearOnlyWithALead(t *testing.T) {
	at := func(lang string) int { return slices.Index(voters[:], lang) }
	tests := []struct {
		name           string
		words, en, pt  int
		expected, want string
		clear          bool
	}{
		{"enough", 10, 5, 0, "", "en", true},
		{"too few words", 7, 7, 0, "", "en", false},
		{"eight words", 8, 4, 0, "", "en", true},
		{"too few that are common", 100, 19, 0, "", "en", false},
		{"a fifth that is common", 100, 20, 0, "", "en", true},
		{"close", 100, 40, 35, "", "en", false},
		{"a lead of six in a hundred", 100, 40, 34, "", "en", true},
		{"a lead of two", 10, 5, 3, "", "en", false},
		{"a lead of three", 10, 5, 2, "", "en", true},
		{"expected, which adds to it", 10, 5, 3, "en", "en", true},
		{"the other expected", 10, 5, 2, "pt", "en", false},
		{"the second voter", 10, 0, 5, "", "pt", true},
	}
	for _, test := range tests {
		var v vote
		v.words, v.count[at("en")], v.count[at("pt")] = test.words, test.en, test.pt
		if got, clear := v.decide(test.expected); got != test.want || clear != test.clear {
			t.Errorf("%s: %q, clear %v, want %q, %v", test.name, got, clear, test.want, test.clear)
		}
	}
}

func TestWhatIsExpectedNeedsLittleSupport(t *testing.T) {
	var v vote
	v.words, v.count[slices.Index(voters[:], "en")], v.count[slices.Index(voters[:], "pt")] = 20, 10, 8
	for most, want := range map[int]bool{
		8:  true,
		10: true,
		11: false,
		20: false,
	} {
		if got := v.supports("pt", most); got != want {
			t.Errorf("eight votes against %d: %v, want %v", most, got, want)
		}
	}
	if v.supports("fr", 1) || v.supports("", 0) || v.supports("ru", 0) {
		t.Error("no vote supports")
	}
	v.words = 7
	if !v.supports("fr", 2) || v.supports("fr", 3) {
		t.Error("of a few words a lead of two says nothing, one of three does")
	}
}

func TestTagsOfLanguagesAreReduced(t *testing.T) { // BCP 47
	for in, want := range map[string]string{
		"en":         "en",
		"EN":         "en",
		"pt-BR":      "pt",
		"pt_BR":      "pt",
		"zh-Hans-CN": "zh",
		" fr ":       "fr",
		"fr;q=0.5":   "fr",
		"fr.UTF-8":   "fr",
		"fr, en":     "fr",
		"fr en":      "fr",
		"gsw":        "gsw",
		"abcd":       "",
		"a":          "",
		"":           "",
		"e1":         "",
		"12":         "",
		"é":          "",
		"und":        "",
		"mul":        "",
		"zxx":        "",
		"mis":        "",
		"xx":         "",
		"en0":        "en",
		"eng":        "en",
		"fra":        "fr",
		"fre":        "fr",
		"spa":        "es",
		"por":        "pt",
		"deu":        "de",
		"ger":        "de",
		"ita":        "it",
		"nld":        "nl",
		"dut":        "nl",
		"cat":        "ca",
		"glg":        "gl",
		"eus":        "eu",
		"baq":        "eu",
		"swe":        "sv",
		"dan":        "da",
		"nor":        "no",
		"nob":        "no",
		"nb-NO":      "no",
		"nn":         "no",
		"fin":        "fi",
		"pol":        "pl",
		"ces":        "cs",
		"cze":        "cs",
		"slk":        "sk",
		"hun":        "hu",
		"ron":        "ro",
		"ell":        "el",
		"gre":        "el",
		"rus":        "ru",
		"ukr":        "uk",
		"bul":        "bg",
		"srp":        "sr",
		"hrv":        "hr",
		"tur":        "tr",
		"ara":        "ar",
		"heb":        "he",
		"iw":         "he",
		"fas":        "fa",
		"per":        "fa",
		"urd":        "ur",
		"hin":        "hi",
		"jpn":        "ja",
		"jp":         "ja",
		"kor":        "ko",
		"kr":         "ko",
		"zho":        "zh",
		"chi":        "zh",
		"cn":         "zh",
		"tw":         "zh",
		"in":         "id",
		"ji":         "yi",
		"gr":         "el",
		"cz":         "cs",
		"dk":         "da",
		"se":         "sv",
		"ua":         "uk",
		"br":         "pt",
		"English":    "en",
		"French":     "fr",
		"Français":   "fr",
		"español":    "es",
		"Português":  "pt",
		"Deutsch":    "de",
		"Italiano":   "it",
		"Dutch":      "nl",
		"Russian":    "ru",
		"Japanese":   "ja",
		"Chinese":    "zh",
	} {
		if got := Base(in); got != want {
			t.Errorf("Base(%q) = %q, want %q", in, got, want)
		}
	}
}
