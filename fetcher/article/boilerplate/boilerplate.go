// Package boilerplate finds what publishing systems add to the end of every
// post: where it appeared first, invitations to read on, marks of a cut.
package boilerplate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan/fetcher/article/plaintext"
)

// tailBytes is how much of the end of a text is searched for boilerplate.
const tailBytes = 400

// An Ending says where an article's own text ends, and whether that is the end
// of the article.
type Ending struct {
	Own  int  // bytes of the text that are the publisher's words
	Open bool // the text says of itself that it is not the whole
}

// Find finds what publishing systems add to the end of every post: the
// sentence that says where it appeared first, invitations to read on, and
// brackets that mark a cut.
func Find(s string) Ending {
	from := max(0, len(s)-tailBytes)
	for from > 0 && !utf8.RuneStart(s[from]) {
		from--
	}
	tail := withoutOrigin(s[from:])
	kept, invited := withoutInvitation(tail)
	kept, marked := withoutCutMark(kept)
	dots := strings.HasSuffix(kept, "…") || strings.HasSuffix(kept, "...")
	return Ending{Own: from + len(kept), Open: invited || marked || dots}
}

// OwnWords returns s without what publishing systems add to its end; where the
// publisher's words were cut short, it ends with an ellipsis.
func OwnWords(s string) string {
	s = strings.TrimSpace(s)
	e := Find(s)
	own := strings.TrimSpace(s[:e.Own])
	if e.Open && own != "" && !strings.HasSuffix(own, "…") && !strings.HasSuffix(own, "...") && !endsWithStop(own) {
		own += "…"
	}
	return own
}

// endsWithStop reports whether s ends as a sentence does.
func endsWithStop(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?。！？؟۔।\"”»)", r)
}

// An origin is how a sentence begins and goes on that says where a post
// appeared first; the title stands between, the site's name follows.
type origin struct{ begin, verb string }

// origins are the sentences that WordPress adds to every post of a feed, in
// the languages caravan reads most.
var origins = []origin{
	{"the post ", " appeared first on "}, {"the post ", " first appeared on "},
	{"article ", " est apparu en premier sur "}, {"article ", " a été publié en premier sur "}, {"article ", " est apparu d’abord sur "},
	{"billet ", " est apparu en premier sur "},
	{"la entrada ", " se publicó primero en "}, {"la entrada ", " aparece primero en "}, {"la entrada ", " apareció primero en "},
	{"el post ", " apareció primero en "}, {"el cargo ", " apareció primero en "}, {"el artículo ", " apareció primero en "},
	{"o post ", " apareceu primeiro em "}, {"o post ", " aparece primeiro em "}, {"o artigo ", " aparece primeiro em "},
	{"o artigo ", " apareceu primeiro em "}, {"o conteúdo ", " aparece primeiro em "}, {"o conteúdo ", " apareceu primeiro em "}, {"der beitrag ", " erschien zuerst auf "},
	{"articolo ", " proviene da "}, {"articolo ", " sembra essere il primo su "}, {"het bericht ", " verscheen eerst op "},
	{"entrada ", " ha aparegut primer a "}, {"o artigo ", " apareceu primeiro en "},
}

// withoutOrigin takes the sentence off the end of s that says where it
// appeared first.
func withoutOrigin(s string) string {
	told := func(sign string) bool { return strings.Contains(s, sign) }
	if !slices.ContainsFunc([]string{"first", "prim", "premier", "abord", "erst", "proviene"}, told) {
		return s
	}
	low := lowerSame(s)
	for _, o := range origins {
		verb := strings.Index(low, o.verb)
		if verb < 0 {
			continue
		}
		begin := strings.LastIndex(low[:verb+1], o.begin)
		if begin < 0 {
			continue
		}
		// The article stands before the noun, joined to it or not.
		for _, before := range []string{"l’", "l'", "cet ", "ce ", "le "} {
			if strings.HasSuffix(low[:begin], before) {
				begin -= len(before)
				break
			}
		}
		return strings.TrimSpace(s[:begin])
	}
	return s
}

// invitations are what the link from an excerpt to the whole says, in the
// languages caravan reads most.
var invitations = []string{
	"continue reading", "keep reading", "read more", "read the full article", "read the full post", "read the full story",
	"read the rest", "read on", "view post", "view full post", "view article",
	"lire la suite", "lire plus", "en savoir plus", "continuer la lecture", "lire l’article", "lire l'article",
	"seguir leyendo", "leer más", "continuar leyendo", "sigue leyendo", "continúa leyendo", "ver más", "más información",
	"continuar lendo", "continue lendo", "leia mais", "ler mais", "saiba mais", "continuar a ler", "seguir lendo", "ler máis",
	"weiterlesen", "mehr lesen", "continua a leggere", "leggi tutto", "leggi di più", "lees verder", "lees meer",
	"continua llegint", "llegeix més",
}

// IsInvitation reports whether s, the words of a link, begins with an invitation
// to read on and says little else.
func IsInvitation(s []byte) bool {
	const longest = 120
	if len(s) >= longest {
		return false
	}
	low := lowerSame(string(s))
	for _, phrase := range invitations {
		if strings.HasPrefix(low, phrase) {
			return true
		}
	}
	return false
}

// withoutInvitation takes an invitation to read on off the end of s, and
// reports whether there was one. It must stand on its own: on a line of its
// own, or after a mark of a cut.
func withoutInvitation(s string) (string, bool) {
	from := max(0, len(s)-200)
	low := lowerSame(s[from:])
	at, end := -1, 0
	for _, phrase := range invitations {
		if i := strings.Index(low, phrase); i > at {
			at, end = i, i+len(phrase)
		}
	}
	if at < 0 {
		return s, false
	}
	rest := s[from+end:]
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) || strings.Contains(strings.TrimSpace(rest), "\n") {
		return s, false
	}
	before := strings.TrimRight(s[:from+at], " \u00a0")
	bare := strings.TrimRight(before, "[(<«‹→")
	kept := strings.TrimRightFunc(bare, unicode.IsSpace)
	alone := kept == "" || strings.HasSuffix(before, "\n") || len(bare) < len(before) ||
		strings.HasSuffix(kept, "…") || strings.HasSuffix(kept, "...") || strings.HasSuffix(kept, "]")
	if !alone {
		return s, false
	}
	return kept, true
}

// withoutCutMark takes brackets around an ellipsis off the end of s, and
// reports whether there were some.
func withoutCutMark(s string) (string, bool) {
	t := strings.TrimSpace(s)
	for _, mark := range []string{"[…]", "[...]", "(…)", "(...)", "[ … ]", "[ ... ]", "[&hellip;]", "[…", "[..."} {
		if kept, ok := strings.CutSuffix(t, mark); ok {
			return strings.TrimSpace(kept), true
		}
	}
	return s, false
}

// lowerSame returns s in lower case as far as ASCII and Latin-1 go, every byte
// in its place.
func lowerSame(s string) string {
	return string(plaintext.AppendLower(make([]byte, 0, len(s)), s))
}
