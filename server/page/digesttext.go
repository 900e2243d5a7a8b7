package page

import (
	"html/template"
	"slices"
	"strings"

	"caravan"
)

// A part is a section of a digest as its plain forms write it.
type part struct {
	title string
	picks []Pick
	far   bool // of several communities, which stand beside their picks
}

// parts are the sections that have something in them, in order.
func (v Digest) parts() []part {
	parts := []part{{v.TopTitle, v.Top, true}}
	for _, g := range v.Groups {
		parts = append(parts, part{g.Title, g.Picks, false})
	}
	parts = append(parts, part{v.PageLang.T("digest.others"), v.Others, true})
	return slices.DeleteFunc(parts, func(p part) bool { return len(p.picks) == 0 })
}

// note is what a part says of one of its picks.
func (p part) note(pick Pick) string {
	if p.far {
		return pick.Placed()
	}
	return pick.Noted()
}

// road are the sentences about the sources that came and went.
func (v Digest) road() []string {
	var lines []string
	for _, move := range []struct {
		key     string
		sources []Link
	}{{"digest.joined", v.Joined}, {"digest.left", v.Left}} {
		names := make([]string, len(move.sources))
		for i, s := range move.sources {
			names[i] = plain(s.Text)
		}
		if len(names) > 0 {
			lines = append(lines, v.PageLang.T(move.key)+" "+strings.Join(names, ", ")+".")
		}
	}
	return lines
}

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
	line(plain(v.Heading))
	line("")
	line(wrap(v.Opening, 72))
	for _, p := range v.parts() {
		rule(plain(p.title))
		for _, pick := range p.picks {
			textPick(&b, pick, p.note(pick))
		}
	}
	l := v.PageLang
	if road := v.road(); len(road) > 0 {
		rule(l.T("digest.road"))
		for _, sentence := range road {
			line("")
			line(wrap(sentence, 72))
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
func textPick(b *strings.Builder, p Pick, note string) {
	title := plain(fragmentText(p.Title))
	if p.Rank > 0 {
		title = itoa(p.Rank) + ". " + title
	}
	b.WriteString("\n" + wrap(title, 72) + "\n")
	if p.Excerpt != nil && p.Rank == 0 {
		b.WriteString(wrap(firstWords(plain(fragmentText(p.Excerpt)), 30), 72) + "\n")
	}
	if note != "" {
		b.WriteString(wrap(plain(note), 72) + "\n")
	}
	b.WriteString(plain(p.Href) + "\n")
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

// markdownAddress makes an address safe between angle brackets.
var markdownAddress = strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20")

// Markdown writes a digest as Markdown.
func (v Digest) Markdown() string {
	var b strings.Builder
	escape := func(s string) string { return markdownEscape.Replace(plain(s)) }
	l := v.PageLang
	b.WriteString("# " + escape(v.Heading) + "\n\n*" + escape(v.Issue) + "*\n\n" + escape(v.Opening) + "\n")
	for _, p := range v.parts() {
		b.WriteString("\n## " + escape(p.title) + "\n\n")
		for _, pick := range p.picks {
			bullet, indent := "- ", "  "
			if pick.Rank > 0 {
				bullet, indent = itoa(pick.Rank)+". ", "   "
			}
			b.WriteString(bullet + "[" + escape(fragmentText(pick.Title)) + "](<" + markdownAddress.Replace(plain(pick.Href)) + ">)")
			if note := p.note(pick); note != "" {
				b.WriteString(" · " + escape(note))
			}
			b.WriteString("\n")
			if pick.Excerpt != nil && pick.Rank == 0 {
				b.WriteString(indent + escape(firstWords(fragmentText(pick.Excerpt), 30)) + "\n")
			}
		}
	}
	if road := v.road(); len(road) > 0 {
		b.WriteString("\n## " + escape(l.T("digest.road")) + "\n")
		for _, sentence := range road {
			b.WriteString("\n" + escape(sentence) + "\n")
		}
	}
	b.WriteString("\n[" + escape(l.T("digest.read-on-web")) + "](<" + markdownAddress.Replace(v.Permalink) + ">)\n")
	return b.String()
}

// FeedContent writes a digest as the simple HTML that feed readers show.
func (v Digest) FeedContent() string {
	escape := template.HTMLEscapeString
	var b strings.Builder
	b.WriteString("<p>" + escape(v.Opening) + "</p>\n")
	for _, p := range v.parts() {
		list := "ul"
		if p.picks[0].Rank > 0 {
			list = "ol"
		}
		b.WriteString("<h2>" + escape(p.title) + "</h2>\n<" + list + ">\n")
		for _, pick := range p.picks {
			b.WriteString(`<li><a href="` + escape(pick.Href) + `">` + escape(fragmentText(pick.Title)) + "</a>")
			if note := p.note(pick); note != "" {
				b.WriteString(" · " + escape(note))
			}
			b.WriteString("</li>\n")
		}
		b.WriteString("</" + list + ">\n")
	}
	return b.String()
}
