// Package locale holds the words of the interface in its four languages: the
// one table of messages, and how each language writes numbers, dates, lengths of
// time and the names of languages. Everything in it is a function of values and
// safe for concurrent use.
package locale

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// A Lang is a language of the interface, as a primary subtag. Its methods turn
// keys, numbers and times into words of that language.
type Lang string

// The languages of the interface.
const (
	English    Lang = "en"
	French     Lang = "fr"
	Spanish    Lang = "es"
	Portuguese Lang = "pt"
)

// Langs lists the languages of the interface, the first being the one that
// others fall back to.
func Langs() []Lang { return []Lang{English, French, Spanish, Portuguese} }

// ChooseLang decides the language of the interface: the one asked for with
// ?lang= when it is one of ours, else the best match of an Accept-Language
// header, else English. Chosen reports whether it was asked for, and so has to
// be kept in links.
func ChooseLang(asked, accept string) (lang Lang, chosen bool) {
	for _, l := range Langs() {
		if string(l) == asked {
			return l, true
		}
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return English, false
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		for _, l := range Langs() {
			if string(l) == base.String() {
				return l, false
			}
		}
	}
	return English, false
}

// Number writes n with the thousands separator of l.
func (l Lang) Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	sep := map[Lang]string{English: ",", French: "\u202f", Spanish: "\u202f", Portuguese: "."}[l]
	if l == Spanish && len(s) <= 4 { // four figures stay together in Spanish
		return sign + s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + sep + s[i:]
	}
	return sign + s
}

// one reports whether n takes the singular in l (CLDR's category "one").
func (l Lang) one(n int) bool {
	if l == French || l == Portuguese {
		return n == 0 || n == 1
	}
	return n == 1
}

// endonyms are the names of languages in themselves, for badges and filters.
var endonyms = map[string]string{
	"af": "Afrikaans", "am": "አማርኛ", "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština",
	"cy": "Cymraeg", "da": "Dansk", "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti",
	"eu": "Euskara", "fa": "فارسی", "fi": "Suomi", "fr": "Français", "ga": "Gaeilge", "gl": "Galego", "he": "עברית",
	"hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia", "is": "Íslenska", "it": "Italiano",
	"ja": "日本語", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "ms": "Bahasa Melayu", "nb": "Norsk bokmål",
	"nl": "Nederlands", "no": "Norsk", "pl": "Polski", "ps": "پښتو", "pt": "Português", "ro": "Română", "ru": "Русский",
	"sk": "Slovenčina", "sl": "Slovenščina", "sq": "Shqip", "sr": "Српски", "sv": "Svenska", "sw": "Kiswahili",
	"ta": "தமிழ்", "th": "ไทย", "tl": "Tagalog", "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt",
	"zh": "中文", "zu": "isiZulu",
}

// Primary returns the primary subtag of a BCP 47 tag in lower case, or the
// empty string when tag is none.
func Primary(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	if len(base) < 2 || len(base) > 3 {
		return ""
	}
	for _, r := range base {
		if r < 'A' || r > 'Z' && r < 'a' || r > 'z' {
			return ""
		}
	}
	return strings.ToLower(base)
}

// Endonym names a language in itself ("Français"), or returns its subtag in
// capitals when it has no name here.
func Endonym(tag string) string {
	p := Primary(tag)
	if name, ok := endonyms[p]; ok {
		return name
	}
	return strings.ToUpper(p)
}

// Direction returns "rtl" for languages written from right to left, else "ltr";
// a language that is not known has none.
func Direction(tag string) string {
	switch Primary(tag) {
	case "":
		return ""
	case "ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi":
		return "rtl"
	}
	return "ltr"
}
