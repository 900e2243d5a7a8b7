package page

import (
	"strings"

	"caravan"
	"caravan/server/locale"
)

// bibEscape makes a text safe inside the braces of a BibTeX field.
var bibEscape = strings.NewReplacer(
	`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "$", `\$`, "#", `\#`, "_", `\_`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`,
)

// BibTeX cites an item as an @online entry whose key is its public id.
func BibTeX(i caravan.Item, s caravan.Source, permalink string) string {
	var b strings.Builder
	b.WriteString("@online{" + i.ID + ",\n")
	field := func(name, value string) {
		if value != "" {
			b.WriteString("  " + name + " = {" + value + "},\n")
		}
	}
	authors := make([]string, len(i.Authors))
	for n, a := range i.Authors {
		authors[n] = "{" + bibEscape.Replace(plain(a)) + "}"
	}
	field("author", strings.Join(authors, " and "))
	field("title", "{"+bibEscape.Replace(plain(citedTitle(i)))+"}")
	field("organization", bibEscape.Replace(plain(s.Title)))
	if !i.Undated && !i.SortAt.IsZero() {
		field("date", i.SortAt.UTC().Format("2006-01-02"))
	}
	field("url", citedURL(i, permalink))
	field("langid", locale.Primary(i.Language))
	b.WriteString("}\n")
	return b.String()
}

// RIS cites an item as a record of type BLOG.
func RIS(i caravan.Item, s caravan.Source, permalink string) string {
	var b strings.Builder
	line := func(tag, value string) {
		if value = plain(value); value != "" || tag == "ER" {
			b.WriteString(tag + "  - " + value + "\r\n")
		}
	}
	line("TY", "BLOG")
	for _, a := range i.Authors {
		line("AU", a)
	}
	line("TI", citedTitle(i))
	line("T2", s.Title)
	if !i.Undated && !i.SortAt.IsZero() {
		line("PY", i.SortAt.UTC().Format("2006"))
		line("DA", i.SortAt.UTC().Format("2006/01/02"))
	}
	line("UR", citedURL(i, permalink))
	line("LA", locale.Primary(i.Language))
	line("ID", i.ID)
	line("ER", "")
	return b.String()
}

func citedTitle(i caravan.Item) string {
	if i.Title != "" {
		return i.Title
	}
	if i.Summary != "" {
		return firstWords(i.Summary, 12)
	}
	return i.ID
}

func citedURL(i caravan.Item, permalink string) string {
	if href := safeURL(i.Link); href != "" {
		return href
	}
	return permalink
}
