package index

import (
	"fmt"
	"strconv"
	"strings"
)

// A meta is what ranking reads of a document: the time, and the lengths of its
// fields in terms. It is one term, "0192f3c4e5a6;en,12,340;fr,9,210;#1f2e3d4c".
type meta struct {
	sortAt  int64 // milliseconds
	hash    string
	lengths []length
}

// A length is how many terms a document has in the fields of a language group.
type length struct {
	group       string
	title, body int
}

func (m meta) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%012x", max(m.sortAt, 0))
	for _, l := range m.lengths {
		fmt.Fprintf(&b, ";%s,%d,%d", l.group, l.title, l.body)
	}
	b.WriteString(";#" + m.hash)
	return b.String()
}

// parseTime reads the time of a meta term without the rest.
func parseTime(term []byte) int64 {
	var ms int64
	for _, c := range term[:min(12, len(term))] {
		switch {
		case c >= '0' && c <= '9':
			ms = ms<<4 | int64(c-'0')
		case c >= 'a' && c <= 'f':
			ms = ms<<4 | int64(c-'a'+10)
		}
	}
	return ms
}

func parseMeta(term string) meta {
	m := meta{sortAt: parseTime([]byte(term))}
	for i, part := range strings.Split(term, ";") {
		fields := strings.Split(part, ",")
		switch {
		case i == 0:
		case strings.HasPrefix(part, "#"):
			m.hash = part[1:]
		case len(fields) == 3:
			title, _ := strconv.Atoi(fields[1])
			body, _ := strconv.Atoi(fields[2])
			m.lengths = append(m.lengths, length{fields[0], title, body})
		}
	}
	return m
}

// A members value is what is stored of a document: whose text it is, and the
// names that quoted phrases are compared with.
type members struct {
	Items   []string `json:"i"`
	Authors []string `json:"a,omitempty"`
	Tags    []string `json:"t,omitempty"`
}
