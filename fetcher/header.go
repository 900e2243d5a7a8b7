package fetcher

import (
	"strconv"
	"strings"
	"time"
)

// parseHTTPDate reads a date of an HTTP header: the three forms of RFC 9110,
// 5.6.7, and the slips that servers make (a zone other than GMT, a day of one
// digit, dashes). The zero time means that it is none.
func parseHTTPDate(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{
		"Mon, 02 Jan 2006 15:04:05 GMT",
		time.RFC1123,
		time.RFC1123Z,
		"Mon, 2 Jan 2006 15:04:05 MST",
		"Mon, 2 Jan 2006 15:04:05 -0700",
		time.RFC850,
		"Mon, 02-Jan-2006 15:04:05 MST",
		time.ANSIC,
		time.RFC3339,
	} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1900 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// parseSeconds reads a count of seconds (RFC 9111, 1.2.2). A number too large
// to count is as good as a very large one.
func parseSeconds(s string) (time.Duration, bool) {
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if whole, fraction, ok := strings.Cut(s, "."); ok && digits(fraction) {
		s = whole
	}
	if !digits(s) {
		return 0, false
	}
	const most = 1 << 31 // RFC 9111, 1.2.2
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > most {
		n = most
	}
	return time.Duration(n) * time.Second, true
}

// digits reports whether s is a number without a sign.
func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// retryAfter reads a Retry-After header: seconds, or a date, which is relative
// to the answer's own Date where that is given, because the server's clock may
// be wrong. It reports false for what is neither, lies in the past, or asks for
// nothing.
func retryAfter(value, date string, received time.Time) (time.Duration, bool) {
	if d, ok := parseSeconds(value); ok {
		return d, d > 0
	}
	until := parseHTTPDate(value)
	if until.IsZero() {
		return 0, false
	}
	from := parseHTTPDate(date)
	if from.IsZero() {
		from = received
	}
	d := until.Sub(from)
	return d, d > 0
}

// freshness reports for how long an answer says that it stays fresh: max-age
// less Age, else Expires less Date (RFC 9111, 4.2.1). Zero means that it does
// not say, or says that it must be asked again each time. told is false when
// the answer has neither header, as a 304 may.
func freshness(a Answer) (d time.Duration, told bool) {
	if a.CacheControl != "" {
		maxAge, found, never := cacheControl(a.CacheControl)
		if never {
			return 0, true
		}
		if found {
			age, _ := parseSeconds(a.Age)
			return max(0, maxAge-age), true
		}
	}
	if a.Expires == "" {
		return 0, a.CacheControl != ""
	}
	until, from := parseHTTPDate(a.Expires), parseHTTPDate(a.Date)
	if until.IsZero() {
		return 0, true // "0" and "-1" mean: stale already
	}
	if from.IsZero() {
		from = a.Ended
	}
	return max(0, until.Sub(from)), true
}

// cacheControl reads the directives that matter to a reader that keeps no
// copies: the largest max-age, and whether the answer may not be reused at all.
func cacheControl(value string) (maxAge time.Duration, found, never bool) {
	for part := range strings.SplitSeq(value, ",") {
		name, arg, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-cache":
			never = never || arg == "" // with fields named it speaks of those alone
		case "no-store":
			never = true
		case "max-age":
			if d, ok := parseSeconds(arg); ok {
				maxAge, found = max(maxAge, d), true
			}
		}
	}
	return maxAge, found, never
}
