package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// A Meta is what ranking reads of a document: the time, and the lengths of its
// fields in terms. It is one term, "0192f3c4e5a6;en,12,340;fr,9,210;#1f2e3d4c".
type Meta struct {
	SortAt  int64 // milliseconds
	Hash    string
	Lengths []Length
}

// A Length is how many terms a document has in the fields of a language group.
type Length struct {
	Group       string
	Title, Body int
}

// String returns the term.
func (m Meta) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%012x", max(m.SortAt, 0))
	for _, l := range m.Lengths {
		fmt.Fprintf(&b, ";%s,%d,%d", l.Group, l.Title, l.Body)
	}
	b.WriteString(";#" + m.Hash)
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

// ParseMeta reads a term of [FieldMeta]. What is no such term gives what can be
// read of it.
func ParseMeta(term string) Meta {
	m := Meta{SortAt: parseTime([]byte(term))}
	for i, part := range strings.Split(term, ";") {
		fields := strings.Split(part, ",")
		switch {
		case i == 0:
		case strings.HasPrefix(part, "#"):
			m.Hash = part[1:]
		case len(fields) == 3:
			title, _ := strconv.Atoi(fields[1])
			body, _ := strconv.Atoi(fields[2])
			m.Lengths = append(m.Lengths, Length{fields[0], title, body})
		}
	}
	return m
}

// A Members value is what is stored of a document: whose text it is, and the
// names that quoted phrases are compared with.
type Members struct {
	Items   []string `json:"i"`
	Authors []string `json:"a,omitempty"`
	Tags    []string `json:"t,omitempty"`
}
