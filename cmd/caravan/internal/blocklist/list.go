// Package blocklist reads an operator's list of what is never asked, and keeps it
// as last saved.
package blocklist

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"caravan"
)

// noReason stands for the reason that an operator did not give.
const noReason = "no reason was given"

// A rule leaves alone a host with all below it, or the part of a host that
// lies under a path. http and https are the same to it.
type rule struct {
	host   string // ASCII, lower case
	port   string // empty means every port
	path   string // cleaned; empty means all
	reason string
}

// rules are an operator's list of what is never asked.
type rules []rule

// parse reads a block list: a line has a host or an address, and after
// white space perhaps a reason. Empty lines and those that begin with # say
// nothing. Lines that cannot be read are left out and are among the problems.
func parse(name string, data []byte) (rules, []caravan.Problem) {
	var list rules
	var problems []caravan.Problem
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(string(data), "\ufffd"))
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		rule, ok := parseRule(trimmed)
		if !ok {
			what, _ := cutSpace(trimmed)
			column := utf8.RuneCountInString(line[:strings.Index(line, trimmed)]) + 1
			problems = append(problems, caravan.Problem{File: name, Line: i + 1, Column: column, Severity: caravan.SeverityError, Message: fmt.Sprintf("%q is neither a host nor an http address. Write example.org or https://example.org/path, then perhaps a reason.", caravan.RedactURL(what))})
			continue
		}
		list = append(list, rule)
	}
	return list, problems
}

// parseRule reads one line, which is trimmed and not empty.
func parseRule(line string) (rule, bool) {
	what, reason := cutSpace(line)
	address := what
	if !strings.Contains(what, "://") {
		address = "https://" + what
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return rule{}, false
	}
	host, ok := hostOf(u)
	if !ok {
		return rule{}, false
	}
	return rule{host: host, port: u.Port(), path: pathOf(u), reason: cmp.Or(reason, noReason)}, true
}

// cutSpace returns what stands before and after the first white space.
func cutSpace(line string) (what, rest string) {
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		return line, ""
	}
	return line[:end], strings.TrimSpace(line[end:])
}

// hostOf returns the host of an address as it is compared.
func hostOf(u *url.URL) (string, bool) {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	ascii, err := idna.New(idna.MapForLookup(), idna.StrictDomainName(false)).ToASCII(host)
	if err != nil {
		return host, strings.Contains(host, ":") // an IPv6 address
	}
	// No name has an empty label, nor the space and the mark that some signs become.
	ok := !strings.Contains("."+ascii+".", "..") && strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789-_.:") == ""
	return ascii, ok
}

// pathOf returns the path of an address as it is compared: without dots,
// double slashes and a slash at its end; empty for the root.
func pathOf(u *url.URL) string {
	return strings.TrimSuffix(path.Clean("/"+u.Path), "/")
}

// reason returns why an address is not to be asked, or the empty string when it
// may be.
func (l rules) reason(address string) string {
	u, err := url.Parse(address)
	if err != nil || len(l) == 0 {
		return ""
	}
	host, _ := hostOf(u)
	port := cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	under := pathOf(u) + "/"
	for _, r := range l {
		at := host == r.host || strings.HasSuffix(host, "."+r.host)
		if at && (r.port == "" || r.port == port) && strings.HasPrefix(under, r.path+"/") {
			return r.reason
		}
	}
	return ""
}

// blocked returns what the list names, for people.
func (l rules) blocked() []caravan.Blocked {
	var all []caravan.Blocked
	for _, r := range l {
		u := url.URL{Host: r.host, Path: r.path}
		if strings.Contains(r.host, ":") {
			u.Host = "[" + r.host + "]"
		}
		if r.port != "" {
			u.Host += ":" + r.port
		}
		all = append(all, caravan.Blocked{Where: strings.TrimPrefix(u.String(), "//"), Reason: strings.TrimSuffix(r.reason, ".")})
	}
	return all
}
