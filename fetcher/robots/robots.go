// Package robots reads robots.txt (RFC 9309): which paths of a site a crawler
// may ask for.
//
// Sources of the list are asked without looking at it, as every feed reader
// does; whoever looks for a feed on a site, beyond the one page that a person
// named, has to obey it. The package does no I/O and keeps no state.
package robots

import (
	"bytes"
	"strings"
)

// limit is how much of a file is read: no less than RFC 9309 asks for.
const limit = 512 << 10

// Rules say what one crawler may ask for. The zero value allows everything. It
// is safe for concurrent use.
type Rules struct {
	rules  []rule
	closed bool
}

// A rule is one allow or disallow line.
type rule struct {
	pattern string
	allow   bool
}

// Closed returns the rules of a site whose file could not be had because the
// site did not answer, or answered with a fault of its own: nothing is allowed.
func Closed() Rules { return Rules{closed: true} }

// Parse reads the rules that a robots.txt gives to the crawler named product.
// They are those of all groups that name it, else those of the groups for
// everybody. What cannot be understood is passed over.
func Parse(body []byte, product string) Rules {
	body = bytes.TrimPrefix(body[:min(len(body), limit)], []byte("\xef\xbb\xbf"))
	var own, everybody []rule
	var named, forOwn, forAll, ruled bool
	for text := range strings.FieldsFuncSeq(string(body), func(r rune) bool { return r == '\n' || r == '\r' }) {
		key, value, ok := split(text)
		switch {
		case !ok:
			continue
		case key == "user-agent":
			if ruled {
				forOwn, forAll, ruled = false, false, false
			}
			forAll = forAll || value == "*"
			forOwn = forOwn || value != "*" && strings.EqualFold(token(value), product)
			named = named || forOwn
		case key == "allow" || key == "disallow":
			ruled = true
			if value == "" {
				continue // an empty rule says nothing
			}
			r := rule{pattern: normalize(value), allow: key == "allow"}
			if forOwn {
				own = append(own, r)
			}
			if forAll {
				everybody = append(everybody, r)
			}
		}
	}
	if named {
		return Rules{rules: own}
	}
	return Rules{rules: everybody}
}

// split takes a line apart into its key, in lower case, and its value.
func split(line string) (key, value string, ok bool) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok = strings.Cut(line, ":")
	return strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value), ok
}

// token is the product token that a user-agent line begins with.
func token(value string) string {
	end := strings.IndexFunc(value, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '_'
	})
	if end < 0 {
		return value
	}
	return value[:end]
}

// Allow reports whether a path with its query, as in a request's first line,
// may be asked for. The longest rule that matches decides, and of two as long
// the one that allows.
func (r Rules) Allow(path string) bool {
	if r.closed {
		return false
	}
	path = normalize(path)
	allow, longest := true, -1
	for _, each := range r.rules {
		n := len(each.pattern)
		if n < longest || n == longest && !each.allow || !matches(each.pattern, path) {
			continue
		}
		allow, longest = each.allow, n
	}
	return allow
}

// matches reports whether pattern, in which * stands for anything and a $ at
// the end for the end, matches the beginning of path.
func matches(pattern, path string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	first, rest, starred := strings.Cut(pattern, "*")
	path, ok := strings.CutPrefix(path, first)
	if !ok || !starred {
		return ok && (!whole || path == "")
	}
	parts := strings.Split(rest, "*")
	last := parts[len(parts)-1]
	for _, part := range parts[:len(parts)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	if whole {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// normalize writes a path so that two spellings of it are equal: what needs no
// percent sign has none, what is beyond ASCII has one, digits are upper case.
func normalize(path string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c, coded := path[i], false
		if c == '%' && i+2 < len(path) {
			high, low := unhex(path[i+1]), unhex(path[i+2])
			if coded = high >= 0 && low >= 0; coded {
				c, i = byte(high<<4|low), i+2
			}
		}
		if coded && !unreserved(c) || c >= 0x80 || c <= ' ' {
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// unreserved reports whether c means the same with and without a percent sign.
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// unhex returns the value of a hexadecimal digit, or -1.
func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
