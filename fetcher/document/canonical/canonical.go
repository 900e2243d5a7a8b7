// Package canonical rewrites the XML of a feed, as publishers send it, into a
// canonical document: well-formed, of known depth and size, in the names, text
// and dates of one form. It holds nothing that was not understood, so that a
// parser which trusts its input may read it.
//
// [FindRoot] finds the feed among what stands around it, [Rewrite] rewrites it.
// [Problems] collects what had to be repaired on the way. Everything takes time
// and memory in proportion to the source, whatever is in it.
package canonical

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"caravan/fetcher/document/markup"
)

// A Document is what a feed's XML is rewritten to before gofeed reads it: every
// element closed and of known depth, every name with its usual prefix
// and in lower case, text in one form, dates in one form, addresses resolved
// against xml:base, nothing that is of no use. No publisher's tag reaches
// gofeed's recursive parser as it stands, so what was counted here is what that
// parser sees.
type Document struct {
	Atom      bool
	Format    string
	head      []byte  // the feed's own elements
	Body      []byte  // all entries, one after the other
	Entries   []Entry // in the order of the source
	Dropped   int     // entries left out already, as too many
	Lang      string  // xml:lang of the root or channel
	About     string  // rdf:about of the channel
	Truncated bool    // the source ends before the root element does
}

// An Entry is an item on its way to gofeed, and what gofeed would drop or bend.
type Entry struct {
	Body     Span // in the document's Body
	Source   Span // in the document's text
	ID       string
	About    string // rdf:about
	Lang     string
	Base     string // xml:base of its content, or of the item
	Title    markup.Wording
	Summary  markup.Wording
	Content  markup.Wording
	Src      string    // where out-of-line content is
	Newest   time.Time // of its dates
	elements int
	cut      bool // the document ends inside it
	whole    bool // though cut, only its end tag is missing
}

// A Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// Of returns the part of b that the span names.
func (s Span) Of(b []byte) []byte { return b[s.Start:s.End] }

// Empty reports whether the source held neither an item nor a word about a feed.
func (c *Document) Empty() bool { return len(c.Entries) == 0 && len(c.head) == 0 }

// DropCut leaves out the item that the end of the document cut off, unless
// nothing but its end tag is missing, or it is wanted and has something to show.
func (c *Document) DropCut(wanted bool, p *Problems) {
	n := len(c.Entries) - 1
	switch {
	case n < 0 || !c.Entries[n].cut:
	case c.Entries[n].whole:
		p.Note(-1, "the end of the last item is missing")
	case !wanted || c.Entries[n].elements == 0:
		c.Entries = c.Entries[:n]
	default:
		p.Note(c.Entries[n].Source.Start, "the document ends inside this item")
	}
}

// KeepNewest leaves out all but the newest limit items.
func (c *Document) KeepNewest(limit int, p *Problems) {
	if len(c.Entries) > limit {
		p.Note(-1, fmt.Sprintf("%d items, of which the newest %d were read", c.Dropped+len(c.Entries), limit))
		c.Entries = Newest(c.Entries, limit)
	}
}

// prune leaves out all but the newest limit entries and gives their room back,
// so that a document of very many items costs no more than one of some.
func (c *Document) prune(limit int) {
	kept := Newest(c.Entries, limit)
	c.Dropped += len(c.Entries) - len(kept)
	end := 0
	for i := range kept {
		n := copy(c.Body[end:], kept[i].Body.Of(c.Body))
		kept[i].Body = Span{end, end + n}
		end += n
	}
	c.Body = c.Body[:end]
	c.Entries = append(c.Entries[:0], kept...)
}

// Newest returns the limit newest of the entries by their dates, in the order
// they stand in. Where dates do not tell, those that stand first are newer.
func Newest(entries []Entry, limit int) []Entry {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return entries[b].Newest.Compare(entries[a].Newest)
	})
	order = order[:limit]
	slices.Sort(order)
	kept := make([]Entry, 0, limit)
	for _, i := range order {
		kept = append(kept, entries[i])
	}
	return kept
}

// Reader returns the canonical document with some of its entries.
func (c *Document) Reader(entries []Entry) io.Reader {
	open, end := `<rss version="2.0"><channel>`, `</channel></rss>`
	if c.Atom {
		open, end = `<feed>`, `</feed>`
	}
	parts := []io.Reader{bytes.NewReader([]byte(open)), bytes.NewReader(c.head)}
	for i := 0; i < len(entries); {
		run := entries[i].Body
		for i++; i < len(entries) && entries[i].Body.Start == run.End; i++ {
			run.End = entries[i].Body.End
		}
		parts = append(parts, bytes.NewReader(run.Of(c.Body)))
	}
	return io.MultiReader(append(parts, bytes.NewReader([]byte(end)))...)
}
