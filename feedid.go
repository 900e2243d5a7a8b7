package caravan

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The syntax that URIs of some schemes have besides the general one: of tags
// (RFC 4151) and of URNs (RFC 8141).
var (
	tagSyntax  = regexp.MustCompile(`^tag:([a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[^#]*$`)
	urnSyntax  = regexp.MustCompile(`^urn:[a-zA-Z0-9][a-zA-Z0-9-]{1,31}:([a-zA-Z0-9()+,.:=@;$_!*'-]|%[0-9A-F]{2})+$`)
	uuidSyntax = regexp.MustCompile(`^urn:uuid:[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$`)
)

// ValidFeedID reports whether a publisher's GUID may go out as an atom:id: an
// absolute URI of a registered scheme, of sane length, and in the canonical
// form that RFC 4287, 4.2.6.1 asks for, as ids are compared letter by letter.
func ValidFeedID(guid string) bool {
	if guid == "" || len(guid) > 1000 {
		return false
	}
	scheme, rest, ok := strings.Cut(guid, ":")
	if !ok || !canonicalEscapes(rest) || strings.Count(guid, "#") > 1 {
		return false
	}
	switch scheme {
	case "http", "https":
		return canonicalWebURI(guid)
	case "tag":
		return tagSyntax.MatchString(guid)
	case "urn":
		return urnSyntax.MatchString(guid) && (!strings.HasPrefix(strings.ToLower(guid), "urn:uuid:") || uuidSyntax.MatchString(guid))
	case "info", "mid", "cid", "news", "xmpp", "im", "pres", "sip":
		return rest != "" && !strings.HasPrefix(rest, "/")
	}
	return false
}

// canonicalWebURI reports whether an http(s) address has a plain host in lower
// case, no default port, a path, and no dot segments in it.
func canonicalWebURI(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Hostname() == "" || !strings.HasPrefix(u.Path, "/") {
		return false
	}
	port := u.Port()
	switch {
	case strings.HasPrefix(u.Host, "["), u.Host != strings.ToLower(u.Host), strings.HasSuffix(u.Hostname(), "."):
		return false
	case strings.HasSuffix(u.Host, ":"), strings.HasPrefix(port, "0"), u.Scheme == "http" && port == "80", u.Scheme == "https" && port == "443":
		return false
	}
	for segment := range strings.SplitSeq(u.EscapedPath(), "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

// canonicalEscapes reports whether s, the part of a URI after its scheme, holds
// only characters that may stand there, and escapes only what needs to be, in
// upper case and as UTF-8.
func canonicalEscapes(s string) bool {
	const allowed = ";/?:@&=+$.-_!~*'(),#"
	var escaped []byte // the bytes of adjacent escapes
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' {
			if i+2 >= len(s) || !upperHex(s[i+1]) || !upperHex(s[i+2]) {
				return false
			}
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			if alphanumeric(c) || strings.IndexByte("-._~", c) >= 0 {
				return false
			}
			escaped = append(escaped, c)
			i += 2
			continue
		}
		if !alphanumeric(c) && strings.IndexByte(allowed, c) < 0 || !utf8.Valid(escaped) {
			return false
		}
		escaped = escaped[:0]
	}
	return utf8.Valid(escaped)
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func upperHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c - 'A' + 10
}
