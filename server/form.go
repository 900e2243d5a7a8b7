package server

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"caravan"
)

// Bounds of what a request may ask for (S31, S32).
const (
	maxQueryBytes  = 256  // of q
	maxValues      = 20   // of one repeatable parameter
	maxValueBytes  = 100  // of one value
	maxCursorBytes = 500  // of cursor and at
	maxLimit       = 100  // entries a page
	maxDeep        = 1000 // search results that paging reaches
)

// A form is what the address of a list, a page or a search asks for: the query
// parameters that mean the same everywhere.
type form struct {
	Query  string
	Plain  bool
	Exact  bool
	Typed  bool
	Filter caravan.Filter
	Sort   caravan.Sort
	Limit  int // entries a page
	Page   int // from 1
	At     string
	Cursor string
}

// parseFilter reads the query parameters of lists, pages, feeds and the API.
// Days, months and years begin in zone; usual is the number of entries a page
// when none is asked for. An error names the parameter and what it may be.
func parseFilter(v url.Values, zone *time.Location, usual int) (form, error) {
	f := form{Plain: isSet(v, "plain"), Exact: isSet(v, "exact"), Typed: isSet(v, "typed"), Sort: caravan.SortRelevance, At: v.Get("at"), Cursor: v.Get("cursor")}
	var err error
	if f.Query, err = parseQuery(v.Get("q")); err != nil {
		return form{}, err
	}
	if f.Filter, err = parseNarrowing(v, zone); err != nil {
		return form{}, err
	}
	switch sort := caravan.Sort(v.Get("sort")); sort {
	case "", caravan.SortRelevance:
	case caravan.SortNewest:
		f.Sort = sort
	default:
		return form{}, invalid(caravan.WrongSort, quoted(string(sort)))
	}
	if f.Limit, err = parseNumber(v, "limit", usual, maxLimit); err != nil {
		return form{}, err
	}
	if f.Page, err = parseNumber(v, "page", 1, max(1, maxDeep/f.Limit)); err != nil {
		return form{}, err
	}
	for _, name := range []string{"at", "cursor"} {
		if value := v.Get(name); len(value) > maxCursorBytes || !printable(value) {
			return form{}, invalid(caravan.WrongCursor, name)
		}
	}
	return f, nil
}

// parseQuery returns q as it goes to the index: valid text on one line.
func parseQuery(q string) (string, error) {
	q = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(q, "\uFFFD"))
	q = strings.TrimSpace(q)
	if len(q) > maxQueryBytes {
		return "", invalid(caravan.QueryTooLong, maxQueryBytes, len(q))
	}
	return q, nil
}

// parseNarrowing reads the parameters that narrow a list.
func parseNarrowing(v url.Values, zone *time.Location) (caravan.Filter, error) {
	var f caravan.Filter
	var err error
	for _, field := range []struct {
		name string
		to   *[]string
		fold func(string) string
	}{
		{"community", &f.Communities, strings.ToLower},
		{"source", &f.Sources, strings.ToLower},
		{"language", &f.Languages, primarySubtag},
		{"tag", &f.Tags, func(s string) string { return s }},
	} {
		if *field.to, err = parseValues(v[field.name], field.name, field.fold); err != nil {
			return caravan.Filter{}, err
		}
	}
	if f.After, err = parseDay(v.Get("after"), "after", zone); err != nil {
		return caravan.Filter{}, err
	}
	if f.Before, err = parseDay(v.Get("before"), "before", zone); err != nil {
		return caravan.Filter{}, err
	}
	return f, nil
}

// parseValues returns the distinct values of a repeatable parameter, without
// empty ones, in the order given.
func parseValues(values []string, name string, fold func(string) string) ([]string, error) {
	if len(values) > maxValues {
		return nil, invalid(caravan.TooManyValues, name, maxValues, len(values))
	}
	var out []string
	seen := map[string]bool{}
	for _, value := range values {
		if len(value) > maxValueBytes || !printable(value) {
			return nil, invalid(caravan.LongValue, name, maxValueBytes)
		}
		value = fold(strings.TrimSpace(value))
		if value != "" && !seen[value] {
			seen[value] = true
			out = append(out, value)
		}
	}
	return out, nil
}

// parseDay reads a year, a month or a day and returns its first moment in zone;
// the zero time for an empty value.
func parseDay(value, name string, zone *time.Location) (time.Time, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02", "2006-01", "2006", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, value, zone); err == nil && t.Year() >= 1 {
			return t.In(zone), nil
		}
	}
	return time.Time{}, invalid(caravan.WrongDay, name, quoted(value))
}

// parseNumber reads a whole number from 1 to most.
func parseNumber(v url.Values, name string, usual, most int) (int, error) {
	value := v.Get(name)
	if value == "" {
		return min(usual, most), nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > most {
		return 0, invalid(caravan.WrongNumber, name, most, quoted(value))
	}
	return n, nil
}

// isSet reports whether a yes-or-no parameter says yes.
func isSet(v url.Values, name string) bool {
	switch v.Get(name) {
	case "1", "true", "yes", "on":
		return true
	}
	return false
}

// primarySubtag returns the part of a language tag that filters go by.
func primarySubtag(tag string) string {
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(primary)
}

// printable reports whether s is valid text without control characters.
func printable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}

// quoted returns a value from outside as it may stand in a sentence: short and
// on one line.
func quoted(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40]) + "…"
	}
	return strconv.Quote(s)
}
