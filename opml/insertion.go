package opml

import (
	"regexp"
	"slices"
	"strings"

	"caravan"
)

// standing returns path as the file spells the folders of it that it has, and
// nil for the place outside all folders.
func (e *editor) standing(path []string) []string {
	var named []string
	for _, name := range path {
		if name = tidy(name); name != "" {
			named = append(named, name)
		}
	}
	n, found := e.descend(named)
	if len(found) == 0 && len(named) == 1 && caravan.Fold(named[0]) == caravan.Fold(other) && n == e.body {
		return nil
	}
	return append(found, named[len(found):]...)
}

// descend follows path from the body down as far as there are folders of these
// names, and returns the innermost one and the names on the way. Folders with
// the same path count as one; of these it returns the first that holds a
// source, or else the first.
func (e *editor) descend(path []string) (*node, []string) {
	level := []*node{e.body}
	var found []string
	for _, name := range path {
		next, spelled := e.named(level, name)
		if len(next) == 0 {
			break
		}
		level, found = next, append(found, spelled)
	}
	for _, n := range level {
		if slices.ContainsFunc(e.rows, func(r row) bool { return r.node.parent == n }) {
			return n, found
		}
	}
	return level[0], found
}

// named returns the folders called name in any of the outer ones, and how they
// are spelled: those that are spelled so, else those that differ in case and
// accents only.
func (e *editor) named(outer []*node, name string) ([]*node, string) {
	byTitle := map[string][]*node{}
	near := ""
	for _, n := range outer {
		for _, child := range e.folders(n) {
			title := (&reader{tree: e.tree}).attributes(child).title()
			byTitle[title] = append(byTitle[title], child)
			if near == "" && caravan.Fold(title) == caravan.Fold(name) {
				near = title
			}
		}
	}
	if same, ok := byTitle[name]; ok {
		return same, name
	}
	return byTitle[near], near
}

// folders returns the folders in n; what stands in a folder without a name
// counts to the one around it.
func (e *editor) folders(n *node) []*node {
	var all []*node
	for _, child := range n.children {
		attrs := (&reader{tree: e.tree}).attributes(child)
		switch {
		case attrs.says("xmlurl") != "" || attrs.kind() == "include":
			all = append(all, e.folders(child)...)
		case attrs.title() == "":
			all = append(all, e.folders(child)...)
		case len(child.children) > 0 || attrs.says("htmlurl") == "" || n == e.body && attrs.kind() == "":
			all = append(all, child)
		}
	}
	return all
}

// insertion returns the change that puts source into the folder path.
func (e *editor) insertion(source caravan.ListSource, path []string) []splice {
	into, found := e.descend(path)
	model := e.model(into)
	lines := []string{model.line(source)}
	missing := path[len(found):]
	unit := e.unit()
	for i := len(missing) - 1; i >= 0; i-- {
		for j := range lines {
			lines[j] = unit + lines[j]
		}
		lines = slices.Concat([]string{model.opening(missing[i])}, lines, []string{"</" + model.tag + ">"})
	}
	if anchor := e.anchor(into, len(missing) == 0); anchor != nil {
		return []splice{e.after(anchor, lines)}
	}
	return e.first(into, lines, unit)
}

// anchor returns the outline after which a new one is put: the last source in
// the folder, or else its last outline. A new folder comes last.
func (e *editor) anchor(into *node, source bool) *node {
	if len(into.children) == 0 {
		return nil
	}
	if source {
		for _, r := range slices.Backward(e.rows) {
			if r.node.parent == into {
				return r.node
			}
		}
	}
	return into.children[len(into.children)-1]
}

// trailing finds a comment that stands at the end of a line.
var trailing = regexp.MustCompile(`^[ \t]*<!--[^\r\n]*?-->[ \t]*(?:[\r\n]|$)`)

// after puts lines below an outline; into the same line where that is how the
// file is written.
func (e *editor) after(anchor *node, lines []string) splice {
	at := anchor.finish
	indent, own := e.indent(anchor.Start)
	if !own {
		return splice{from: at, to: at, words: bare(lines)}
	}
	if comment := trailing.FindString(e.Text[at:]); comment != "" {
		at += len(strings.TrimRight(comment, "\r\n"))
	}
	return splice{from: at, to: at, words: e.below(anchor.Start, indent, lines)}
}

// first puts lines into a folder that holds no outline.
func (e *editor) first(into *node, lines []string, unit string) []splice {
	indent, own := e.indent(into.Start)
	words := bare(lines)
	if own {
		words = e.below(into.Start, indent+unit, lines)
	}
	closing := ""
	if own {
		closing = e.newline(into.Start) + indent
	}
	if into.Empty {
		open := len(strings.TrimRight(e.Text[:into.End-len("/>")], " \t\r\n"))
		name := e.tagName(into)
		return []splice{{from: open, to: into.End, words: ">" + words + closing + "</" + name + ">"}}
	}
	inside := e.Text[into.End:into.closing]
	at := into.End + len(strings.TrimRight(inside, " \t\r\n"))
	if strings.ContainsAny(e.Text[at:into.closing], "\r\n") {
		closing = "" // the end tag has a line of its own already
	}
	return []splice{{from: at, to: at, words: words + closing}}
}

// bare joins lines to go into a line that is there.
func bare(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimLeft(line, " \t"))
	}
	return b.String()
}

// below writes lines as lines of their own, in the style of the line that
// offset is in.
func (e *editor) below(offset int, indent string, lines []string) string {
	var b strings.Builder
	newline := e.newline(offset)
	for _, line := range lines {
		b.WriteString(newline + indent + line)
	}
	return b.String()
}

// lineStart returns where the line of offset begins.
func (e *editor) lineStart(offset int) int { return strings.LastIndexAny(e.Text[:offset], "\r\n") + 1 }

// indent returns the white space before offset, and whether nothing else
// stands before it in its line.
func (e *editor) indent(offset int) (string, bool) {
	before := e.Text[e.lineStart(offset):offset]
	if strings.Trim(before, " \t") != "" || e.lineStart(offset) == 0 && !strings.ContainsAny(e.Text, "\r\n") {
		return "", false
	}
	return before, true
}

// newline returns the line end before the line of offset, else the file's first.
func (e *editor) newline(offset int) string {
	end := e.lineStart(offset)
	if end == 0 {
		end = strings.IndexAny(e.Text, "\r\n") + 1
		if strings.HasPrefix(e.Text[max(end-1, 0):], "\r\n") {
			end++
		}
	}
	switch {
	case strings.HasSuffix(e.Text[:end], "\r\n"):
		return "\r\n"
	case strings.HasSuffix(e.Text[:end], "\r"):
		return "\r"
	}
	return "\n"
}

// unit returns by how much the file indents what stands inside an element.
func (e *editor) unit() string {
	var unit string
	var look func(n *node) bool
	look = func(n *node) bool {
		outer, ok := e.indent(n.Start)
		for _, child := range n.children {
			inner, own := e.indent(child.Start)
			if ok && own && len(inner) > len(outer) && strings.HasPrefix(inner, outer) {
				unit = inner[len(outer):]
				return true
			}
			if look(child) {
				return true
			}
		}
		return false
	}
	if look(e.body) {
		return unit
	}
	if indent, _ := e.indent(e.body.Start); strings.Contains(indent, "\t") {
		return "\t"
	}
	return "  "
}

// cutting returns the change that takes an outline out: with its line when it
// has one of its own.
func (e *editor) cutting(n *node) splice {
	start, end := e.lineStart(n.Start), n.finish
	rest := e.Text[end:]
	blank := len(rest) - len(strings.TrimLeft(rest, " \t"))
	alone := strings.Trim(e.Text[start:n.Start], " \t") == ""
	switch after := rest[blank:]; {
	case !alone:
		return splice{from: n.Start, to: n.finish}
	case strings.HasPrefix(after, "\r\n"):
		return splice{from: start, to: end + blank + 2}
	case strings.HasPrefix(after, "\n") || strings.HasPrefix(after, "\r"):
		return splice{from: start, to: end + blank + 1}
	}
	return splice{from: n.Start, to: n.finish}
}
