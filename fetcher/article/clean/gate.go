package clean

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// gate is the last thing that clean HTML passes. It shares no code with the
// cleaner, so that a hole in one is closed by the other; what the cleaner
// writes passes it unchanged.
func gate(s []byte) string {
	if bytes.IndexByte(s, '<') < 0 {
		return string(s) // no tag, nothing to hold back
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/32)
	if err := policy().SanitizeReaderToWriter(bytes.NewReader(s), &b); err != nil {
		return ""
	}
	return plainQuotes(b.String())
}

// policy is what may stand in an article, in bluemonday's terms.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto")

	p.AllowNoAttrs().OnElements(
		"a", "abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small",
		"strong", "sub", "sup", "time", "u", "var", "wbr", "blockquote", "details", "div", "figcaption", "figure", "h2", "h3",
		"h4", "h5", "h6", "hr", "p", "pre", "summary", "dd", "dl", "dt", "li", "ol", "ul",
		"caption", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "rp", "rt", "ruby",
	)
	p.AllowElements("bdo", "img", "span")

	number := regexp.MustCompile(`^-?[0-9]{1,5}$`)
	when := regexp.MustCompile(`^[-+:.0-9A-Za-z][-+:. 0-9A-Za-z]{0,39}$`)
	flag := regexp.MustCompile(`^$`)
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^(?:ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[0-9A-Za-z][-0-9A-Za-z]{0,34}$`)).Globally()
	p.AllowAttrs("title").OnElements("a", "abbr", "dfn", "img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + relations + "$")).OnElements("a")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("datetime").Matching(when).OnElements("del", "ins", "time")
	p.AllowAttrs("colspan", "rowspan").Matching(number).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(?:row|col)(?:group)?$`)).OnElements("th")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^[1aAiI]$`)).OnElements("ol")
	p.AllowAttrs("reversed").Matching(flag).OnElements("ol")
	p.AllowAttrs("value").Matching(number).OnElements("li")
	p.AllowAttrs("open").Matching(flag).OnElements("details")

	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("srcset").Matching(regexp.MustCompile(
		`^https?://[^\s"<>]+(?: [0-9.]+[wx])?(?:, https?://[^\s"<>]+(?: [0-9.]+[wx])?)*$`)).OnElements("img")
	p.AllowAttrs("sizes").Matching(regexp.MustCompile(`^[-0-9A-Za-z(),.:%+*/ ]+$`)).OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.AllowAttrs("decoding").Matching(regexp.MustCompile(`^async$`)).OnElements("img")
	p.AllowAttrs("referrerpolicy").Matching(regexp.MustCompile(`^no-referrer$`)).OnElements("img")
	return p
})

// plainQuotes writes the quotation marks that bluemonday escapes in text as
// they are. Inside of tags the double one stays escaped: values stand in
// double quotes, and ">" does not occur in them.
func plainQuotes(s string) string {
	i := strings.Index(s, "&#3")
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	inTag := strings.LastIndexByte(s[:i], '<') > strings.LastIndexByte(s[:i], '>')
	b.WriteString(s[:i])
	for i < len(s) {
		j := strings.IndexAny(s[i:], "<>&")
		if j < 0 {
			break
		}
		b.WriteString(s[i : i+j])
		i += j
		switch {
		case s[i] == '<':
			inTag = true
		case s[i] == '>':
			inTag = false
		case strings.HasPrefix(s[i:], "&#39;"):
			b.WriteByte('\'')
			i += len("&#39;")
			continue
		case !inTag && strings.HasPrefix(s[i:], "&#34;"):
			b.WriteByte('"')
			i += len("&#34;")
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	b.WriteString(s[i:])
	return b.String()
}
