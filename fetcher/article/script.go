package article

import (
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
	for i := 0; i < len(s); i++ {
		if b := s[i]; b < 0x80 {
			if b|0x20 >= 'a' && b|0x20 <= 'z' {
				sc.count[latin]++
			}
		}
	}
	for _, r := range s {
		if r < 0x80 || !unicode.IsLetter(r) {
			continue
		}
		which, lang := scriptOf(r)
		sc.count[which]++
		if lang != "" {
			lone[lang]++
		}
	}
	sc.main = latin
	most := 0
	for i, n := range sc.count {
		sc.letters += n
		if i != int(latin) && weight(script(i))*n > most {
			most, sc.main = weight(script(i))*n, script(i)
		}
	}
	// Names, addresses and code are in Latin letters in any text.
	if most*5 < sc.count[latin]*2 || most == 0 {
		sc.main = latin
	}
	for lang, n := range lone {
		if sc.lone == "" || n > lone[sc.lone] || n == lone[sc.lone] && lang < sc.lone {
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

// scriptOf returns the script of a letter beyond ASCII, and the language where
// only one uses it.
func scriptOf(r rune) (script, string) {
	switch {
	case r < 0x370:
		return latin, ""
	case r < 0x400:
		return greek, ""
	case r < 0x530:
		return cyrillic, ""
	case r >= 0x590 && r < 0x600 || r >= 0xfb1d && r < 0xfb50:
		return hebrew, ""
	case r >= 0x600 && r < 0x780 && !(r >= 0x700 && r < 0x750) || r >= 0x8a0 && r < 0x900 || r >= 0xfb50 && r < 0xfe00 || r >= 0xfe70 && r < 0xff00:
		return arabic, ""
	case r >= 0x900 && r < 0x980:
		return devanagari, ""
	case r >= 0x1200 && r < 0x13a0:
		return ethiopic, ""
	case r >= 0x1e00 && r < 0x1f00:
		return latin, ""
	case r >= 0x1f00 && r < 0x2000:
		return greek, ""
	case r >= 0x3040 && r < 0x3100 || r >= 0x31f0 && r < 0x3200 || r >= 0xff66 && r < 0xffa0:
		return kana, ""
	case r >= 0x1100 && r < 0x1200 || r >= 0xac00 && r < 0xd7b0:
		return hangul, ""
	case unicode.Is(unicode.Han, r):
		return han, ""
	case unicode.Is(unicode.Latin, r):
		return latin, ""
	}
	for _, b := range loneBlocks {
		if r >= b.from && r <= b.to {
			return otherScript, b.lang
		}
	}
	return otherScript, ""
}

// loneBlocks are the blocks of scripts that practically one language uses.
var loneBlocks = []struct {
	from, to rune
	lang     string
}{
	{0x530, 0x58f, "hy"}, {0x780, 0x7bf, "dv"}, {0x980, 0x9ff, "bn"}, {0xa00, 0xa7f, "pa"}, {0xa80, 0xaff, "gu"},
	{0xb00, 0xb7f, "or"}, {0xb80, 0xbff, "ta"}, {0xc00, 0xc7f, "te"}, {0xc80, 0xcff, "kn"}, {0xd00, 0xd7f, "ml"},
	{0xd80, 0xdff, "si"}, {0xe00, 0xe7f, "th"}, {0xe80, 0xeff, "lo"}, {0xf00, 0xfff, "bo"}, {0x1000, 0x109f, "my"},
	{0x10a0, 0x10ff, "ka"}, {0x1780, 0x17ff, "km"}, {0x1800, 0x18af, "mn"}, {0x13a0, 0x13ff, "chr"}, {0x1400, 0x167f, "iu"},
	{0x2d30, 0x2d7f, "zgh"},
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
		if sc.count[kana]*20 >= sc.count[han] && sc.count[kana] > 0 {
			return "ja"
		}
		if sc.count[han] < 12 && (expected == "ja" || expected == "zh") {
			return expected
		}
		return "zh"
	case hebrew:
		if expected == "yi" {
			return expected
		}
		return "he"
	case arabic:
		return byLetters(s, sc.count[arabic], arabicLetters, "ar", expected)
	case cyrillic:
		return byLetters(s, sc.count[cyrillic], cyrillicLetters, "", expected)
	case ethiopic:
		return byLetters(s, sc.count[ethiopic], ethiopicLetters, "am", expected)
	case otherScript:
		return sc.lone
	}
	return ""
}

// A letterRule says which language letters speak for, and how many of them a
// thousand letters must hold.
type letterRule struct {
	lang     string
	letters  string
	perMille int
}

// arabicLetters tell the languages in Arabic script apart, the most telling
// first.
var arabicLetters = []letterRule{
	{"ur", "ٹڈڑںے", 12}, {"ps", "ټډړښږڼې", 12}, {"ckb", "ڕڵۆێە", 20}, {"ug", "ۇۈېڭۋ", 20}, {"sd", "ٻڀٿڄڃڇڏڌ", 12}, {"fa", "پچژگک", 10},
}

// cyrillicLetters tell the languages in Cyrillic script apart.
var cyrillicLetters = []letterRule{
	{"be", "ўЎ", 5}, {"uk", "їЇєЄґҐ", 5}, {"mk", "ѓЃќЌѕЅ", 2}, {"sr", "ђЂћЋљЉњЊ", 5}, {"kk", "әӘғҒқҚңҢұҰһҺ", 20}, {"tt", "җҖ", 3},
	{"mn", "өӨүҮ", 20}, {"ru", "ыЫэЭёЁ", 12},
}

// ethiopicLetters tell the languages in Ethiopic script apart.
var ethiopicLetters = []letterRule{{"ti", "ኣኸቐ", 20}}

// byLetters returns the language of the first rule that s satisfies, else
// usual, unless another of the same script is expected.
func byLetters(s string, total int, rules []letterRule, usual, expected string) string {
	for _, rule := range rules {
		n := 0
		for _, r := range s {
			if r >= 0x80 && strings.ContainsRune(rule.letters, r) {
				n++
			}
		}
		if n*1000 >= total*rule.perMille && n > 0 {
			if expected != "" && total < 200 && sharesLetters(expected, rule.lang) {
				return expected
			}
			return rule.lang
		}
	}
	return usual
}

// sharesLetters reports whether a language that is expected also has the
// letters that were taken for another's.
func sharesLetters(expected, found string) bool {
	switch found {
	case "ru":
		return expected == "be" || expected == "kk" || expected == "mn" || expected == "tt" || expected == "ky"
	case "kk", "mn":
		return expected == "ky" || expected == "tt" || expected == "kk" || expected == "mn"
	case "sr":
		return expected == "mk"
	case "fa":
		return expected == "ur" || expected == "ckb" || expected == "ps" || expected == "ku"
	}
	return false
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
