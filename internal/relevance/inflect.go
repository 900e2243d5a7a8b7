package main

import (
	"slices"
	"strings"
	"unicode"

	"caravan/index/query"
	"caravan/index/words"
)

// An inflector puts the nouns and adjectives of a query into the other number,
// as somebody would who has the same thing in mind. Verbs, names and words of
// one number stay as they are: it changes a word only to a form that articles
// of the language have, or that an ending of nouns alone vouches for.
type inflector struct {
	language string
	known    func(word string) bool
}

// inflect returns the query in the other number; empty when no word of it has
// one.
func (f inflector) inflect(q string) string {
	fields := strings.Fields(q)
	changed := false
	for k, w := range fields {
		if !f.mayChange(w, k == 0) {
			continue
		}
		if other := f.other(w); other != "" {
			fields[k], changed = other, true
		}
	}
	if !changed {
		return ""
	}
	return strings.Join(fields, " ")
}

// mayChange passes over what is no noun: words with signs, short and common
// ones, and names, which only English writes as it writes its titles.
func (f inflector) mayChange(w string, first bool) bool {
	letters := []rune(w)
	if len(letters) < 4 || slices.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return false
	}
	if unicode.IsUpper(letters[0]) && !first && f.language != "en" || unicode.IsUpper(letters[1]) {
		return false
	}
	return !query.Ignorable(query.Text{Words: w}, words.For(f.language))
}

// other returns the first form of the other number that is vouched for; empty
// when none is.
func (f inflector) other(w string) string {
	for _, form := range numbers(w, f.language) {
		if f.known(strings.ToLower(form)) || nominal(w, f.language) {
			return form
		}
	}
	return ""
}

// A change of an ending makes the other number of a word.
type change struct{ from, to string }

// endings are the rules of each language, in order; the plural ones first. The
// first half of what a rule's two sides mean is the language's grammar: Spanish
// adds -es after consonants and moves the accent, Portuguese has three plurals
// of -ão.
func endings(language string) []change {
	return map[string][]change{
		"en": {{"ies", "y"}, {"sses", "ss"}, {"xes", "x"}, {"ches", "ch"}, {"shes", "sh"}, {"ss", "sses"}, {"s", ""},
			{"ay", "ays"}, {"ey", "eys"}, {"oy", "oys"}, {"y", "ies"}, {"x", "xes"}, {"ch", "ches"}, {"sh", "shes"}, {"", "s"}},
		"fr": {{"eaux", "eau"}, {"aux", "al"}, {"eux", "eu"}, {"s", ""}, {"eau", "eaux"}, {"al", "aux"}, {"eu", "eux"}, {"", "s"}},
		"es": {{"iones", "ión"}, {"eses", "és"}, {"anes", "án"}, {"ces", "z"}, {"res", "r"}, {"les", "l"}, {"des", "d"}, {"nes", "n"}, {"íses", "ís"}, {"s", ""},
			{"ión", "iones"}, {"és", "eses"}, {"án", "anes"}, {"z", "ces"}, {"r", "res"}, {"l", "les"}, {"d", "des"}, {"n", "nes"}, {"ís", "íses"},
			{"a", "as"}, {"e", "es"}, {"o", "os"}},
		"pt": {{"ões", "ão"}, {"ães", "ão"}, {"ãos", "ão"}, {"ais", "al"}, {"éis", "el"}, {"eis", "el"}, {"eis", "il"}, {"óis", "ol"}, {"is", "il"},
			{"ns", "m"}, {"res", "r"}, {"zes", "z"}, {"eses", "ês"}, {"s", ""},
			{"ão", "ões"}, {"ão", "ãos"}, {"ão", "ães"}, {"al", "ais"}, {"el", "éis"}, {"el", "eis"}, {"ol", "óis"}, {"il", "is"}, {"il", "eis"},
			{"m", "ns"}, {"r", "res"}, {"z", "zes"}, {"ês", "eses"}, {"a", "as"}, {"e", "es"}, {"o", "os"}},
	}[language]
}

// numbers returns what the other number of a word may be, by its language.
func numbers(w, language string) []string {
	var forms []string
	for _, c := range endings(language) {
		if stem, ok := strings.CutSuffix(w, c.from); ok && len(stem) > 1 {
			forms = append(forms, stem+c.to)
		}
	}
	return forms
}

// nominal reports whether a word has an ending that only nouns and adjectives
// have, so that its other number is a word whether or not an article has it.
func nominal(w, language string) bool {
	return slices.ContainsFunc(map[string][]string{
		"en": {"tion", "tions", "ment", "ments", "ity", "ities", "ness", "ship", "ships"},
		"fr": {"tion", "tions", "té", "tés", "isme", "iste", "istes", "teur", "teurs"},
		"es": {"ción", "ciones", "dad", "dades", "miento", "mientos", "ismo", "ista", "istas", "dor", "dores"},
		"pt": {"ção", "ções", "dade", "dades", "mento", "mentos", "ismo", "ista", "istas", "dor", "dores"},
	}[language], func(ending string) bool { return strings.HasSuffix(strings.ToLower(w), ending) })
}
