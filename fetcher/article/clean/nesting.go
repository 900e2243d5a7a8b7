package clean

// open begins e after closing what may not hold it, so that a parser which
// reads the output finds every element where it was written. The rules are
// those of "in body", "in table" and "in row" in the HTML standard, as far as
// the elements that are written need them.
func (c *cleaner) open(e element) {
	if len(c.stack) >= maxDepth {
		c.over++
		return
	}
	switch e.kind {
	case rowGroup, row, cell, caption:
		if !c.openTablePart(e) {
			c.openBlock(element{"div", block})
		}
		return
	case rubyText:
		if !c.closeTo(func(f frame) bool { return f.kind == ruby }, inlineOnly) {
			return
		}
		c.push(e)
		return
	}
	c.ensureFlow()
	switch e.kind {
	case inline, ghost, ruby:
		c.openInline(e)
	case listItem:
		c.openListItem(e)
	default:
		c.openBlock(e)
	}
}

// openInline begins an element that flows with the text.
func (c *cleaner) openInline(e element) {
	switch e.name {
	case "a":
		if !c.endOpenLink() {
			e.kind = ghost
		}
		if c.attrs.href = c.at.Link(c.attrs.href); c.attrs.href == "" {
			e.kind = ghost
		}
	case "span":
		if c.attrs.lang == "" && c.attrs.dir == "" {
			e.kind = ghost
		}
	case "bdo":
		if c.attrs.dir == "" {
			e.kind = ghost
		}
	}
	c.push(e)
}

// endOpenLink closes an open link before the next one, as links do not nest.
// It reports false when a block stands between the two; then the outer link
// stays and the inner one must not be written.
func (c *cleaner) endOpenLink() bool {
	isLink := func(f frame) bool { return f.kind == inline && f.name == "a" }
	if c.closeTo(isLink, inlineOnly, inclusive) {
		return true
	}
	for i := len(c.stack) - 1; i >= 0 && withinCell(c.stack[i]); i-- {
		if isLink(c.stack[i]) {
			return false
		}
	}
	return true
}

// openBlock begins an element that stands alone: it ends an open paragraph,
// and a heading ends an open heading.
func (c *cleaner) openBlock(e element) {
	c.closeTo(func(f frame) bool { return f.kind == paragraph }, inlineOnly, inclusive)
	if e.kind == heading {
		c.closeTo(func(f frame) bool { return f.kind == heading }, inlineOnly, inclusive)
	}
	c.push(e)
}

// openListItem begins a list item. Like a parser it ends an open one unless a
// list or another block that is not div or p stands between them. An item
// without a list is a div.
func (c *cleaner) openListItem(e element) {
	inList := false
	for i := len(c.stack) - 1; i >= 0; i-- {
		f := c.stack[i]
		if f.kind == listItem && (f.name == "div" || sameItems(f.name, e.name)) {
			c.popTo(i)
			break
		}
		if f.kind == list {
			inList = (f.name == "dl") == (e.name != "li")
			break
		}
		if !inlineOnly(f) && f.kind != paragraph && f.name != "div" {
			break
		}
	}
	if !inList && len(c.stack) > 0 {
		top := c.stack[len(c.stack)-1]
		inList = top.kind == list && (top.name == "dl") == (e.name != "li")
	}
	if !inList {
		e = element{"div", listItem}
	}
	c.openBlock(e)
}

// sameItems reports whether items a and b belong to the same sort of list.
func sameItems(a, b string) bool { return (a == "li") == (b == "li") }

// openTablePart begins a part of a table inside the nearest open one, adding
// the row group and row that a parser would add. It reports false when there
// is no table.
func (c *cleaner) openTablePart(e element) bool {
	holder := func(f frame) bool {
		switch e.kind {
		case cell:
			return f.kind == row || f.kind == rowGroup || f.kind == table
		case row:
			return f.kind == rowGroup || f.kind == table
		}
		return f.kind == table
	}
	if !c.closeTo(holder, anything) {
		return false
	}
	if e.kind == row || e.kind == cell {
		c.addRowGroup()
	}
	if e.kind == cell {
		c.addRow()
	}
	c.push(e)
	return true
}

// addRowGroup begins a tbody when the innermost element is a table.
func (c *cleaner) addRowGroup() {
	if c.stack[len(c.stack)-1].kind == table {
		c.pushPlain(element{"tbody", rowGroup})
	}
}

// addRow begins a row when the innermost element is a row group.
func (c *cleaner) addRow() {
	if c.stack[len(c.stack)-1].kind == rowGroup {
		c.pushPlain(element{"tr", row})
	}
}

// ensureFlow makes sure that text may stand here: content directly in a table
// would be moved out of it by a parser, so it gets a cell.
func (c *cleaner) ensureFlow() {
	if !c.inTable() {
		return
	}
	c.addRowGroup()
	c.addRow()
	c.pushPlain(element{"td", cell})
}

// inTable reports whether the innermost element is a table, row group or row.
func (c *cleaner) inTable() bool {
	if len(c.stack) == 0 {
		return false
	}
	k := c.stack[len(c.stack)-1].kind
	return k == table || k == rowGroup || k == row
}

// close ends the element that an end tag e means, if one is open and nothing
// stands between that the end tag may not close.
func (c *cleaner) close(e element) {
	switch e.kind {
	case inline, ghost, ruby, rubyText:
		c.closeTo(func(f frame) bool { return f.name == e.name }, inlineOnly, inclusive)
	case heading:
		c.closeTo(func(f frame) bool { return f.kind == heading }, withinCell, inclusive)
	case table:
		c.closeTo(func(f frame) bool { return f.kind == table }, anything, inclusive)
	case rowGroup, row, cell, caption:
		c.closeTo(func(f frame) bool { return f.name == e.name }, withinTable, inclusive)
	case listItem:
		c.closeTo(func(f frame) bool {
			return f.kind == listItem && (f.name == e.name || f.name == "div")
		}, withinList, inclusive)
	default:
		c.closeTo(func(f frame) bool { return f.name == e.name }, withinCell, inclusive)
	}
}

// Limits on how far closeTo may look: each says whether a frame may be closed
// on the way.
func anything(frame) bool      { return true }
func withinTable(f frame) bool { return f.kind != table }
func withinCell(f frame) bool  { return f.kind != cell && f.kind != caption && f.kind != table }
func withinList(f frame) bool  { return f.kind != list && withinCell(f) }
func inlineOnly(f frame) bool {
	return f.kind == inline || f.kind == ghost || f.kind == ruby || f.kind == rubyText
}

// inclusive makes closeTo close the frame that was looked for as well.
const inclusive = true

// closeTo closes the frames above the innermost one that is wanted, looking no
// further than passable allows, and that one too when inclusive is given. It
// reports whether there was one; without one it closes nothing.
func (c *cleaner) closeTo(wanted, passable func(frame) bool, incl ...bool) bool {
	for i := len(c.stack) - 1; i >= 0; i-- {
		if wanted(c.stack[i]) {
			if len(incl) > 0 {
				c.popTo(i)
			} else {
				c.popTo(i + 1)
			}
			return true
		}
		if !passable(c.stack[i]) {
			return false
		}
	}
	return false
}

// popTo closes frames until n are left.
func (c *cleaner) popTo(n int) {
	for len(c.stack) > n {
		c.pop()
	}
}
