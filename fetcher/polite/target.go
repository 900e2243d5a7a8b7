package polite

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"caravan"
)

var (
	errScheme  = errors.New("only http and https addresses are asked")
	errNowhere = errors.New("no address")
)

// A target is one address to ask, taken apart without changing a byte of what
// goes on the wire.
type target struct {
	scheme string // "http" or "https"
	host   string // host and port as written, lower case
	path   string // path and query as sent
	user   *url.Userinfo
}

// parseTarget takes an address apart. The fragment is dropped; bytes that HTTP
// does not allow in a request line are escaped; everything else, odd escapes
// and empty queries included, stays as it is.
func parseTarget(address string) (target, error) {
	address, _, _ = strings.Cut(strings.TrimSpace(address), "#")
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return target{}, errScheme
	}
	t := target{scheme: strings.ToLower(scheme)}
	if t.scheme != "http" && t.scheme != "https" {
		return target{}, errScheme
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, t.path = rest[:i], rest[i:]
	}
	if !strings.HasPrefix(t.path, "/") {
		t.path = "/" + t.path
	}
	t.path = escapeIllegal(t.path)
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		t.user, authority = parseUser(authority[:i]), authority[i+1:]
	}
	u, err := url.Parse(t.scheme + "://" + authority)
	if err != nil || u.Hostname() == "" || u.Path != "" {
		return target{}, errNowhere
	}
	t.host = strings.ToLower(u.Host)
	return t, nil
}

// parseUser reads the user name and password of an address.
func parseUser(s string) *url.Userinfo {
	unescape := func(s string) string {
		if plain, err := url.PathUnescape(s); err == nil {
			return plain
		}
		return s
	}
	name, password, ok := strings.Cut(s, ":")
	if !ok {
		return url.User(unescape(name))
	}
	return url.UserPassword(unescape(name), unescape(password))
}

// escapeIllegal escapes white space, control characters and bytes beyond ASCII,
// which no request line may hold.
func escapeIllegal(s string) string {
	legal := func(b byte) bool { return b > ' ' && b < 0x7f }
	clean := true
	for i := 0; i < len(s); i++ {
		clean = clean && legal(s[i])
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if legal(s[i]) {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// String returns the address as it is asked, without user and password.
func (t target) String() string { return t.scheme + "://" + t.host + t.path }

// requestURL returns the URL that makes package http write t.path as it stands.
// Where the path would be escaped anew, Opaque carries it past that.
func (t target) requestURL(proxied bool) *url.URL {
	plain, err := url.Parse(t.String())
	if err == nil && plain.RequestURI() == t.path {
		return plain
	}
	u := &url.URL{Scheme: t.scheme, Host: t.host, Opaque: t.path}
	if strings.HasPrefix(t.path, "//") || proxied && t.scheme == "http" {
		u.Opaque = "//" + t.host + t.path // the absolute form, which servers must accept
	}
	return u
}

// sameHost reports whether credentials meant for t may be sent to u: the same
// host and port, and not from https down to http.
func (t target) sameHost(u target) bool {
	if t.scheme == u.scheme {
		return t.host == u.host
	}
	return t.scheme == "http" && strings.TrimSuffix(t.host, ":80") == strings.TrimSuffix(u.host, ":443")
}

// next resolves the Location of an answer from t.
func (t target) next(location string) (target, error) {
	location = strings.TrimSpace(location)
	if location == "" {
		return target{}, errNowhere
	}
	origin := t.scheme + "://" + t.host
	switch {
	case strings.HasPrefix(location, "//"):
		return parseTarget(t.scheme + ":" + location)
	case strings.HasPrefix(location, "/"):
		return parseTarget(origin + location)
	}
	if colon := strings.IndexAny(location, ":/?#"); colon > 0 && location[colon] == ':' {
		return parseTarget(location)
	}
	base, err := url.Parse(origin + "/")
	if parsed, perr := url.Parse(t.String()); perr == nil {
		base, err = parsed, nil
	}
	if err != nil {
		return target{}, errNowhere
	}
	ref, err := url.Parse(escapeIllegal(location))
	if err != nil {
		return target{}, errNowhere
	}
	return parseTarget(base.ResolveReference(ref).String())
}

// isRedirect reports whether a status sends the client on, and whether for good.
func isRedirect(status int) (redirect, permanent bool) {
	switch status {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		return true, true
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
		return true, false
	}
	return false, false
}

// sameDocument reports whether two addresses are the same to a server.
func sameDocument(a, b string) bool {
	return a == b || caravan.SourceKey(a) == caravan.SourceKey(b)
}
