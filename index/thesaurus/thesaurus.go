// Package thesaurus reads the curator's file of equivalents across languages:
// one entry a line, its terms joined by equals signs.
//
//	# comment
//	innovation lab = laboratoire d'innovation = laboratorio de innovación
//	UNDP = PNUD
//
// A term may have several words. Terms are compared folded, so that case,
// accents, apostrophes and hyphens do not matter.
package thesaurus

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"caravan"
	"caravan/index/words"
)

// MaxTermWords is how many words a term may have.
const MaxTermWords = 6

// A Thesaurus is a set of entries. The zero value is empty. It never changes
// once parsed and is safe for concurrent use.
type Thesaurus struct {
	entries [][]string       // terms as written
	byKey   map[string][]int // forms of a term, see [forms] -> entries that have it
	longest int              // words of the longest term
}

// Parse reads a file of entries; name is the file's name in problems. A line
// with an error is left out, and the rest is used.
func Parse(name string, data []byte) (*Thesaurus, []caravan.Problem) {
	p := parser{name: name, t: &Thesaurus{byKey: make(map[string][]int)}, lines: make(map[string]int)}
	text := strings.TrimPrefix(string(data), "\ufeff")
	for n, line := range strings.Split(text, "\n") {
		p.line(n+1, strings.TrimSuffix(line, "\r"))
	}
	slices.SortStableFunc(p.problems, func(a, b caravan.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return p.t, p.problems
}

// A parser is the state of [Parse].
type parser struct {
	name     string
	t        *Thesaurus
	lines    map[string]int // folded terms -> the line that has them
	problems []caravan.Problem
}

func (p *parser) problem(line, column int, severity caravan.Severity, message string) {
	p.problems = append(p.problems, caravan.Problem{File: p.name, Line: line, Column: column, Severity: severity, Message: message})
}

// line reads one line: blank, a comment, or an entry.
func (p *parser) line(number int, line string) {
	if !utf8.ValidString(line) {
		p.problem(number, 1, caravan.SeverityError, "This line is not UTF-8 text. Save the file as UTF-8.")
		return
	}
	line, _, _ = strings.Cut(line, "#")
	if strings.TrimSpace(line) == "" {
		return
	}
	var terms, keys []string
	column, before := 1, len(p.problems)
	for part := range strings.SplitSeq(line, "=") {
		at := column + utf8.RuneCountInString(part) - utf8.RuneCountInString(strings.TrimLeft(part, " \t"))
		column += utf8.RuneCountInString(part) + 1
		term := strings.Join(strings.Fields(part), " ")
		key, message := check(term)
		switch {
		case message != "":
			p.problem(number, at, caravan.SeverityError, message)
		case slices.ContainsFunc(terms, func(t string) bool { return strings.EqualFold(t, term) }):
			p.problem(number, at, caravan.SeverityWarning, fmt.Sprintf("%q stands twice on this line. Remove one.", term))
		case slices.Contains(keys, key): // two languages differ by an accent only
		default:
			if other, ok := p.lines[key]; ok {
				p.problem(number, at, caravan.SeverityWarning, fmt.Sprintf("%q already stands on line %d; both lines apply to it. Join them if they mean the same.", term, other))
			}
			terms, keys = append(terms, term), append(keys, key)
		}
	}
	if len(terms) < 2 {
		if len(p.problems) > before {
			return
		}
		p.problem(number, 1, caravan.SeverityError, "An entry needs at least two terms. Write them on one line, joined by equals signs.")
		return
	}
	p.add(number, terms, keys)
}

// check returns a term's folded form, or what is wrong with it.
func check(term string) (key, message string) {
	key = words.Key(term)
	switch {
	case term == "":
		return "", "A term is missing. Write one, or remove the equals sign."
	case key == "":
		return "", fmt.Sprintf("%q has no letters or digits. Write a word.", term)
	case strings.Count(key, " ")+1 > MaxTermWords:
		return "", fmt.Sprintf("%q has more than %d words. Use a shorter term.", term, MaxTermWords)
	case len(key) == 1:
		return "", fmt.Sprintf("%q is a single letter and would match too much. Use a longer term.", term)
	case tooCommon(term):
		return "", fmt.Sprintf("%q is so common that articles are not searched for it. Use a longer term, or capitals for an abbreviation.", term)
	}
	return key, ""
}

// tooCommon reports whether a term has only words that are stop words of one
// language. Abbreviations may be spelled like one: UN, IT.
func tooCommon(term string) bool {
	return term != strings.ToUpper(term) && slices.ContainsFunc(words.Groups(), func(g string) bool {
		return !slices.ContainsFunc(words.For(g).Terms(term), func(t words.Term) bool { return !t.Stop })
	})
}

func (p *parser) add(number int, terms, keys []string) {
	entry := len(p.t.entries)
	p.t.entries = append(p.t.entries, terms)
	for i, key := range keys {
		for _, form := range forms(terms[i]) {
			if !slices.Contains(p.t.byKey[form], entry) {
				p.t.byKey[form] = append(p.t.byKey[form], entry)
			}
		}
		if _, ok := p.lines[key]; !ok {
			p.lines[key] = number
		}
		p.t.longest = max(p.t.longest, strings.Count(key, " ")+1)
	}
}

// Len returns the number of entries.
func (t *Thesaurus) Len() int { return len(t.entries) }

// Longest returns how many words the longest term has.
func (t *Thesaurus) Longest() int { return t.longest }

// Equivalents returns the terms that stand for term, as written, without it. A
// term is recognised in every inflection: "innovation labs" has the equivalents
// of "innovation lab".
func (t *Thesaurus) Equivalents(term string) []string {
	seen := map[string]bool{words.Key(term): true}
	own := forms(term)
	var others []string
	for _, form := range own {
		for _, entry := range t.byKey[form] {
			for _, other := range t.entries[entry] {
				if k := words.Key(other); !seen[k] && !slices.Contains(forms(other), form) {
					seen[k] = true
					others = append(others, other)
				}
			}
		}
	}
	return others
}

// forms returns the keys under which a term is found: its stems in each
// language, with the language before them.
func forms(term string) []string {
	groups := words.Groups()
	keys := make([]string, 0, len(groups))
	for _, g := range groups {
		var b strings.Builder
		b.WriteString(g)
		for _, t := range words.For(g).Terms(term) {
			if !t.Joined {
				b.WriteString(" " + t.Stem)
			}
		}
		keys = append(keys, b.String())
	}
	return keys
}
