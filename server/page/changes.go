package page

import (
	"time"

	"caravan"
	"caravan/server/locale"
	"caravan/server/page/worddiff"
)

// A Change is what its publisher changed of an item, at one time.
type Change struct {
	Stamp string // RFC 3339
	When  string
	What  string // "title only"
	Title []Words
	Text  []Words
	Note  string // how much of the text changed, or why it is not shown
}

// Words are some words of a change.
type Words struct {
	Text string
	Del  bool // taken out
	Ins  bool // put in
	Gap  bool // stands for words that did not change
}

// How much of the changes a page shows.
const (
	changesShown = 10
	aroundTitle  = 100 // words beside a change
	aroundText   = 8
)

// changes are what was changed of an item after it was first seen, newest first,
// as much of it as its source lets be shown.
func (b *builder) changes(in StoryInput) []Change {
	var list []Change
	newer := caravan.Revision{At: in.Item.Changed, Title: in.Item.Title, Text: in.Item.Text}
	for _, older := range in.Revisions[:min(len(in.Revisions), changesShown)] {
		list = append(list, b.change(older, newer, in))
		newer = older
	}
	return list
}

// change compares what an item said with what it said next.
func (b *builder) change(older, newer caravan.Revision, in StoryInput) Change {
	l := b.Lang
	c := Change{Stamp: stamp(newer.At), When: b.timeOf(newer.At)}
	title := worddiff.Words(older.Title, newer.Title, aroundTitle)
	text := worddiff.Words(older.Text, newer.Text, aroundText)
	switch changed := text.Added+text.Removed > 0; {
	case title.Added+title.Removed == 0 && !changed:
		c.What = l.T("item.change-marks")
	case !changed:
		c.What = l.T("item.change-title")
	case title.Added+title.Removed == 0:
		c.What = l.T("item.change-text")
	default:
		c.What = l.T("item.change-both")
	}
	c.Title = wordsOf(title, in.Item.Language)
	if title.Rewritten {
		c.Title = []Words{{Text: typeset(older.Title, in.Item.Language), Del: true}, {Text: typeset(newer.Title, in.Item.Language), Ins: true}}
	}
	switch show := in.Source.Settings.Show; {
	case text.Added+text.Removed == 0:
	case show == caravan.ShowExcerpt || show == caravan.ShowTitle:
		c.Note = l.T("item.change-policy")
	case text.Rewritten:
		c.Note = l.T("item.change-rewritten", text.Removed, text.Added)
	default:
		c.Note = l.T("item.change-words", text.Removed, text.Added)
		c.Text = wordsOf(text, in.Item.Language)
	}
	return c
}

// wordsOf makes the words of a page from a comparison.
func wordsOf(d worddiff.Diff, language string) []Words {
	var out []Words
	for _, p := range d.Parts {
		out = append(out, Words{
			Text: typeset(p.Text, language), Del: p.Kind == worddiff.Removed, Ins: p.Kind == worddiff.Added, Gap: p.Kind == worddiff.Skipped,
		})
	}
	return out
}

// timeOf writes a moment with its day and its zone.
func (b *builder) timeOf(t time.Time) string {
	t = t.In(b.Zone)
	return b.Lang.ShortDate(t) + ", " + locale.Clock(t) + " " + t.Format("MST")
}
