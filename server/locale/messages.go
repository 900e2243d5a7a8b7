package locale

import (
	"fmt"
	"html/template"
	"sort"
	"strconv"
	"strings"
)

// A message is one sentence or word of the interface in every language. In it,
// {0} stands for the first argument, {0:article|articles} for the one or the
// other form by the number that the first argument is. In [Lang.HTML], [words]
// is a link, `words` is code, *words* is strong and ~words~ is a key to press.
type message struct{ en, fr, es, pt string }

// in returns the message in l.
func (m message) in(l Lang) string {
	switch l {
	case French:
		return m.fr
	case Spanish:
		return m.es
	case Portuguese:
		return m.pt
	}
	return m.en
}

// messages is the whole table, by the part of a key before its first dot.
var messages = map[string]map[string]message{
	"frame":     frameMessages,
	"time":      timeMessages,
	"lang":      langMessages,
	"home":      homeMessages,
	"item":      itemMessages,
	"search":    searchMessages,
	"community": communityMessages,
	"source":    sourceMessages,
	"sources":   sourcesMessages,
	"status":    statusMessages,
	"run":       runMessages,
	"error":     errorMessages,
	"about":     aboutMessages,
	"digest":    digestMessages,
	"subscribe": subscribeMessages,
	"said":      saidMessages,
}

// MessageKeys lists every key of the message table in order.
func MessageKeys() []string {
	var keys []string
	for room, table := range messages {
		for name := range table {
			keys = append(keys, room+"."+name)
		}
	}
	sort.Strings(keys)
	return keys
}

// pattern returns the message of key in l; ok is false when there is none.
func (l Lang) pattern(key string) (pattern string, ok bool) {
	room, name, _ := strings.Cut(key, ".")
	m, ok := messages[room][name]
	if !ok {
		return "", false
	}
	return m.in(l), true
}

// Has reports whether the message table has key.
func Has(key string) bool {
	_, ok := English.pattern(key)
	return ok
}

// T returns the message of key with its arguments, as plain text. Numbers are
// written as l writes them. An unknown key comes back as itself, so that a page
// is never lost over a word; tests look for such.
func (l Lang) T(key string, args ...any) string {
	pattern, ok := l.pattern(key)
	if !ok {
		return key
	}
	var b strings.Builder
	l.fill(&b, pattern, args, func(s string) string { return s })
	return b.String()
}

// Said returns the sentence of an error by its code, with what it speaks of; one
// without a code that the table knows comes back in English, as it was given.
func (l Lang) Said(code string, args []any, english string) string {
	if !Has("said." + code) {
		return english
	}
	return l.T("said."+code, args...)
}

// HTML returns the message of key as safe HTML: its words and arguments are
// escaped, except for arguments of type [template.HTML]; hrefs are given to its
// links in order.
func (l Lang) HTML(key string, hrefs []string, args ...any) template.HTML {
	pattern, ok := l.pattern(key)
	if !ok {
		pattern = key
	}
	var b strings.Builder
	for pattern != "" {
		i := strings.IndexAny(pattern, "[`*~")
		if i < 0 {
			break
		}
		closing := map[byte]string{'[': "]", '`': "`", '*': "*", '~': "~"}[pattern[i]]
		inner, rest, found := strings.Cut(pattern[i+1:], closing)
		if !found {
			break
		}
		l.fill(&b, pattern[:i], args, escape)
		before, after := "<b>", "</b>"
		switch closing {
		case "`":
			before, after = "<code>", "</code>"
		case "~":
			before, after = "<kbd>", "</kbd>"
		case "]":
			before, after = "", ""
			if len(hrefs) > 0 {
				before, after = `<a href="`+template.HTMLEscapeString(hrefs[0])+`">`, "</a>"
				hrefs = hrefs[1:]
			}
		}
		b.WriteString(before)
		l.fill(&b, inner, args, escape)
		b.WriteString(after)
		pattern = rest
	}
	l.fill(&b, pattern, args, escape)
	return template.HTML(b.String())
}

func escape(s string) string { return template.HTMLEscapeString(s) }

// fill writes pattern with its arguments put in.
func (l Lang) fill(b *strings.Builder, pattern string, args []any, escape func(string) string) {
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(escape(before))
		if !found {
			return
		}
		hole, after, _ := strings.Cut(rest, "}")
		pattern = after
		number, forms, plural := strings.Cut(hole, ":")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(args) {
			continue
		}
		if plural {
			one, other, _ := strings.Cut(forms, "|")
			if n, ok := args[i].(int); ok && l.one(n) {
				other = one
			}
			b.WriteString(escape(other))
			continue
		}
		b.WriteString(l.argument(args[i], escape))
	}
}

// argument writes one argument of a message.
func (l Lang) argument(arg any, escape func(string) string) string {
	switch v := arg.(type) {
	case int:
		return escape(l.Number(v))
	case template.HTML:
		return string(v)
	case string:
		return escape(v)
	}
	return escape(fmt.Sprint(arg))
}
