package snippet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan"
)

// A span is a sentence's bytes, without the blanks around it.
type span struct{ start, end int }

// sentences parts text at full stops and line ends. What is very short stays
// with what follows.
func sentences(text string) []span {
	const shortest = 20
	var out []span
	start := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		stop := i
		i += size
		if !ends(r) {
			continue
		}
		for i < len(text) {
			next, n := utf8.DecodeRuneInString(text[i:])
			if !strings.ContainsRune(`"'’”»)]`, next) && !ends(next) {
				break
			}
			i += n
		}
		if i < len(text) && r != '\n' && (i-start < shortest || !parts(text, stop, i, r)) {
			continue
		}
		if s, ok := trimmed(text, start, i); ok {
			out = append(out, s)
		}
		start = i
	}
	if s, ok := trimmed(text, start, len(text)); ok {
		out = append(out, s)
	}
	return out
}

func ends(r rune) bool { return strings.ContainsRune(".!?…。！？؟।\n", r) }

// parts reports whether the mark r at stop, with what closes behind it up to next,
// ends a sentence: not before a small letter ([UAX #29], SB8), and not behind an
// initial or an abbreviation.
//
// [UAX #29]: https://www.unicode.org/reports/tr29/#Sentence_Boundary_Rules
func parts(text string, stop, next int, r rune) bool {
	if strings.ContainsRune("。！？", r) {
		return true
	}
	if c, _ := utf8.DecodeRuneInString(text[next:]); !unicode.IsSpace(c) {
		return false
	}
	if r != '.' && r != '…' {
		return true
	}
	rest := strings.TrimLeft(text[next:], " \t\u00a0\u202f")
	if c, _ := utf8.DecodeRuneInString(rest); unicode.IsLower(c) {
		return false
	}
	return r != '.' || !abbreviates(text[:stop])
}

// abbreviates reports whether a text ends with a word that a full stop shortens.
func abbreviates(text string) bool {
	from := len(text)
	for from > 0 {
		c, size := utf8.DecodeLastRuneInString(text[:from])
		if !unicode.IsLetter(c) {
			break
		}
		from -= size
	}
	word := text[from:]
	return utf8.RuneCountInString(word) == 1 || abbreviations[caravan.Fold(word)]
}

// abbreviations are words that seldom end a sentence when a full stop follows, in
// the languages that have stems; single letters are known without them.
var abbreviations = set(`
	adm al approx art ave blvd ca capt cf chap col dept dr ed eds eg est fig figs gen gov hon ie lt maj messrs mr mrs ms mt no nos
	op pp prof pt rep rev sen sgt sr st ste vol vols vs
	av bd env ex mgr mlle mlles mm mme mmes num
	dna dra lic ing pag pags sra sras srta ud uds
	eng exma exmo profa
	allg bzw evtl ggf hr inkl nr od sog str tel usw vgl zzgl
	avv dott on sig
	bijv blz dhr drs mevr mw`)

func set(list string) map[string]bool {
	words := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		words[w] = true
	}
	return words
}

// trimmed returns the span without blanks around it, if anything is left.
func trimmed(text string, start, end int) (span, bool) {
	s := text[start:end]
	left := strings.TrimLeftFunc(s, unicode.IsSpace)
	start = end - len(left)
	end = start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return span{start, end}, start < end
}

// bridged joins the sentences over whose ends a mark reaches. marks are in order
// and do not overlap.
func bridged(all []span, marks []mark) []span {
	out := all[:0]
	for _, s := range all {
		for len(marks) > 0 && len(out) > 0 && marks[0].end <= out[len(out)-1].end {
			marks = marks[1:]
		}
		if n := len(out); n > 0 && len(marks) > 0 && marks[0].start < out[n-1].end {
			out[n-1].end = s.end
			continue
		}
		out = append(out, s)
	}
	return out
}
