package markup

import (
	"strings"
	"unicode/utf8"

	"caravan"
)

// A Finding is a problem before its place is counted in lines and columns.
type Finding struct {
	Offset   int // in the text
	Severity caravan.Severity
	Message  string
	Broken   bool // the file is not whole: a tag, quote or comment that does not end
}

// A Placer counts lines and columns in a text, forwards only. Lines end with
// LF, CR LF or CR; columns are characters.
type Placer struct {
	text         string
	offset       int
	line, column int
}

// NewPlacer returns a placer at the beginning of text.
func NewPlacer(text string) *Placer { return &Placer{text: text, line: 1, column: 1} }

// At returns the line and column of offset, which is not before the last one
// asked for.
func (p *Placer) At(offset int) (line, column int) {
	offset = min(offset, len(p.text))
	part := p.text[p.offset:offset]
	for {
		i := strings.IndexAny(part, "\r\n")
		if i < 0 {
			break
		}
		end := i + 1
		if strings.HasPrefix(part[i:], "\r\n") {
			end++
		} else if part[i] == '\r' && p.offset+end < len(p.text) && p.text[p.offset+end] == '\n' {
			break // the offset lies between CR and LF: still this line
		}
		p.line, p.column = p.line+1, 1
		p.offset += end
		part = part[end:]
	}
	p.column += utf8.RuneCountInString(part)
	p.offset = offset
	return p.line, p.column
}
