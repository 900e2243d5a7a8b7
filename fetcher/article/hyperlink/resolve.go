// Package hyperlink makes the addresses in articles absolute and clean: it
// resolves them as a browser would, keeps only what may be followed, takes off
// what trackers added, and knows images that count readers.
package hyperlink

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"caravan/fetcher/article/plaintext"
)

// A Resolver makes addresses absolute and clean.
type Resolver struct {
	base *url.URL // nil when nothing is known
}

// New chooses the base for an item with that link: the link, then the
// site, then the feed. The link of an item that points to somebody else's site
// is no base for what stands in it.
func New(link, site, feed string) *Resolver {
	ofItem, ofSite, ofFeed := parseBase(link), parseBase(site), parseBase(feed)
	var base *url.URL
	if ofItem != nil && (ofSite == nil || sameSite(ofItem, ofSite) || ofFeed != nil && sameSite(ofItem, ofFeed)) {
		base = ofItem
	}
	for _, b := range []*url.URL{ofSite, ofItem, ofFeed} {
		if base == nil {
			base = b
		}
	}
	return &Resolver{base: base}
}

// parseBase parses an address that may serve as a base.
func parseBase(s string) *url.URL {
	if s == "" {
		return nil
	}
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	return u
}

// sameSite reports whether a and b belong to one publisher as far as their
// names tell.
func sameSite(a, b *url.URL) bool {
	return registrable(a.Hostname()) == registrable(b.Hostname())
}

// registrable returns the part of a host name that somebody registered.
func registrable(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// Link resolves an address that a reader may follow: http, https or mailto,
// without what trackers added. It returns "" for any other.
func (r *Resolver) Link(s string) string {
	return r.resolve(s, true)
}

// Web resolves an address of http or https; it returns "" for any other.
func (r *Resolver) Web(s string) string {
	return r.resolve(s, false)
}

// Image resolves the address of an image. Its query is kept as it is, as image
// servers sign it.
func (r *Resolver) Image(s string) string {
	u := r.parse(s)
	if u == nil || u.Scheme == "mailto" {
		return ""
	}
	return settle(u)
}

// resolve makes s absolute and strips what trackers added.
func (r *Resolver) resolve(s string, mail bool) string {
	u := r.parse(s)
	if u == nil {
		return ""
	}
	if u.Scheme == "mailto" {
		if !mail {
			return ""
		}
		return settle(u)
	}
	u = unwrap(u)
	stripTrackers(u)
	return settle(u)
}

// settle writes u and makes sure that reading it gives the same again; an
// address that changes each time it is written is not used.
func settle(u *url.URL) string {
	s := u.String()
	again, err := url.Parse(s)
	if err != nil || again.String() != s || strings.ContainsAny(s, " \t\n\"<>`") || len(s) > maxAddress {
		return ""
	}
	return s
}

// maxAddress is the longest address that is kept.
const maxAddress = 4096

// maxHost is the longest name of a host that is read, both as it is written and
// in ASCII.
const maxHost = 500

// parse reads s as a browser would, resolves it and returns nil unless that
// gives http or https with a host, or mailto.
func (r *Resolver) parse(s string) *url.URL {
	s = tidyAddress(s)
	if s == "" || len(s) > maxAddress {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil
	}
	switch u.Scheme {
	case "mailto":
		if u.Opaque == "" || !strings.Contains(u.Opaque, "@") {
			return nil
		}
		return u
	case "http", "https":
	case "":
		if r.base == nil {
			if u.Host == "" {
				return nil
			}
			u.Scheme = "https"
			break
		}
		u = r.base.ResolveReference(u)
	default:
		return nil
	}
	if u.Opaque != "" || u.Host == "" || u.Hostname() == "" {
		return nil
	}
	u.User = nil
	return asciiHost(u)
}

// tidyAddress mends what browsers mend in silence: white space around and line
// breaks within, backslashes for slashes, too many or too few slashes after
// the scheme, characters that must be escaped and per cent signs that escape
// nothing.
func tidyAddress(s string) string {
	if isTidy(s) {
		return s
	}
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || r == 0xa0 || r == 0xfeff })
	if s == "" {
		return ""
	}
	if strings.ContainsAny(s, "\t\r\n") {
		s = strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
	}
	end := strings.IndexAny(s, "?#")
	if end < 0 {
		end = len(s)
	}
	if strings.Contains(s[:end], "\\") && !strings.HasPrefix(s, "mailto:") {
		s = strings.ReplaceAll(s[:end], "\\", "/") + s[end:]
	}
	for _, scheme := range []string{"http:", "https:"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			if rest := strings.TrimLeft(s[len(scheme):], "/"); len(rest)+len(scheme)+2 != len(s) || s[:len(scheme)] != scheme {
				s = scheme + "//" + rest
			}
			break
		}
	}
	return escapeStray(s)
}

// isTidy reports whether nothing in s can need mending: it begins with http://
// or https:// and goes on with harmless characters.
func isTidy(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && plaintext.IsAlnum(rest[0]) && plaintext.ConsistsOf(rest, func(b byte) bool {
		return plaintext.IsAlnum(b) || strings.IndexByte("/.-_~?&=+#:,;!*'()@$", b) >= 0
	})
}

// escapeStray escapes what may not stand in an address as it is.
func escapeStray(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); i++ {
		ch := s[i]
		bad := ch <= ' ' || ch == 0x7f || strings.IndexByte("\"<>`^{|}", ch) >= 0 ||
			ch == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]))
		if !bad {
			continue
		}
		b.WriteString(s[from:i])
		b.Write([]byte{'%', hex[ch>>4], hex[ch&15]})
		from = i + 1
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// isHex reports whether b is a hexadecimal digit.
func isHex(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F'
}

// asciiHost writes an international host name as the resolver of names needs
// it, so that what is shown is what is asked for. It returns nil for a name
// that cannot be one.
func asciiHost(u *url.URL) *url.URL {
	host := u.Hostname()
	if len(host) > maxHost {
		return nil
	}
	ascii := host
	for i := 0; i < len(host); i++ {
		if host[i] >= 0x80 {
			var err error
			if ascii, err = idna.Lookup.ToASCII(host); err != nil {
				return nil
			}
			break
		}
	}
	ascii = strings.ToLower(ascii)
	if ascii == "" || len(ascii) > maxHost || ascii[0] == '.' || strings.Contains(ascii, "..") || strings.ContainsAny(ascii, " %\"'()<>\\^`{|}") {
		return nil
	}
	if strings.Contains(ascii, ":") {
		ascii = "[" + ascii + "]"
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n > 65535 {
			return nil
		}
		ascii += ":" + port
	}
	if ascii != u.Host {
		v := *u
		v.Host = ascii
		return &v
	}
	return u
}

// Srcset reads a list of candidate images and writes those that are http or
// https again, absolute. Commas belong to an address unless they end it.
func (r *Resolver) Srcset(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	for n := 0; n < maxCandidates; n++ {
		s = strings.TrimLeft(s, " \t\r\n\f,")
		if s == "" {
			break
		}
		end := strings.IndexAny(s, " \t\r\n\f")
		if end < 0 {
			end = len(s)
		}
		address, descriptor := s[:end], ""
		s = s[end:]
		if trimmed := strings.TrimRight(address, ","); trimmed != address {
			address = trimmed
		} else {
			descriptor, s, _ = strings.Cut(s, ",")
			descriptor = strings.TrimSpace(descriptor)
		}
		if address = r.Image(address); address == "" || !isDescriptor(descriptor) ||
			strings.HasSuffix(address, ",") || strings.HasPrefix(address, ",") || IsTracker(address) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(address)
		if descriptor != "" {
			b.WriteByte(' ')
			b.WriteString(descriptor)
		}
	}
	return b.String()
}

// maxCandidates is how many candidates of a srcset are kept.
const maxCandidates = 20

// isDescriptor reports whether s is empty or one width or density.
func isDescriptor(s string) bool {
	if s == "" {
		return true
	}
	unit := s[len(s)-1]
	return len(s) > 1 && len(s) <= 10 && (unit == 'w' || unit == 'x') && plaintext.ConsistsOf(s[:len(s)-1], func(b byte) bool {
		return b >= '0' && b <= '9' || b == '.'
	})
}

// IsWeb reports whether address is one of http or https.
func IsWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// Exact makes an address absolute without changing what it says: an absolute
// one of http or https is returned as it is written.
func (r *Resolver) Exact(s string) string {
	s = strings.TrimSpace(s)
	u := r.parse(s)
	if u == nil || u.Scheme == "mailto" {
		return ""
	}
	if IsWeb(s) && !strings.ContainsAny(s, " \t\r\n\"<>\\`@") {
		return plaintext.Line(s, maxAddress)
	}
	return settle(u)
}
