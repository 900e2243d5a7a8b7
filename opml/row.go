package opml

import (
	"net/url"
	"strconv"
	"strings"

	"caravan"
	"caravan/opml/internal/markup"
)

// namespace is caravan's own in OPML files.
const namespace = "urn:caravan:opml"

// maxAddress bounds an address, in bytes.
const maxAddress = 4000

// attributes are those of one outline that mean something to us.
type attributes struct {
	plain    map[string]markup.Attr // without a prefix, by their names in lower case
	settings []markup.Attr          // caravan's own, in the order of the file
	start    int                    // of the outline
}

// attributes sorts the attributes of n and reports those that stand twice.
func (r *reader) attributes(n *node) attributes {
	attrs := attributes{plain: make(map[string]markup.Attr, len(n.Attrs)), start: n.Start}
	seen := map[string]bool{}
	for _, a := range n.Attrs {
		name := strings.ToLower(a.Name)
		switch {
		case a.Prefix == "":
			if _, twice := attrs.plain[name]; twice {
				r.warn(a.Start, "The attribute %s stands twice; the first one counts. Delete this one.", a.Name)
				continue
			}
			attrs.plain[name] = a
		case r.ours(a.Prefix):
			if seen[name] {
				r.warn(a.Start, "The attribute %s stands twice; the first one counts. Delete this one.", a.Full())
				continue
			}
			seen[name] = true
			attrs.settings = append(attrs.settings, a)
		}
	}
	return attrs
}

// ours reports whether a prefix stands for caravan's name space. The prefix
// "caravan" always does.
func (r *reader) ours(prefix string) bool {
	return prefix == "caravan" || r.prefix[prefix] == namespace
}

// says returns the value of an attribute, without white space around it.
func (a attributes) says(name string) string { return strings.TrimSpace(a.plain[name].Value) }

// at returns where an attribute stands, or else the outline.
func (a attributes) at(name string) int {
	if found, ok := a.plain[name]; ok {
		return found.Start
	}
	return a.start
}

// kind returns the outline's type in lower case.
func (a attributes) kind() string { return strings.ToLower(a.says("type")) }

// titled names the attribute that gives the title: text where there is no title.
func (a attributes) titled() string {
	if tidy(a.plain["title"].Value) != "" {
		return "title"
	}
	return "text"
}

// title returns the outline's title.
func (a attributes) title() string { return tidy(a.plain[a.titled()].Value) }

// given returns the settings as written.
func (a attributes) given() map[string]string {
	if len(a.settings) == 0 {
		return nil
	}
	given := make(map[string]string, len(a.settings))
	for _, s := range a.settings {
		given[strings.ToLower(s.Name)] = strings.TrimSpace(s.Value)
	}
	return given
}

// wrongAddress says what is wrong with a feed's or list's address, and what to
// do; empty means nothing is.
func wrongAddress(address string) string {
	if len(address) > maxAddress {
		return "its address is longer than 4,000 characters. Shorten it."
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "this is not an address. Write http:// or https:// and what follows."
	case u.Scheme == "":
		return "the address has no scheme. Write https:// before it."
	case strings.EqualFold(u.Scheme, "feed"):
		return "feed: is not http. Write https:// for it."
	case !isWeb(u):
		return u.Scheme + ": addresses are not followed. Write one that begins with https:// or http://."
	case u.Hostname() == "":
		return "the address has no host. Write it in full."
	}
	return ""
}

// isWeb reports whether u is http or https.
func isWeb(u *url.URL) bool {
	return strings.EqualFold(u.Scheme, "http") || strings.EqualFold(u.Scheme, "https")
}

// host returns the host of a web address.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// siteURL returns the htmlUrl when a page may link to it.
func (r *reader) siteURL(attrs attributes) string {
	address := attrs.says("htmlurl")
	if address == "" {
		return ""
	}
	if u, err := url.Parse(address); err != nil || !isWeb(u) || u.Hostname() == "" || len(address) > maxAddress {
		r.warn(attrs.at("htmlurl"), "The htmlUrl %s is no web address and is not linked. Write one that begins with https:// or http://.",
			shown(address))
		return ""
	}
	return address
}

// language returns the language as a tag of BCP 47.
func (r *reader) language(attrs attributes) string {
	written := attrs.says("language")
	if written == "" || strings.EqualFold(written, "unknown") {
		return ""
	}
	tag := languageTag(written)
	if tag == "" {
		r.warn(attrs.at("language"), "The language %s is not known and not used. Write a code such as en, fr-CA or pt-BR.", quote(written))
	}
	return tag
}

// languageTag returns written in the usual spelling (pt-BR, zh-Hant), or the
// empty string when it has not the form of a language tag.
func languageTag(written string) string {
	parts := strings.Split(strings.ReplaceAll(written, "_", "-"), "-")
	for i, part := range parts {
		part = strings.ToLower(part)
		if len(part) < 1 || len(part) > 8 || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return ""
		}
		switch {
		case i == 0 && (len(part) < 2 || len(part) > 3 || strings.ContainsAny(part, "0123456789")):
			return ""
		case i > 0 && len(part) == 2:
			part = strings.ToUpper(part)
		case i > 0 && len(part) == 4:
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		parts[i] = part
	}
	return strings.Join(parts, "-")
}

// shown returns an address as a message may show it: without a password, and
// not longer than a line.
func shown(address string) string { return cut(strconv.Quote(caravan.RedactURL(address))) }

// quote returns words as a message shows them.
func quote(words string) string {
	if words == "" {
		return "without a title"
	}
	return cut(strconv.Quote(words))
}

// cut shortens s to what fits a message.
func cut(s string) string {
	const most = 120
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + `…"`
}

// tidy trims s and folds its white space, as titles are shown.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }
