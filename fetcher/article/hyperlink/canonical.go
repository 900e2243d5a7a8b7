package hyperlink

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Canonical returns the form of a web address in which the spellings of
// one page's address are equal: no scheme, no "www.", no default port, no
// fragment, no trackers' parameters, no trailing slash, and the page itself
// for its AMP variant. It is empty for what is no web address.
func Canonical(address string) string {
	u := (&Resolver{}).parse(address)
	if u == nil || u.Scheme == "mailto" {
		return ""
	}
	u = unwrap(u)
	stripTrackers(u)
	host := strings.TrimSuffix(u.Hostname(), ".")
	for {
		rest, ok := strings.CutPrefix(host, "www.")
		if !ok {
			rest, ok = strings.CutPrefix(host, "amp.")
		}
		if !ok || !strings.Contains(rest, ".") {
			break
		}
		host = rest
	}
	if strings.Contains(host, ":") {
		if ip, err := netip.ParseAddr(host); err != nil || ip.Zone() != "" {
			return "" // colons and no address, or one on this machine alone
		}
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && !(port == "80" && u.Scheme == "http") && !(port == "443" && u.Scheme == "https") {
		host += ":" + port
	}
	s := host + canonicalPath(u)
	if query := canonicalQuery(u.RawQuery); query != "" {
		s += "?" + query
	}
	if strings.HasPrefix(u.Fragment, "!") {
		s += "#" + u.EscapedFragment()
	}
	return s
}

// canonicalPath returns u's path with every character escaped that must be and
// no other, without the steps that lead nowhere.
func canonicalPath(u *url.URL) string {
	path := u.Path
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	path = strings.TrimRight(path, "/")
	for strings.HasSuffix(path, "/amp") {
		path = strings.TrimRight(strings.TrimSuffix(path, "/amp"), "/")
	}
	// An escaped slash or per cent sign means something else than a bare one.
	if strings.ContainsAny(path, "%") || strings.Contains(strings.ToLower(u.RawPath), "%2f") {
		path = u.EscapedPath()
		for strings.HasSuffix(path, "/") || strings.HasSuffix(path, "/amp") {
			path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), "/amp")
		}
		return path
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// canonicalQuery returns query without the parameters that choose the AMP
// variant, and without empty ones.
func canonicalQuery(query string) string {
	if query == "" {
		return ""
	}
	parts := strings.Split(query, "&")
	parts = slices.DeleteFunc(parts, func(p string) bool {
		p = strings.ToLower(p)
		return p == "" || p == "amp" || p == "amp=1" || p == "outputtype=amp"
	})
	return strings.Join(parts, "&")
}
