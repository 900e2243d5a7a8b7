package language

import (
	"slices"
	"strings"
	"unicode"
)

// A script is a writing system, or several that one language needs.
type script uint8

// The scripts that are told apart.
const (
	latin script = iota
	cyrillic
	greek
	arabic
	hebrew
	han
	kana
	hangul
	devanagari
	ethiopic
	otherScript
	scriptCount
)

// scripts say in which scripts a text is written.
type scripts struct {
	count   [scriptCount]int
	letters int
	main    script
	lone    string // the language of the most frequent script that only one uses
}

// countScripts counts the letters of s by script.
func countScripts(s string) scripts {
	var sc scripts
	lone := map[string]int{}
	for _, r := range s {
		switch {
		case r < 0x80:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				sc.count[latin]++
			}
		case unicode.IsLetter(r):
			which, lang := scriptOf(r)
			sc.count[which]++
			if lang != "" {
				lone[lang]++
			}
		}
	}
	most := 0
	for i, n := range sc.count {
		sc.letters += n
		if weighed := weight(script(i)) * n; i != int(latin) && weighed > most {
			most, sc.main = weighed, script(i)
		}
	}
	// Names, addresses and code are in Latin letters in any text.
	if most*5 < sc.count[latin]*2 {
		sc.main = latin
	}
	for lang, n := range lone {
		if n > lone[sc.lone] || n == lone[sc.lone] && lang < sc.lone {
			sc.lone = lang
		}
	}
	return sc
}

// weight is how many letters one character of a script is worth.
func weight(s script) int {
	switch s {
	case han, kana, hangul:
		return 3
	}
	return 1
}

// A writing is a block of characters: its script, and its language where
// practically one uses it.
type writing struct {
	from, to rune
	script   script
	language string
}

// writings are the blocks of letters beyond ASCII, the most usual first.
var writings = []writing{
	{0x80, 0x36f, latin, ""}, {0x400, 0x52f, cyrillic, ""}, {0x600, 0x6ff, arabic, ""}, {0x4e00, 0x9fff, han, ""},
	{0x3040, 0x30ff, kana, ""}, {0xac00, 0xd7af, hangul, ""}, {0x900, 0x97f, devanagari, ""}, {0x5d0, 0x5ff, hebrew, ""},
	{0x370, 0x3ff, greek, ""}, {0xe00, 0xe7f, otherScript, "th"}, {0x1e00, 0x1eff, latin, ""}, {0x1f00, 0x1fff, greek, ""},
	{0x530, 0x58f, otherScript, "hy"}, {0x10a0, 0x10ff, otherScript, "ka"}, {0x1200, 0x139f, ethiopic, ""},
	{0x980, 0x9ff, otherScript, "bn"}, {0xa00, 0xa7f, otherScript, "pa"}, {0xa80, 0xaff, otherScript, "gu"},
	{0xb00, 0xb7f, otherScript, "or"}, {0xb80, 0xbff, otherScript, "ta"}, {0xc00, 0xc7f, otherScript, "te"},
	{0xc80, 0xcff, otherScript, "kn"}, {0xd00, 0xd7f, otherScript, "ml"}, {0xd80, 0xdff, otherScript, "si"},
	{0xe80, 0xeff, otherScript, "lo"}, {0xf00, 0xfff, otherScript, "bo"}, {0x1000, 0x109f, otherScript, "my"},
	{0x1780, 0x17ff, otherScript, "km"}, {0x1800, 0x18af, otherScript, "mn"}, {0x780, 0x7bf, otherScript, "dv"},
	{0x13a0, 0x13ff, otherScript, "chr"}, {0x1400, 0x167f, otherScript, "iu"}, {0x2d30, 0x2d7f, otherScript, "zgh"},
	{0x750, 0x77f, arabic, ""}, {0x8a0, 0x8ff, arabic, ""}, {0xfb50, 0xfdff, arabic, ""}, {0xfe70, 0xfeff, arabic, ""},
	{0xfb1d, 0xfb4f, hebrew, ""}, {0x31f0, 0x31ff, kana, ""}, {0xff66, 0xff9f, kana, ""}, {0x1100, 0x11ff, hangul, ""},
	{0x3400, 0x4dbf, han, ""}, {0xf900, 0xfaff, han, ""}, {0x20000, 0x323af, han, ""}, {0xa640, 0xa69f, cyrillic, ""},
	{0xa720, 0xa7ff, latin, ""}, {0xab30, 0xab6f, latin, ""}, {0xff21, 0xff5a, latin, ""},
}

// scriptOf returns the script of a letter beyond ASCII, and the language where
// only one uses it.
func scriptOf(r rune) (script, string) {
	for i := range writings {
		if w := &writings[i]; r >= w.from && r <= w.to {
			return w.script, w.language
		}
	}
	return otherScript, ""
}

// language returns the language of a text where its script tells, alone or by
// letters that only one language has.
func (sc scripts) language(s, expected string) string {
	switch sc.main {
	case greek:
		return "el"
	case hangul:
		return "ko"
	case kana:
		return "ja"
	case han:
		return sc.chineseOrJapanese(expected)
	case hebrew:
		if expected == "yi" {
			return expected
		}
		return "he"
	case otherScript:
		return sc.lone
	}
	if rules, ok := letterRules[sc.main]; ok {
		return rules.language(s, sc.count[sc.main], expected)
	}
	return ""
}

// chineseOrJapanese tells the two languages apart that are written with
// ideographs.
func (sc scripts) chineseOrJapanese(expected string) string {
	const fewCharacters = 12
	switch {
	case sc.count[kana] > 0 && sc.count[kana]*20 >= sc.count[han]:
		return "ja"
	case sc.count[han] < fewCharacters && expected == "ja":
		return "ja"
	}
	return "zh"
}

// A letterRule says which language letters speak for, how many of them a
// thousand letters must hold, and which languages have them too.
type letterRule struct {
	lang     string
	letters  string
	perMille int
	others   string
}

// A letterTable tells the languages of a script apart by letters that not all
// of them have, the most telling first.
type letterTable struct {
	rules []letterRule
	usual string // where no rule holds; empty when the letters do not tell
}

// letterRules are the tables of the scripts of several languages.
var letterRules = map[script]letterTable{
	arabic: {usual: "ar", rules: []letterRule{
		{"ur", "ٹڈڑںے", 12, ""}, {"ps", "ټډړښږڼې", 12, ""}, {"ckb", "ڕڵۆێە", 20, "ku"}, {"ug", "ۇۈېڭۋ", 20, ""},
		{"sd", "ٻڀٿڄڃڇڏڌ", 12, ""}, {"fa", "پچژگک", 10, "ur ckb ps ku"},
	}},
	cyrillic: {rules: []letterRule{
		{"be", "ўЎ", 5, ""}, {"uk", "їЇєЄґҐ", 5, ""}, {"mk", "ѓЃќЌѕЅ", 2, ""}, {"sr", "ђЂћЋљЉњЊ", 5, "mk"},
		{"kk", "әӘғҒқҚңҢұҰһҺ", 20, "ky tt mn"}, {"tt", "җҖ", 3, ""}, {"mn", "өӨүҮ", 20, "kk ky tt"}, {"ru", "ыЫэЭёЁ", 12, "be kk mn tt ky"},
	}},
	ethiopic: {usual: "am", rules: []letterRule{{"ti", "ኣኸቐ", 20, ""}}},
}

// language returns the language of the first rule that s, with that many
// letters of the script, satisfies, else the usual one. A short text is what
// is expected where that has the letters too.
func (t letterTable) language(s string, letters int, expected string) string {
	const short = 200
	for _, rule := range t.rules {
		n := countAny(s, rule.letters)
		if n == 0 || n*1000 < letters*rule.perMille {
			continue
		}
		if expected != "" && letters < short && slices.Contains(strings.Fields(rule.others), expected) {
			return expected
		}
		return rule.lang
	}
	return t.usual
}

// countAny counts the characters of s beyond ASCII that are among letters.
func countAny(s, letters string) int {
	n := 0
	for _, r := range s {
		if r >= 0x80 && strings.ContainsRune(letters, r) {
			n++
		}
	}
	return n
}

// allows reports whether a text in these scripts can be in lang.
func (sc scripts) allows(lang string) bool {
	usual, known := scriptsOf[lang]
	if !known {
		usual = []script{latin}
	}
	for _, s := range usual {
		if s == sc.main {
			return true
		}
	}
	return false
}

// scriptsOf says in which scripts a language is written, for those not written
// in Latin.
var scriptsOf = map[string][]script{
	"ru": {cyrillic}, "uk": {cyrillic}, "be": {cyrillic}, "bg": {cyrillic}, "mk": {cyrillic}, "sr": {cyrillic, latin},
	"kk": {cyrillic, latin}, "ky": {cyrillic}, "mn": {cyrillic, otherScript}, "tt": {cyrillic}, "tg": {cyrillic}, "uz": {latin, cyrillic}, "az": {latin, cyrillic},
	"el": {greek}, "ar": {arabic}, "fa": {arabic}, "ur": {arabic}, "ps": {arabic}, "ckb": {arabic}, "ug": {arabic}, "sd": {arabic}, "ku": {latin, arabic},
	"he": {hebrew}, "yi": {hebrew}, "zh": {han}, "ja": {han, kana}, "ko": {hangul, han},
	"hi": {devanagari}, "mr": {devanagari}, "ne": {devanagari}, "sa": {devanagari}, "am": {ethiopic}, "ti": {ethiopic},
	"hy": {otherScript}, "bn": {otherScript}, "pa": {otherScript}, "gu": {otherScript}, "or": {otherScript}, "ta": {otherScript}, "te": {otherScript},
	"kn": {otherScript}, "ml": {otherScript}, "si": {otherScript}, "th": {otherScript}, "lo": {otherScript}, "bo": {otherScript}, "my": {otherScript},
	"ka": {otherScript}, "km": {otherScript}, "dv": {otherScript},
}
