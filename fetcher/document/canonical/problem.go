package canonical

import (
	"bytes"
	"fmt"
)

// maxProblems is how many different repairs of one document are told.
const maxProblems = 20

// Problems collects what had to be repaired, for people. The same repair is
// told once, with how often and where first.
type Problems struct {
	Text []byte // what positions refer to
	list []problem
}

type problem struct {
	text  string
	pos   int // in src; -1 when it has no place
	times int
}

// Note adds a repair at a position of the source, or of no place (-1).
func (p *Problems) Note(pos int, text string) {
	for i := range p.list {
		if p.list[i].text == text {
			p.list[i].times++
			return
		}
	}
	if len(p.list) < maxProblems {
		p.list = append(p.list, problem{text: text, pos: pos, times: 1})
	}
}

// Line returns the number of the line that holds a position of the source.
func (p *Problems) Line(pos int) int {
	return 1 + bytes.Count(p.Text[:min(pos, len(p.Text))], []byte("\n"))
}

// Texts returns the repairs as sentences.
func (p *Problems) Texts() []string {
	var texts []string
	for _, q := range p.list {
		switch {
		case q.pos < 0:
			texts = append(texts, q.text)
		case q.times == 1:
			texts = append(texts, fmt.Sprintf("line %d: %s", p.Line(q.pos), q.text))
		default:
			texts = append(texts, fmt.Sprintf("line %d: %s, and %d times more", p.Line(q.pos), q.text, q.times-1))
		}
	}
	return texts
}
