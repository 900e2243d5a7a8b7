package opml

import (
	"strconv"
	"strings"
	"time"

	"caravan"
	"caravan/opml/internal/markup"
)

// A style is how a file writes the lines of its sources.
type style struct {
	tag    string // the name, as written
	order  []string
	names  map[string]string // as written, by lower case
	quote  byte
	ending string
	prefix string // of caravan's name space, empty when it is not declared
}

// usualOrder is the order of attributes where no other line shows one.
func usualOrder() []string {
	return []string{"type", "text", "title", "xmlUrl", "htmlUrl", "language", "description", "category"}
}

// model returns the style of a source that stands near: the last one in the
// folder, else the last one in the file.
func (e *editor) model(into *node) style {
	var near *row
	for i := range e.rows {
		if r := &e.rows[i]; near == nil || near.node.parent != into || r.node.parent == into {
			near = r
		}
	}
	s := style{tag: "outline", names: map[string]string{}, quote: '"', ending: "/>"}
	for prefix, space := range e.prefix {
		if space == namespace && (s.prefix == "" || prefix < s.prefix) {
			s.prefix = prefix
		}
	}
	if near == nil {
		return s
	}
	s.tag = e.tagName(near.node)
	for _, a := range near.node.Attrs {
		if a.Prefix == "" {
			s.order = append(s.order, strings.ToLower(a.Name))
			s.names[strings.ToLower(a.Name)] = a.Name
		}
	}
	if quote := near.attrs.plain["xmlurl"].Quote; quote != 0 {
		s.quote = quote
	}
	switch tag := e.Text[near.node.Start:near.node.End]; {
	case !near.node.Empty:
		s.ending = "></" + s.tag + ">"
	case markup.IsSpace(tag[len(tag)-len("/>")-1]):
		s.ending = " />"
	}
	return s
}

// tagName returns the name of n's element as written.
func (e *editor) tagName(n *node) string {
	return markup.NameAt(e.Text, n.Start+1)
}

// line writes a source.
func (s style) line(source caravan.ListSource) string {
	title := tidy(source.Title)
	if title == "" {
		title = host(source.URL)
	}
	values := map[string]string{
		"type": "rss", "text": title, "title": title,
		"xmlurl": strings.TrimSpace(source.URL), "htmlurl": strings.TrimSpace(source.SiteURL),
		"language": source.Language, "description": tidy(source.Description), "category": tidy(source.Category),
	}
	var b strings.Builder
	b.WriteString("<" + s.tag)
	written := map[string]bool{}
	write := func(name, spelled string) {
		if value := values[name]; value != "" && !written[name] {
			written[name] = true
			s.attr(&b, spelled, value)
		}
	}
	for _, name := range s.order {
		write(name, s.names[name])
	}
	for _, spelled := range usualOrder() {
		if name := strings.ToLower(spelled); name != "title" || len(s.order) == 0 {
			write(name, spelled)
		}
	}
	s.settings(&b, source.Settings)
	b.WriteString(s.ending)
	return b.String()
}

// opening writes the start tag of a folder.
func (s style) opening(name string) string {
	var b strings.Builder
	b.WriteString("<" + s.tag)
	s.attr(&b, "text", name)
	if len(s.order) == 0 || s.names["title"] != "" {
		s.attr(&b, "title", name)
	}
	b.WriteString(">")
	return b.String()
}

// settings writes what is set in caravan's name space.
func (s style) settings(b *strings.Builder, set caravan.Settings) {
	values := [][2]string{
		{"interval", writeInterval(set.Interval)}, {"only", set.Only}, {"skip", set.Skip},
		{"show", string(set.Show)}, {"paused", ""}, {"slug", set.Slug},
	}
	if set.Paused {
		values[4][1] = "true"
	}
	for _, v := range values {
		if v[1] == "" {
			continue
		}
		if s.prefix == "" {
			s.prefix = "caravan"
			s.attr(b, "xmlns:caravan", namespace)
		}
		s.attr(b, s.prefix+":"+v[0], v[1])
	}
}

// attr writes one attribute.
func (s style) attr(b *strings.Builder, name, value string) {
	b.WriteString(" " + name + "=" + string(s.quote) + escape(value, s.quote) + string(s.quote))
}

// escape writes a value so that it can stand between these quotes, or without
// any when quote is 0.
func escape(value string, quote byte) string {
	var b strings.Builder
	for _, r := range value {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && quote != '\'':
			b.WriteString("&quot;")
		case r == '\'' && quote != '"':
			b.WriteString("&apos;")
		case quote == 0 && (r < 0x80 && markup.IsSpace(byte(r)) || r == '/'):
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		case markup.Legal(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// writeInterval writes an interval as a person would: 2d, 6h, 90m.
func writeInterval(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "d"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	}
	return strconv.Itoa(int(d/time.Second)) + "s"
}
