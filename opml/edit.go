package opml

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"caravan"
	"caravan/opml/internal/markup"
)

// Insert returns data with one line more: source, in the folder that path
// names. It stands after the folder's other sources, written as they are:
// indentation, line ends, order and spelling of attributes, quotes. A folder
// that is not there is made, as the last one. An empty path, or "Other" where no
// such folder is, means outside all folders.
//
// Insert, [Remove], [ReplaceAddress], [RemoveDuplicates] and [Retire] leave
// every byte as it was that the change is not about, and read the result back
// before they return it. Their errors are of class [caravan.ErrInvalid] or
// [caravan.ErrNotFound] and carry a [caravan.PublicError]. They refuse a file
// that is not [Whole].
func Insert(data []byte, source caravan.ListSource, path []string) ([]byte, error) {
	e, err := openEditor(data)
	if err != nil {
		return nil, err
	}
	if wrong := wrongAddress(source.URL); wrong != "" {
		return nil, invalid("The source at %s is not added: %s", shown(source.URL), wrong)
	}
	path = e.standing(path)
	at := seat{path: pathKey(path), key: caravan.SourceKey(source.URL)}
	if len(path) == 0 {
		at.path = pathKey([]string{other})
	}
	for _, r := range e.rows {
		if r.seat == at {
			line, _ := e.lineOf(r.node)
			return nil, invalid("%s is listed in %s already, on line %d.", shown(source.URL), folderName(path), line)
		}
	}
	edited, err := e.splice(e.insertion(source, path))
	if err != nil {
		return nil, err
	}
	return e.verified(edited, func(before []seat, after []seat) bool {
		i := slices.Index(after, at)
		return i >= 0 && sameSeats(slices.Delete(slices.Clone(after), i, i+1), before)
	})
}

// Remove returns data without the lines of the source at address, in whatever
// folders they stand. A folder that is left empty stays.
func Remove(data []byte, address string) ([]byte, error) {
	e, rows, err := openRows(data, address)
	if err != nil {
		return nil, err
	}
	var cuts []splice
	for _, r := range rows {
		cuts = append(cuts, e.cutting(r.node))
	}
	edited, err := e.splice(cuts)
	if err != nil {
		return nil, err
	}
	key := caravan.SourceKey(address)
	return e.verified(edited, func(before, after []seat) bool {
		return sameSeats(after, slices.DeleteFunc(slices.Clone(before), func(s seat) bool { return s.key == key }))
	})
}

// ReplaceAddress returns data with another address on the lines of a source.
func ReplaceAddress(data []byte, from, to string) ([]byte, error) {
	if wrong := wrongAddress(to); wrong != "" {
		return nil, invalid("The address %s is not written: %s", shown(to), wrong)
	}
	e, rows, err := openRows(data, from)
	if err != nil {
		return nil, err
	}
	var changes []splice
	old, key := caravan.SourceKey(from), caravan.SourceKey(to)
	for _, r := range rows {
		if taken := slices.IndexFunc(e.rows, func(o row) bool { return o.seat == seat{path: r.path, key: key} }); taken >= 0 && old != key {
			line, _ := e.lineOf(e.rows[taken].node)
			return nil, invalid("%s is listed in the same folder already, on line %d. Remove one of the lines.", shown(to), line)
		}
		a := r.attrs.plain["xmlurl"]
		changes = append(changes, splice{from: a.From, to: a.To, words: escape(to, a.Quote)})
	}
	edited, err := e.splice(changes)
	if err != nil {
		return nil, err
	}
	return e.verified(edited, func(before, after []seat) bool {
		for i := range before {
			if before[i].key == old {
				before[i].key = key
			}
		}
		return sameSeats(after, before)
	})
}

// RemoveDuplicates returns data without the lines that repeat an address within
// one folder; the first of each stays.
func RemoveDuplicates(data []byte) ([]byte, error) {
	e, err := openEditor(data)
	if err != nil {
		return nil, err
	}
	var cuts []splice
	seen := map[seat]bool{}
	for _, r := range e.rows {
		if seen[r.seat] && len(r.node.children) == 0 {
			cuts = append(cuts, e.cutting(r.node))
		}
		seen[r.seat] = true
	}
	edited, err := e.splice(cuts)
	if err != nil {
		return nil, err
	}
	return e.verified(edited, sameSeats)
}

// Retire returns data with the lines of a source made into comments that begin
// with note, so that it is polled no more and its line can be had back.
func Retire(data []byte, address, note string) ([]byte, error) {
	e, rows, err := openRows(data, address)
	if err != nil {
		return nil, err
	}
	var changes []splice
	for _, r := range rows {
		line := e.Text[r.node.Start:r.node.finish]
		// A comment may not hold "--"; in an attribute's value the references
		// mean the same.
		line = strings.ReplaceAll(line, "--", "&#45;&#45;")
		said := strings.ReplaceAll(tidy(note), "--", "–")
		changes = append(changes, splice{from: r.node.Start, to: r.node.finish, words: "<!-- " + said + ": " + line + " -->"})
	}
	edited, err := e.splice(changes)
	if err != nil {
		return nil, err
	}
	key := caravan.SourceKey(address)
	return e.verified(edited, func(before, after []seat) bool {
		return sameSeats(after, slices.DeleteFunc(slices.Clone(before), func(s seat) bool { return s.key == key }))
	})
}

// A seat is a source's membership of a folder.
type seat struct{ path, key string }

// A row is an outline with a usable address.
type row struct {
	seat
	node  *node
	attrs attributes
}

// An editor changes one file.
type editor struct {
	*tree
	rows []row // in the order of the file
}

// openEditor takes data apart for an edit.
func openEditor(data []byte) (*editor, error) {
	if len(data) > maxBytes {
		return nil, invalid("The list is larger than %d MB. Divide it.", maxBytes>>20)
	}
	d, _ := markup.Decode(data)
	e := &editor{tree: build(d, maxOutlines)}
	if e.root == nil {
		return nil, invalid("The list is not changed. %s", notOPML(e.tree))
	}
	if p, broken := e.broken(); broken {
		return nil, invalid("The list is not changed, because it is broken on line %d: %s", p.Line, p.Message)
	}
	if e.body == nil {
		return nil, invalid("The list has no <body>. Write one before </opml>.")
	}
	e.collect(e.body.children, nil)
	return e, nil
}

// openRows takes data apart for an edit of the lines of one source.
func openRows(data []byte, address string) (*editor, []row, error) {
	e, err := openEditor(data)
	if err != nil {
		return nil, nil, err
	}
	key := caravan.SourceKey(address)
	var rows []row
	for _, r := range e.rows {
		if r.key != key {
			continue
		}
		if len(r.node.children) > 0 {
			line, _ := e.lineOf(r.node)
			return nil, nil, invalid("The source on line %d holds other lines. Edit it by hand.", line)
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, nil, &caravan.PublicError{
			Message: fmt.Sprintf("%s is not in the list.", shown(address)), Err: caravan.ErrNotFound}
	}
	return e, rows, nil
}

// collect finds the rows below a folder.
func (e *editor) collect(outlines []*node, path []string) {
	quiet := reader{tree: &tree{prefix: e.prefix}}
	for _, n := range outlines {
		attrs := quiet.attributes(n)
		switch address := attrs.says("xmlurl"); {
		case attrs.kind() == "include":
		case address == "" && attrs.title() != "":
			e.collect(n.children, append(slices.Clone(path), attrs.title()))
			continue
		case address != "" && wrongAddress(address) == "":
			at := seat{path: pathKey(path), key: caravan.SourceKey(address)}
			if len(path) == 0 {
				at.path = pathKey([]string{other})
			}
			e.rows = append(e.rows, row{seat: at, node: n, attrs: attrs})
		}
		e.collect(n.children, path)
	}
}

// lineOf returns the line and column of n.
func (e *editor) lineOf(n *node) (line, column int) {
	p := markup.NewPlacer(e.Text)
	return p.At(n.Start)
}

// verified returns edited when reading it gives what fits, and an error
// otherwise: a list is never handed back in a state nobody wished for.
func (e *editor) verified(edited []byte, fits func(before, after []seat) bool) ([]byte, error) {
	list, _ := Parse("", e.Data)
	result, _ := Parse("", edited)
	if Whole("", edited) != nil || !fits(seats(list), seats(result)) {
		return nil, invalid("The list cannot be changed here without changing more than this line. Edit it by hand.")
	}
	return edited, nil
}

// seats lists the memberships of a list.
func seats(list caravan.List) []seat {
	var all []seat
	for _, c := range list.Communities {
		for _, s := range c.Sources {
			all = append(all, seat{path: pathKey(c.Path), key: caravan.SourceKey(s.URL)})
		}
	}
	return all
}

// sameSeats reports whether two lists have the same memberships.
func sameSeats(a, b []seat) bool {
	order := func(a, b seat) int { return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.key, b.key)) }
	return slices.Equal(slices.SortedFunc(slices.Values(a), order), slices.SortedFunc(slices.Values(b), order))
}

// A splice puts words in place of a part of the text.
type splice struct {
	from, to int
	words    string
}

// splice returns the file's bytes with the splices made.
func (e *editor) splice(splices []splice) ([]byte, error) {
	slices.SortFunc(splices, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	done := 0
	for _, s := range splices {
		from, err := e.Position(s.from)
		if err != nil {
			return nil, unwritable(err)
		}
		to, err := e.Position(s.to)
		if err != nil {
			return nil, unwritable(err)
		}
		words, err := e.Encode(s.words)
		if err != nil {
			return nil, unwritable(err)
		}
		out.Write(e.Data[done:from])
		out.Write(words)
		done = to
	}
	out.Write(e.Data[done:])
	return out.Bytes(), nil
}

// unwritable is the error for a file whose encoding cannot be edited.
func unwritable(err error) error {
	return &caravan.PublicError{
		Message: "The list cannot be changed in its encoding. Save it as UTF-8 first.",
		Err:     fmt.Errorf("%w: %w", caravan.ErrInvalid, err),
	}
}

// invalid makes an error of class [caravan.ErrInvalid] that may be shown.
func invalid(format string, args ...any) error {
	return &caravan.PublicError{Message: fmt.Sprintf(format, args...), Err: caravan.ErrInvalid}
}

// folderName names a folder in a message.
func folderName(path []string) string {
	if len(path) == 0 {
		return "no folder"
	}
	return quote(strings.Join(path, " / "))
}
