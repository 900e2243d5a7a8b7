// Package href reads the addresses in feeds: it mends them, resolves them
// against a base (RFC 3986, section 5) and tells web addresses from others.
package href

import (
	"net/url"
	"strings"

	"caravan/fetcher/document/limits"
)

// Resolve returns ref against base. What cannot be resolved stays as it is,
// without surrounding white space and line breaks.
func Resolve(base, ref string) string {
	ref = trimAddress(ref)
	if base == "" || ref == "" || HasScheme(ref) {
		return ref
	}
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	r, err := url.Parse(ref)
	if err != nil {
		return ref
	}
	return b.ResolveReference(r).String()
}

// trimAddress removes what never belongs to an address: white space around it,
// and line breaks and tabs inside.
func trimAddress(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsAny(s, "\n\r\t") {
		return s
	}
	var b strings.Builder
	for line := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

// HasScheme reports whether s starts with a scheme, as an absolute address does.
func HasScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return i > 1 && c == ':'
		}
	}
	return false
}

// Web returns s as an absolute http or https address, resolved against
// base where it is relative, or "" when it is none.
func Web(base, s string) string {
	s = trimAddress(s)
	if s == "" || len(s) > limits.Address {
		return ""
	}
	if !HasScheme(s) {
		if strings.HasPrefix(strings.ToLower(s), "www.") {
			s = "http://" + s
		} else {
			s = Resolve(base, s)
		}
	}
	s = strings.ReplaceAll(s, " ", "%20")
	u, err := url.Parse(s)
	if err != nil {
		u, err = url.Parse(escapeLoosePercent(s))
	}
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if i := strings.IndexByte(s, ':'); s[:i] != u.Scheme {
		s = u.Scheme + s[i:]
	}
	return s
}

// escapeLoosePercent writes a '%' that starts no escape as "%25".
func escapeLoosePercent(s string) string {
	isHex := func(i int) bool { return i < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[i]) >= 0 }
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '%' && !(isHex(i+1) && isHex(i+2)) {
			b.WriteString("25")
		}
	}
	return b.String()
}

// Site returns the root of the site that an address belongs to, or "".
func Site(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/"
}

// SameHost reports whether two addresses are on one host, "www." aside.
func SameHost(a, b string) bool {
	u, err := url.Parse(a)
	v, err2 := url.Parse(b)
	if err != nil || err2 != nil {
		return false
	}
	bare := func(u *url.URL) string { return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") }
	return bare(u) == bare(v)
}
