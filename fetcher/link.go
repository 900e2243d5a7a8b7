package fetcher

import (
	"net/url"
	"slices"
	"strings"

	"caravan"
)

// namedByHeader takes over into info what Link headers say of hubs and of the
// feed's own address, which count before what the document says (WebSub, 4).
// A header that names no hub leaves those of the document. What the
// document calls itself stays known: it says so in what hubs send, too.
func namedByHeader(info caravan.FeedInfo, headers []string, base string) caravan.FeedInfo {
	hubs, self := parseLinks(headers, base)
	if len(hubs) > 0 {
		info.HubURL, info.OtherHubs = hubs[0], hubs[1:]
	}
	info.TopicURL = self
	return info
}

// parseLinks reads the hubs and the feed's own address out of Link headers (RFC
// 8288). Addresses are resolved against base; a link that is about something
// else than the document (anchor) does not count.
func parseLinks(headers []string, base string) (hubs []string, self string) {
	const most = 5
	at, err := url.Parse(base)
	if err != nil {
		return nil, ""
	}
	for _, header := range headers {
		for header = nextLink(header); header != ""; header = nextLink(header) {
			target, rest, ok := strings.Cut(header[1:], ">")
			if !ok {
				break
			}
			var rels []string
			rels, header = linkRels(rest)
			address := linkAddress(at, target)
			if address == "" {
				continue
			}
			if slices.Contains(rels, "hub") && !slices.Contains(hubs, address) && len(hubs) < most {
				hubs = append(hubs, address)
			}
			if slices.Contains(rels, "self") && self == "" {
				self = address
			}
		}
	}
	return hubs, self
}

// nextLink returns s from the '<' on that begins the next link.
func nextLink(s string) string {
	i := strings.IndexByte(s, '<')
	if i < 0 {
		return ""
	}
	return s[i:]
}

// linkRels reads the parameters of a link up to the comma that ends it. It
// returns the relation types, in lower case, and what comes after the comma.
func linkRels(s string) (rels []string, rest string) {
	about := false
	for {
		s = strings.TrimLeft(s, " \t;")
		if s == "" || s[0] == ',' {
			break
		}
		var name, value string
		name, value, s = linkParam(s)
		switch strings.ToLower(name) {
		case "rel":
			if rels == nil {
				rels = strings.Fields(strings.ToLower(value))
			}
		case "anchor":
			about = true
		}
	}
	if about {
		rels = nil
	}
	return rels, strings.TrimPrefix(s, ",")
}

// linkParam reads one parameter, its value perhaps between quotes. It always
// takes something away from s.
func linkParam(s string) (name, value, rest string) {
	end := strings.IndexAny(s, "=;,")
	if end < 0 {
		return strings.TrimSpace(s), "", ""
	}
	name, rest = strings.TrimSpace(s[:end]), s[end:]
	if rest[0] != '=' {
		return name, "", rest
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if !strings.HasPrefix(rest, `"`) {
		end = strings.IndexAny(rest, ";,")
		if end < 0 {
			end = len(rest)
		}
		return name, strings.TrimSpace(rest[:end]), rest[end:]
	}
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			return name, b.String(), rest[i+1:]
		case '\\':
			if i++; i < len(rest) {
				b.WriteByte(rest[i])
			}
		default:
			b.WriteByte(rest[i])
		}
	}
	return name, b.String(), ""
}

// linkAddress returns a link's target as an absolute address of the web, or "".
func linkAddress(base *url.URL, target string) string {
	const longest = 2000
	u, err := base.Parse(strings.TrimSpace(target))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if address := u.String(); len(address) <= longest {
		return address
	}
	return ""
}
