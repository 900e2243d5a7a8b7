package feed

import (
	"encoding/xml"
	"hash/fnv"
	"mime"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/language"
)

// clean drops the characters that XML 1.0 forbids (O08) and those that no text
// means: C1 controls and what decoding could not read.
func clean(s string) string {
	if plainASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return r
		case r < ' ', r >= 0x7f && r <= 0x9f:
			return -1
		case r == utf8.RuneError:
			return '?'
		case r >= 0xd800 && r <= 0xdfff, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		return r
	}, s)
}

// plainASCII reports whether s has nothing for clean to do.
func plainASCII(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}

// line returns s as one line of text without white space around it.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// nameEscapes are for titles and names. The numeric forms are those that the
// RSS profile asks for: every reader takes them for text and not for markup.
var nameEscapes = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")

// bodyEscapes are for content. A carriage return would otherwise not come
// through the parser as it is.
var bodyEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")

// A raw value is XML already.
type raw struct {
	XML string `xml:",innerxml"`
}

// name returns s as the content of an element for titles and names, or nil when
// it is empty.
func name(s string) *raw {
	if s = line(s); s == "" {
		return nil
	}
	return &raw{nameEscapes.Replace(s)}
}

// A typed value is text of an Atom type.
type typed struct {
	Type string `xml:"type,attr,omitempty"`
	XML  string `xml:",innerxml"`
}

// text returns s as an Atom text construct of plain text, or nil when it is
// empty.
func text(s string) *typed {
	if s = line(s); s == "" {
		return nil
	}
	return &typed{Type: "text", XML: nameEscapes.Replace(s)}
}

// body returns HTML as the content of an element.
func body(s string) *typed {
	return &typed{Type: "html", XML: bodyEscapes.Replace(clean(s))}
}

// escapeHTML returns plain text as HTML.
func escapeHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;").Replace(clean(s))
}

// uri returns an address as a valid URI: the characters that RFC 3986 forbids
// are percent-encoded, and scheme and host are written in lower case and ASCII,
// as some readers do and others do not. What is no absolute address gives the empty string.
func uri(s string) string {
	s = strings.TrimSpace(clean(s))
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || !validScheme(scheme) || rest == "" {
		return ""
	}
	if strings.HasPrefix(rest, "//") {
		host, tail := rest[2:], ""
		if i := strings.IndexAny(host, "/?#"); i >= 0 {
			host, tail = host[:i], host[i:]
		}
		user := ""
		if i := strings.LastIndexByte(host, '@'); i >= 0 {
			user, host = host[:i+1], host[i+1:]
		}
		if host == "" {
			return ""
		}
		if !plainASCII(host) {
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return ""
			}
			host = ascii
		}
		return strings.ToLower(scheme) + "://" + encodeURI(user, false) + encodeURI(strings.ToLower(host), true) + encodeURI(tail, false)
	}
	return scheme + ":" + encodeURI(rest, false)
}

// webURI returns uri(s) when it is an address of the web, else nothing.
func webURI(s string) string {
	u := uri(s)
	if lower := strings.ToLower(u); strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://") {
		return u
	}
	return ""
}

// validScheme reports whether s is the scheme of a URI.
func validScheme(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", r)) {
			return false
		}
	}
	return s != ""
}

// encodeURI percent-encodes every byte of s that may not stand in a URI, and a
// percent sign that encodes nothing. Brackets are for hosts alone.
func encodeURI(s string, host bool) string {
	const allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ;/?:@&=+$.-_!~*'()%,#"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '%' && !(i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])):
			b.WriteString("%25")
		case strings.IndexByte(allowed, c) >= 0, host && (c == '[' || c == ']'):
			b.WriteByte(c)
		default:
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

// isHex reports whether c is a hexadecimal digit.
func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// tag returns a language tag as it may stand in xml:lang, or nothing when it is
// none that readers know.
func tag(s string) string {
	t, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil {
		return ""
	}
	if base, _ := t.Base(); len(base.String()) != 2 {
		return ""
	}
	return t.String()
}

// mediaType returns the media type of an enclosure: as given where that is
// one, else by the ending of its address.
func mediaType(e Enclosure) string {
	if kind, _, err := mime.ParseMediaType(e.Type); err == nil && strings.Contains(kind, "/") {
		return kind
	}
	ending := ""
	if u, err := url.Parse(e.URL); err == nil {
		ending = strings.ToLower(path.Ext(u.Path))
	}
	// A table of our own: that of package mime differs from machine to machine.
	if kind, ok := map[string]string{
		".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/opus", ".wav": "audio/wav",
		".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
		".pdf": "application/pdf", ".epub": "application/epub+zip",
		".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
	}[ending]; ok {
		return kind
	}
	return "application/octet-stream"
}

// stamp formats a time as Atom and JSON Feed have it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// stampApart formats a time with a fraction of a second made of id, so that two
// entries which changed in the same second differ (the W3C's validator warns of
// equal ones, and some readers sort by the text).
func stampApart(t time.Time, id string) string {
	h := fnv.New64a()
	h.Write([]byte(id))
	fraction := time.Duration(h.Sum64() % 1e9)
	return t.UTC().Truncate(time.Second).Add(fraction).Format("2006-01-02T15:04:05.000000000Z")
}

// mailStamp formats a time as RSS has it.
func mailStamp(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000") }

// marshal writes v as indented XML, elements that are all attributes in their
// short form. In text and attributes every "<" is escaped, so what looks like a
// closing tag is one.
func marshal(v any) ([]byte, error) {
	out, err := xml.MarshalIndent(v, "", " ")
	return emptyElement.ReplaceAll(out, []byte("$1/>")), err
}

// emptyElement matches an element with attributes and nothing in it, from its
// last attribute on.
var emptyElement = regexp.MustCompile(`(")></[A-Za-z:-]+>`)
