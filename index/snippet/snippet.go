// Package snippet shows what a query matched in an article: the title and a few
// of its sentences, in plain text, with the matches set apart.
package snippet

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan"
	"caravan/index/query"
	"caravan/index/words"
)

// mostRunes is about how many characters of the text are shown.
const mostRunes = 280

// A Marker marks in texts of one language group what a query matched there. It is
// safe for concurrent use.
type Marker struct {
	analyzer *words.Analyzer
	wanted   []wanted
}

// A wanted is one condition on text, analysed for the language of the text.
type wanted struct {
	text   query.Text
	parts  []words.Term
	joined string
}

// New returns a marker for texts of a language group.
func New(q query.Query, group string) Marker {
	m := Marker{analyzer: words.For(group)}
	q.Walk(func(leaf query.Node, negated bool) {
		t, ok := leaf.(query.Text)
		if !ok || negated || t.In == query.Author {
			return
		}
		parts, joined := query.Split(m.analyzer.Terms(t.Words))
		if len(parts) > 0 {
			m.wanted = append(m.wanted, wanted{t, parts, joined})
		}
	})
	return m
}

// A mark is a stretch of text that a condition matched.
type mark struct {
	start, end int // bytes
	by         int // which condition
}

// marks returns what stands in text, in order and without overlap. Words that
// are too common to count are marked where nothing else was asked for, or in a
// run with others.
func (m Marker) marks(text string, title bool) []mark {
	terms := m.analyzer.Terms(text)
	byStem := make(map[string][]int)
	for i, t := range terms {
		byStem[t.Stem] = append(byStem[t.Stem], i)
	}
	var marks []mark
	for n, w := range m.wanted {
		if w.text.In == query.Title && !title {
			continue
		}
		for _, span := range w.find(terms, byStem) {
			marks = append(marks, mark{span[0], span[1], n})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	kept := marks[:0]
	for _, k := range marks {
		if len(kept) == 0 || k.start >= kept[len(kept)-1].end {
			kept = append(kept, k)
		}
	}
	return kept
}

// find returns the byte ranges of terms that a condition matches.
func (w wanted) find(terms []words.Term, byStem map[string][]int) [][2]int {
	var spans [][2]int
	if w.text.Prefix {
		last := w.parts[len(w.parts)-1].Text
		for _, t := range terms {
			if strings.HasPrefix(t.Text, last) && !t.Joined {
				spans = append(spans, [2]int{t.Start, t.End})
			}
		}
		return spans
	}
	for _, i := range byStem[w.joined] {
		spans = append(spans, [2]int{terms[i].Start, terms[i].End})
	}
	for _, i := range byStem[w.parts[0].Stem] {
		if end, ok := w.runFrom(terms, i); ok {
			spans = append(spans, [2]int{terms[i].Start, end})
		}
	}
	return spans
}

// runFrom reports whether the condition's words stand side by side from the
// term i on, and where they end.
func (w wanted) runFrom(terms []words.Term, i int) (end int, ok bool) {
	base := terms[i].Pos - w.parts[0].Pos
	end = terms[i].End
	for _, p := range w.parts {
		for i < len(terms) && (terms[i].Pos < base+p.Pos || terms[i].Pos == base+p.Pos && terms[i].Joined && terms[i].Stem != p.Stem) {
			i++
		}
		if i >= len(terms) || terms[i].Pos != base+p.Pos || terms[i].Stem != p.Stem || w.text.Quoted && terms[i].Text != p.Text {
			return 0, false
		}
		end = terms[i].End
	}
	return end, true
}

// fragments cuts text[from:to] at the marks.
func fragments(text string, from, to int, marks []mark) []caravan.Fragment {
	var out []caravan.Fragment
	add := func(s string, hit bool) {
		if s != "" {
			out = append(out, caravan.Fragment{Text: s, Hit: hit})
		}
	}
	at := from
	for _, k := range marks {
		if k.start < at || k.end > to {
			continue
		}
		add(text[at:k.start], false)
		add(text[k.start:k.end], true)
		at = k.end
	}
	add(text[at:to], false)
	return out
}

// A Cut is what is shown of an article, and how much of the query is in it.
type Cut struct {
	Title, Text []caravan.Fragment
	Matched     int // conditions seen in title or text
}

// Cut cuts out of an article what is shown of it: the title whole, and of the
// text about 280 characters.
func (m Marker) Cut(title, text string) Cut {
	titleMarks, marks := m.marks(title, true), m.marks(text, false)
	seen := make(map[int]bool)
	for _, k := range slices.Concat(titleMarks, marks) {
		seen[k.by] = true
	}
	return Cut{
		Title:   fragments(title, 0, len(title), titleMarks),
		Text:    excerpt(text, marks),
		Matched: len(seen),
	}
}

// excerpt cuts the sentences out of text that show most of what was matched;
// the beginning, when nothing was.
func excerpt(text string, marks []mark) []caravan.Fragment {
	all := bridged(sentences(text), marks)
	if len(all) == 0 {
		return nil
	}
	first := bestSentence(all, marks, nil)
	from, to := window(text, all[first], marks)
	out := fragments(text, from, to, marks)
	if from > all[0].start {
		out = prepend("… ", out)
	}
	last, room := first, mostRunes-utf8.RuneCountInString(text[from:to])
	if to == all[first].end {
		if second := bestSentence(all, marks, shown(marks, from, to)); second > first+1 && room > 60 {
			f, t := window(text, all[second], marks)
			if utf8.RuneCountInString(text[f:t]) <= room {
				out = append(append(out, caravan.Fragment{Text: " … "}), fragments(text, f, t, marks)...)
				last, to, room = second, t, 0
			}
		}
		for next := last + 1; next < len(all); next++ {
			if room -= utf8.RuneCountInString(text[all[next].start:all[next].end]) + 1; room < 0 {
				break
			}
			out = append(append(out, caravan.Fragment{Text: " "}), fragments(text, all[next].start, all[next].end, marks)...)
			to = all[next].end
		}
	}
	if to < all[len(all)-1].end {
		out = append(out, caravan.Fragment{Text: " …"})
	}
	return joined(out)
}

func prepend(s string, f []caravan.Fragment) []caravan.Fragment {
	return append([]caravan.Fragment{{Text: s}}, f...)
}

// joined joins neighbours that are not hits.
func joined(f []caravan.Fragment) []caravan.Fragment {
	var out []caravan.Fragment
	for _, x := range f {
		if n := len(out); n > 0 && !x.Hit && !out[n-1].Hit {
			out[n-1].Text += x.Text
			continue
		}
		out = append(out, x)
	}
	return out
}

// shown returns the conditions marked between two bytes.
func shown(marks []mark, from, to int) map[int]bool {
	seen := make(map[int]bool)
	for _, k := range marks {
		if k.start >= from && k.end <= to {
			seen[k.by] = true
		}
	}
	return seen
}

// bestSentence returns the first sentence with the most conditions that are not
// in seen; 0 when none has any.
func bestSentence(all []span, marks []mark, seen map[int]bool) int {
	best, most, k := 0, 0, 0
	for i, s := range all {
		here := make(map[int]bool)
		for ; k < len(marks) && marks[k].start < s.end; k++ {
			if !seen[marks[k].by] && marks[k].start >= s.start {
				here[marks[k].by] = true
			}
		}
		if len(here) > most {
			best, most = i, len(here)
		}
	}
	return best
}

// window returns the sentence, or of a long one a part around its first mark,
// cut between words.
func window(text string, s span, marks []mark) (from, to int) {
	if utf8.RuneCountInString(text[s.start:s.end]) <= mostRunes {
		return s.start, s.end
	}
	from = s.start
	for _, k := range marks {
		if k.start >= s.start && k.end <= s.end {
			from = max(s.start, stepRunes(text, k.start, -mostRunes/3))
			break
		}
	}
	if from > s.start {
		if blank := strings.IndexFunc(text[from:s.end], unicode.IsSpace); blank >= 0 && blank < mostRunes/3 {
			from += blank + 1
		}
	}
	to = min(s.end, stepRunes(text, from, mostRunes))
	for _, k := range marks {
		if k.start < to && k.end > to {
			return from, k.end // a phrase stays whole
		}
	}
	if to < s.end {
		if blank := strings.LastIndexFunc(text[from:to], unicode.IsSpace); blank > 0 {
			to = from + blank
		}
	}
	return from, to
}

// stepRunes returns the byte n characters on from at, or back when n is
// negative.
func stepRunes(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	for ; n < 0 && at > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}
