package document

import (
	"bytes"
	"fmt"
)

// maxProblems is how many different repairs of one document are told.
const maxProblems = 20

// problems collects what had to be repaired, for people. The same repair is
// told once, with how often and where first.
type problems struct {
	text []byte // what positions refer to
	list []problem
}

type problem struct {
	text  string
	pos   int // in src; -1 when it has no place
	times int
}

// note adds a repair at a position of the source, or of no place (-1).
func (p *problems) note(pos int, text string) {
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

// line returns the number of the line that holds a position of the source.
func (p *problems) line(pos int) int {
	return 1 + bytes.Count(p.text[:min(pos, len(p.text))], []byte("\n"))
}

// texts returns the repairs as sentences.
func (p *problems) texts() []string {
	var texts []string
	for _, q := range p.list {
		switch {
		case q.pos < 0:
			texts = append(texts, q.text)
		case q.times == 1:
			texts = append(texts, fmt.Sprintf("line %d: %s", p.line(q.pos), q.text))
		default:
			texts = append(texts, fmt.Sprintf("line %d: %s, and %d times more", p.line(q.pos), q.text, q.times-1))
		}
	}
	return texts
}
