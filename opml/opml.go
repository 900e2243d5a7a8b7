// Package opml reads, checks, edits and watches the source list.
//
// It takes lists as people and programs really write them: any version of OPML,
// attribute names in any case, several encodings, bare ampersands and quotes,
// files that break off. What it had to put up with, and each row it had to
// leave out, is a problem with line, column and what to do about it.
//
// Reading and editing are functions over bytes; only [Watcher] opens files. An
// edit changes the bytes it is about and no other. Nothing is ever fetched:
// document types and entities of a file's own making are not looked at.
package opml

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"caravan"
	"caravan/opml/internal/markup"
)

// includedOutlines bounds a list that another list includes.
const includedOutlines = 1000

// Options say how to read a list.
type Options struct {
	// CheckQuery says what is wrong with the text of a caravan:only or
	// caravan:skip. Nil takes every query.
	CheckQuery func(query string) error

	// Included reads a list that another list includes: at most 1,000
	// outlines, and no further includes.
	Included bool
}

// Parse reads the list in data; name is what problems call the file.
//
// It returns what can be used, with everything that is wrong in its Problems,
// in the order of the file. The error is of class [caravan.ErrInvalid] and
// carries a [caravan.PublicError]; it says that nothing can be used: the file is
// empty, is no OPML, or names no source and no include. The list then holds the
// problems and the hash.
//
// A file that breaks off is read as far as it goes. Whether it may take the
// place of a good list is asked of [Whole].
func Parse(name string, data []byte) (caravan.List, error) {
	return ParseWith(name, data, Options{})
}

// ParseWith is [Parse] with options.
func ParseWith(name string, data []byte, o Options) (caravan.List, error) {
	sum := sha256.Sum256(data)
	unusable := func(list caravan.List, message string) (caravan.List, error) {
		list.Hash = hex.EncodeToString(sum[:])
		list.Problems = append([]caravan.Problem{{File: name, Severity: failure, Message: message}}, list.Problems...)
		return list, &caravan.PublicError{Message: name + ": " + message, Err: caravan.ErrInvalid}
	}
	if len(data) > maxBytes {
		return unusable(caravan.List{}, fmt.Sprintf("The list is larger than %d MB. Divide it.", maxBytes>>20))
	}
	limit := maxOutlines
	if o.Included {
		limit = includedOutlines
	}
	d, found := markup.Decode(data)
	t := build(d, limit)
	t.found = append(found, t.found...)
	if t.root == nil {
		return unusable(caravan.List{}, notOPML(t))
	}
	list := read(name, t, o)
	if len(list.Includes) == 0 && !hasSources(list) {
		return unusable(list, "The list names no source. Add an outline with an xmlUrl.")
	}
	list.Hash = hex.EncodeToString(sum[:])
	return list, nil
}

// notOPML says what a file without an <opml> element is instead.
func notOPML(t *tree) string {
	const instead = " Give the address or path of an OPML file, as feed readers export it."
	switch {
	case tidy(t.Text) == "":
		return "The file is empty." + instead
	case t.first == "rss" || t.first == "feed" || t.first == "rdf":
		return "This is a feed, not a list of feeds. Write its address as the xmlUrl of an outline."
	case t.first == "html":
		return "This is a web page, not OPML." + instead
	case t.first == "":
		return "This is not XML." + instead
	}
	return "This is XML, but not OPML: it has no <opml> element." + instead
}

// hasSources reports whether list names anything to poll.
func hasSources(list caravan.List) bool {
	for _, c := range list.Communities {
		if len(c.Sources) > 0 {
			return true
		}
	}
	return false
}

// Whole reports whether data ends where a list ends and every tag, quote and
// comment in it is closed: nil, or a [caravan.PublicError] of class
// [caravan.ErrInvalid] about the first thing that is not. A file that an editor
// has written only in part is never whole, and must not replace a good list.
// Bare ampersands and the like do not matter here.
func Whole(name string, data []byte) error {
	wrong := func(message string) error {
		return &caravan.PublicError{Message: name + ": " + message, Err: caravan.ErrInvalid}
	}
	if len(data) > maxBytes {
		return wrong(fmt.Sprintf("The list is larger than %d MB. Divide it.", maxBytes>>20))
	}
	d, _ := markup.Decode(data)
	t := build(d, maxOutlines)
	if t.root == nil {
		return wrong(notOPML(t))
	}
	if p, broken := t.broken(); broken {
		return &caravan.PublicError{
			Message: fmt.Sprintf("%s:%d:%d: %s", name, p.Line, p.Column, p.Message), Err: caravan.ErrInvalid}
	}
	return nil
}

// broken returns the first problem by which the file is not whole.
func (t *tree) broken() (caravan.Problem, bool) {
	for _, p := range locate("", t.Text, t.found) {
		if p.broken {
			return p.Problem, true
		}
	}
	return caravan.Problem{}, false
}
