package query

import "strings"

// String returns q as a reader would write it. It parses to q again.
func (q Query) String() string {
	var b strings.Builder
	print(&b, q.Root, looseOr)
	return b.String()
}

// How tightly the surroundings of a printed condition bind.
const (
	looseOr = iota // nothing around, or an Or
	tightAnd
	tightNot
)

func print(b *strings.Builder, n Node, around int) {
	switch n := n.(type) {
	case And:
		list(b, n, " ", around > tightAnd)
	case Or:
		list(b, n, " OR ", around > looseOr)
	case Not:
		b.WriteByte('-')
		print(b, n.Node, tightNot)
	case Text:
		if n.In != Anywhere {
			b.WriteString(string(n.In) + ":")
		}
		value(b, n.Words, n.Quoted, n.Prefix)
	case Is:
		b.WriteString(string(n.Field) + ":")
		value(b, n.Value, needsQuotes(n.Value), n.Prefix)
	case When:
		name := after
		if n.Before {
			name = before
		}
		b.WriteString(string(name) + ":" + n.Day)
	}
}

func list(b *strings.Builder, nodes []Node, between string, brackets bool) {
	if brackets {
		b.WriteByte('(')
	}
	inner := looseOr
	if between == " " {
		inner = tightAnd
	}
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(between)
		}
		print(b, n, inner)
	}
	if brackets {
		b.WriteByte(')')
	}
}

func value(b *strings.Builder, text string, quoted, prefix bool) {
	if quoted {
		b.WriteString(`"` + text + `"`)
	} else {
		b.WriteString(text)
	}
	if prefix {
		b.WriteByte('*')
	}
}

// needsQuotes reports whether a property's value would not be read back as
// written.
func needsQuotes(value string) bool {
	plain, prefix := cleanValue(value)
	return prefix || plain != value || strings.ContainsRune(value, ' ') || strings.ContainsFunc(value, breaksWord)
}
