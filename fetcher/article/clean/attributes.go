package clean

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/plaintext"
)

// attributes are those of one tag that mean something to the cleaner. What is
// not here is never written.
type attributes struct {
	class, id, style         string
	dir, lang                string
	title, alt               string
	href, src, srcset, sizes string
	lazySrc, lazySrcset      string // where scripts that load images late keep the address
	poster, data, cite       string
	name, value              string
	datetime                 string
	width, height            string
	colspan, rowspan, scope  string
	start, kind              string
	reversed, open, hidden   bool
}

// read takes the attributes of the tag that z has just read.
func (a *attributes) read(z *html.Tokenizer, more bool) {
	*a = attributes{}
	for more {
		var key, val []byte
		key, val, more = z.TagAttr()
		if field := a.field(key); field != nil && *field == "" {
			*field = string(val)
			continue
		}
		switch string(key) {
		case "reversed":
			a.reversed = true
		case "open":
			a.open = true
		case "hidden":
			a.hidden = true
		}
	}
}

// field returns where the attribute key is kept; nil when it is of no use.
func (a *attributes) field(key []byte) *string {
	switch string(key) {
	case "class":
		return &a.class
	case "id":
		return &a.id
	case "style":
		return &a.style
	case "dir":
		return &a.dir
	case "lang", "xml:lang":
		return &a.lang
	case "title":
		return &a.title
	case "alt":
		return &a.alt
	case "href":
		return &a.href
	case "src":
		return &a.src
	case "srcset":
		return &a.srcset
	case "sizes":
		return &a.sizes
	case "data-src", "data-lazy-src", "data-original", "data-orig-src", "data-lazy", "data-url":
		return &a.lazySrc
	case "data-srcset", "data-lazy-srcset":
		return &a.lazySrcset
	}
	return a.rareField(key)
}

// rareField is field for the attributes that few tags have.
func (a *attributes) rareField(key []byte) *string {
	switch string(key) {
	case "poster":
		return &a.poster
	case "data":
		return &a.data
	case "cite":
		return &a.cite
	case "name":
		return &a.name
	case "value":
		return &a.value
	case "datetime":
		return &a.datetime
	case "width":
		return &a.width
	case "height":
		return &a.height
	case "colspan":
		return &a.colspan
	case "rowspan":
		return &a.rowspan
	case "scope":
		return &a.scope
	case "start":
		return &a.start
	case "type":
		return &a.kind
	}
	return nil
}

// relations is what every link says of the page behind it: it gets no handle
// on ours, no address of ours and no recommendation.
const relations = "noopener noreferrer nofollow ugc"

// write appends the attributes that element name may have, each with a valid
// value, in a fixed order.
func (a *attributes) write(dst []byte, name string, at *hyperlink.Resolver) []byte {
	switch name {
	case "a":
		dst = appendAttr(dst, "href", a.href)
		dst = appendAttr(dst, "rel", relations)
		dst = appendText(dst, "title", a.title)
	case "abbr", "dfn":
		dst = appendText(dst, "title", a.title)
	case "blockquote", "q", "del", "ins":
		if address := at.Web(a.cite); address != "" {
			dst = appendAttr(dst, "cite", address)
		}
		if name == "del" || name == "ins" {
			dst = appendIf(dst, "datetime", a.datetime, isDateTime)
		}
	case "time":
		dst = appendIf(dst, "datetime", a.datetime, isDateTime)
	case "td", "th":
		dst = appendIf(dst, "colspan", a.colspan, isSpanCount)
		dst = appendIf(dst, "rowspan", a.rowspan, isSpanCount)
		if name == "th" {
			dst = appendIf(dst, "scope", strings.ToLower(a.scope), isScope)
		}
	case "ol":
		dst = appendIf(dst, "start", a.start, isNumber)
		dst = appendIf(dst, "type", a.kind, isListType)
		if a.reversed {
			dst = append(dst, ` reversed=""`...)
		}
	case "li":
		dst = appendIf(dst, "value", a.value, isNumber)
	case "details":
		if a.open {
			dst = append(dst, ` open=""`...)
		}
	}
	dst = appendIf(dst, "dir", strings.ToLower(a.dir), isDirection)
	return appendIf(dst, "lang", a.lang, isLanguageTag)
}

// appendAttr appends an attribute whose value is valid.
func appendAttr(dst []byte, key, val string) []byte {
	dst = append(dst, ' ')
	dst = append(dst, key...)
	dst = append(dst, '=', '"')
	for i := 0; i < len(val); i++ {
		if val[i] == '"' {
			dst = append(dst, "&#34;"...)
		} else {
			dst = appendEscaped(dst, val[i])
		}
	}
	return append(dst, '"')
}

// appendText appends an attribute that people read; an empty one is left out.
func appendText(dst []byte, key, val string) []byte {
	if val = plaintext.Line(plaintext.Cut(val, maxWord), maxWord); val == "" {
		return dst
	}
	return appendAttr(dst, key, val)
}

// appendIf appends an attribute when its value is of the right form.
func appendIf(dst []byte, key, val string, valid func(string) bool) []byte {
	if val == "" || !valid(val) {
		return dst
	}
	return appendAttr(dst, key, val)
}

func isDirection(s string) bool { return s == "ltr" || s == "rtl" || s == "auto" }
func isScope(s string) bool {
	return s == "row" || s == "col" || s == "rowgroup" || s == "colgroup"
}
func isListType(s string) bool { return len(s) == 1 && strings.Contains("1aAiI", s) }
func isNumber(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > -100000 && n < 100000 && strconv.Itoa(n) == s
}
func isSpanCount(s string) bool {
	return isNumber(s) && s[0] != '-' && len(s) <= 3 && s != "0"
}
func isLength(s string) bool { return isNumber(s) && s[0] != '-' && s != "0" }

// isDateTime reports whether s could be a date, time or duration of HTML.
func isDateTime(s string) bool {
	return len(s) <= 40 && plaintext.ConsistsOf(s, func(b byte) bool {
		return plaintext.IsAlnum(b) || strings.IndexByte("-+:. ", b) >= 0
	}) && s[0] != ' '
}

// isLanguageTag reports whether s has the form of a BCP 47 tag.
func isLanguageTag(s string) bool {
	return len(s) <= 35 && plaintext.IsAlnum(s[0]) && plaintext.ConsistsOf(s, func(b byte) bool { return plaintext.IsAlnum(b) || b == '-' })
}

// unseen reports whether the publisher's page does not show the element, or it
// is a widget that means nothing away from that page.
func (a *attributes) unseen() bool {
	if a.hidden {
		return true
	}
	if a.style != "" {
		style := strings.ToLower(a.style)
		if strings.Contains(style, "display") && hasDeclaration(style, "display:none") ||
			strings.Contains(style, "visibility") && hasDeclaration(style, "visibility:hidden") {
			return true
		}
	}
	return a.class != "" && hasToken(a.class, widgets)
}

// noisy reports whether the element's text changes by itself: an
// advertisement, a counter, a list of related posts.
func (a *attributes) noisy() bool {
	return a.class != "" && hasToken(a.class, changing) || a.id != "" && hasToken(a.id, changing)
}

// hasDeclaration reports whether a style, in lower case, holds declaration.
func hasDeclaration(style, declaration string) bool {
	style = strings.Join(strings.Fields(style), "")
	for part := range strings.SplitSeq(style, ";") {
		if strings.HasPrefix(part, declaration) {
			return true
		}
	}
	return false
}

// hasToken reports whether one of the words of class is in set.
func hasToken(class string, set map[string]bool) bool {
	for word := range strings.FieldsSeq(class) {
		if set[word] || set[strings.ToLower(word)] {
			return true
		}
	}
	return false
}

// widgets are the classes of elements that are no part of an article: rows of
// buttons for sharing and the like, as the common publishing systems and
// their plugins write them into feeds.
var widgets = plaintext.WordSet(`feedflare share_submission sharedaddy sd-sharing-enabled jp-relatedposts addtoany_share_save_container
	addtoany_content adsbygoogle heateor_sss_sharing_container ssba ssba-wrap swp_social_panel
	synved-social-container social-share-buttons share-buttons subscription-widget-wrap
	subscription-widget-wrap-editor subscription-widget wp-block-jetpack-subscriptions
	wp-block-jetpack-sharing-buttons screen-reader-text sr-only visually-hidden tribe-events-share mc4wp-form
	kg-signup-card simplesocialbuttons blogger-post-footer`)

// changing are the classes and ids of elements whose text is another one each
// time it is asked for.
var changing = plaintext.WordSet(`ad ads advert advertisement advertising ad-container ad-slot adsense banner-ad sponsor sponsored promo counter
	views view-count views-count post-views page-views comment-count comments-count comments-link comment-counter
	like-count likes share-count shares wp_ulike_general_class related related-posts relatedposts yarpp
	yarpp-related recommended trending popular-posts recent-posts most-read timeago time-ago reading-time`)
