package feed

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// MaxContent is how many bytes of one entry's HTML go into a document; what is
// longer is cut, with a link to the whole.
const MaxContent = 60 << 10

// Words that stand in entries, in the language of the entry.
type words struct {
	alsoAt string // before the list of further places
	readAt string // before the name of the site
	readOn string // the same, after a cut
}

// wordsIn returns the words in a language, English where there are none.
func wordsIn(language string) words {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch primary {
	case "fr":
		return words{"Publié aussi sur", "À lire sur", "Lire la suite sur"}
	case "es":
		return words{"Publicado también en", "Para leer en", "Seguir leyendo en"}
	case "pt":
		return words{"Publicado também em", "Para ler em", "Continuar a ler em"}
	default:
		return words{"Also published at", "Read it at", "Read on at"}
	}
}

// site returns the host of an address as people say it.
func site(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// sourceName is what the source of e is called.
func sourceName(e Entry) string {
	if t := line(e.Source.Title); t != "" {
		return t
	}
	return site(e.Source.Feed)
}

// fullText returns the HTML that e gives away: its content, cut where it is
// long, and where else it was published. It is empty when e has no content.
func fullText(e Entry) string {
	if e.Content == "" {
		return ""
	}
	w := wordsIn(e.Language)
	s, cut := cutHTML(e.Content, MaxContent)
	if cut && e.Link != "" {
		s += "<p>" + anchor(e.Link, w.readOn+" "+site(e.Link)) + "</p>"
	}
	return s + alsoAt(e, w)
}

// shortText returns the HTML that stands for the content where that is not
// given: the summary, or where to read it, and the further places.
func shortText(e Entry) string { return teaser(e) + alsoAt(e, wordsIn(e.Language)) }

// teaser returns the summary as HTML, or where to read e. It is never empty.
func teaser(e Entry) string {
	s := line(e.Summary)
	if s == "" {
		s = readAt(e)
	}
	return "<p>" + escapeHTML(s) + "</p>"
}

// readAt is the sentence that says where e can be read.
func readAt(e Entry) string {
	return wordsIn(e.Language).readAt + " " + site(e.Link)
}

// alsoAt is the line that names the further places.
func alsoAt(e Entry, w words) string {
	var places []string
	for _, r := range e.AlsoAt {
		if webURI(r.URL) != "" {
			places = append(places, anchor(r.URL, r.Title))
		}
	}
	if len(places) == 0 {
		return ""
	}
	return "<p>" + w.alsoAt + " " + strings.Join(places, ", ") + "</p>"
}

// anchor is a link in HTML.
func anchor(address, label string) string {
	return `<a href="` + escapeHTML(webURI(address)) + `">` + escapeHTML(line(label)) + "</a>"
}

// cutHTML returns s, or as much of it as fits into most bytes with every
// element closed again, and whether it was cut. It cuts between elements and
// words.
func cutHTML(s string, most int) (string, bool) {
	if len(s) <= most {
		return s, false
	}
	z := html.NewTokenizer(strings.NewReader(s))
	var open []string
	closing := 0 // bytes that closing what is open takes
	var b strings.Builder
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		piece := string(z.Raw())
		name, _ := z.TagName()
		tag := string(name)
		opens := kind == html.StartTagToken && !void(tag)
		closes := kind == html.EndTagToken && len(open) > 0 && open[len(open)-1] == tag
		switch {
		case opens:
			open = append(open, tag)
			closing += len(tag) + len("</>")
		case closes:
			open = open[:len(open)-1]
			closing -= len(tag) + len("</>")
		}
		room := most - b.Len() - closing
		if len(piece) > room {
			if kind == html.TextToken {
				b.WriteString(cutWords(piece, room))
			}
			if opens {
				open = open[:len(open)-1]
			}
			break
		}
		b.WriteString(piece)
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String(), true
}

// cutWords returns the whole words of s that fit into most bytes less an
// ellipsis. It never cuts a character reference in two.
func cutWords(s string, most int) string {
	most -= len("…")
	if most <= 0 {
		return ""
	}
	end := strings.LastIndexAny(s[:min(most+1, len(s))], " \t\r\n")
	if end <= 0 {
		return ""
	}
	return s[:end] + "…"
}

// void reports whether an element has no end tag.
func void(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}
