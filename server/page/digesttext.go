package page

import (
	"html/template"
	"strings"

	"caravan"
)

// PlainText writes a digest as plain text, to be copied into any newsletter
// tool: lines of at most 72 characters, addresses on lines of their own.
func (v Digest) PlainText() string {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	rule := func(title string) {
		line("")
		line("")
		line(strings.ToUpper(title))
		line(strings.Repeat("-", min(72, len([]rune(title)))))
	}
	line(v.Issue)
	line(v.Heading)
	line("")
	line(wrap(v.Opening, 72))
	l := v.PageLang
	if len(v.Top) > 0 {
		rule(l.T("digest.top"))
		for _, p := range v.Top {
			textPick(&b, p)
		}
	}
	for _, g := range v.Groups {
		rule(plain(g.Title))
		for _, p := range g.Picks {
			textPick(&b, p)
		}
	}
	if len(v.Others) > 0 {
		rule(l.T("digest.others"))
		for _, p := range v.Others {
			textPick(&b, p)
		}
	}
	line("")
	line("")
	line("-- ")
	line(l.T("frame.motto"))
	line(l.T("digest.read-on-web") + ": " + v.Permalink)
	return b.String()
}

// textPick writes one story as plain text.
func textPick(b *strings.Builder, p Pick) {
	b.WriteString("\n" + wrap(plain(fragmentText(p.Title)), 72) + "\n")
	if p.Excerpt != nil {
		b.WriteString(wrap(firstWords(plain(fragmentText(p.Excerpt)), 30), 72) + "\n")
	}
	if p.Note != "" {
		b.WriteString(wrap(plain(p.Note), 72) + "\n")
	}
	b.WriteString(p.Href + "\n")
}

// fragmentText puts fragments together without their marks.
func fragmentText(fragments []caravan.Fragment) string {
	var b strings.Builder
	for _, f := range fragments {
		b.WriteString(f.Text)
	}
	return b.String()
}

// wrap breaks a text into lines of at most width characters, words kept whole.
func wrap(text string, width int) string {
	var b strings.Builder
	length := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case length == 0:
		case length+1+n > width:
			b.WriteByte('\n')
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += n
	}
	return b.String()
}

// markdownEscape makes a text safe in Markdown.
var markdownEscape = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "#", `\#`,
)

// Markdown writes a digest as Markdown.
func (v Digest) Markdown() string {
	var b strings.Builder
	escape := func(s string) string { return markdownEscape.Replace(plain(s)) }
	l := v.PageLang
	b.WriteString("# " + escape(v.Heading) + "\n\n*" + escape(v.Issue) + "*\n\n" + escape(v.Opening) + "\n")
	section := func(title string, picks []Pick) {
		if len(picks) == 0 {
			return
		}
		b.WriteString("\n## " + escape(title) + "\n")
		for _, p := range picks {
			b.WriteString("\n- [" + escape(fragmentText(p.Title)) + "](<" + strings.NewReplacer("<", "%3C", ">", "%3E").Replace(p.Href) + ">)")
			if p.Note != "" {
				b.WriteString(" · " + escape(p.Note))
			}
			b.WriteString("\n")
			if p.Excerpt != nil {
				b.WriteString("  " + escape(firstWords(fragmentText(p.Excerpt), 30)) + "\n")
			}
		}
	}
	section(l.T("digest.top"), v.Top)
	for _, g := range v.Groups {
		section(g.Title, g.Picks)
	}
	section(l.T("digest.others"), v.Others)
	b.WriteString("\n[" + escape(l.T("digest.read-on-web")) + "](<" + v.Permalink + ">)\n")
	return b.String()
}

// FeedContent writes a digest as the simple HTML that feed readers show.
func (v Digest) FeedContent() string {
	escape := template.HTMLEscapeString
	var b strings.Builder
	b.WriteString("<p>" + escape(v.Opening) + "</p>\n")
	section := func(title string, picks []Pick) {
		if len(picks) == 0 {
			return
		}
		b.WriteString("<h2>" + escape(title) + "</h2>\n<ul>\n")
		for _, p := range picks {
			b.WriteString(`<li><a href="` + escape(p.Href) + `">` + escape(fragmentText(p.Title)) + "</a>")
			if p.Note != "" {
				b.WriteString(" · " + escape(p.Note))
			}
			b.WriteString("</li>\n")
		}
		b.WriteString("</ul>\n")
	}
	section(v.PageLang.T("digest.top"), v.Top)
	for _, g := range v.Groups {
		section(g.Title, g.Picks)
	}
	section(v.PageLang.T("digest.others"), v.Others)
	return b.String()
}
