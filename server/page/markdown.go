package page

import (
	"html/template"
	"regexp"
	"strings"
)

// Markdown turns an operator's text into safe HTML. It knows what a text about
// a site needs: headings, paragraphs, lists, links, *emphasis*, **strong** and
// `code`. Everything else stays words, markup included.
func Markdown(text string) template.HTML {
	var b strings.Builder
	for _, block := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if block = strings.Trim(block, "\n"); strings.TrimSpace(block) != "" {
			writeBlock(&b, block)
		}
	}
	return template.HTML(b.String())
}

// writeBlock writes one paragraph, heading or list.
func writeBlock(b *strings.Builder, block string) {
	lines := strings.Split(block, "\n")
	if level := headingLevel(lines[0]); level > 0 {
		tag := "h" + itoa(min(level+1, 4)) // the page has its h1
		b.WriteString("<" + tag + ">" + inline(strings.TrimSpace(lines[0][level:])) + "</" + tag + ">\n")
		if len(lines) > 1 {
			writeBlock(b, strings.Join(lines[1:], "\n"))
		}
		return
	}
	if isItem(lines[0]) {
		b.WriteString("<ul>\n")
		var item string
		for _, line := range lines {
			if isItem(line) {
				writeItem(b, item)
				item = strings.TrimSpace(line[2:])
				continue
			}
			item += " " + strings.TrimSpace(line)
		}
		writeItem(b, item)
		b.WriteString("</ul>\n")
		return
	}
	b.WriteString("<p>" + inline(strings.Join(lines, " ")) + "</p>\n")
}

func isItem(line string) bool { return strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") }

func writeItem(b *strings.Builder, item string) {
	if item != "" {
		b.WriteString("<li>" + inline(item) + "</li>\n")
	}
}

// headingLevel counts the signs that begin a heading; 0 for none.
func headingLevel(line string) int {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n == 0 || n > 6 || !strings.HasPrefix(line[n:], " ") {
		return 0
	}
	return n
}

// The marks within a line, in the order in which they are looked for. They are
// applied to escaped text, so that what they let through is ours alone.
var (
	codeMark   = regexp.MustCompile("`([^`]+)`")
	linkMark   = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)
	strongMark = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	stressMark = regexp.MustCompile(`\*([^*]+)\*`)
)

// inline writes the text of a block.
func inline(text string) string {
	text = template.HTMLEscapeString(text)
	text = linkMark.ReplaceAllStringFunc(text, func(found string) string {
		parts := linkMark.FindStringSubmatch(found)
		href := parts[2]
		if plainHref := strings.ReplaceAll(href, "&amp;", "&"); safeURL(plainHref) == "" && !strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "mailto:") {
			return parts[1]
		}
		return `<a href="` + href + `">` + parts[1] + "</a>"
	})
	text = codeMark.ReplaceAllString(text, "<code>$1</code>")
	text = strongMark.ReplaceAllString(text, "<strong>$1</strong>")
	return stressMark.ReplaceAllString(text, "<em>$1</em>")
}
