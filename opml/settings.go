package opml

import (
	"strings"
	"time"

	"caravan"
	"caravan/opml/internal/markup"
)

// settings reads what a line says of its source in caravan's name space. Where
// a value is not understood, no more is polled or shown than was wished. False
// means that the row cannot be used.
func (r *reader) settings(attrs attributes) (caravan.Settings, bool) {
	var s caravan.Settings
	usable := true
	for _, a := range attrs.settings {
		value := strings.TrimSpace(a.Value)
		switch strings.ToLower(a.Name) {
		case "interval":
			s.Interval = r.interval(a, value)
		case "only":
			s.Only = value
			usable = r.query(a, value) && usable
		case "skip":
			s.Skip = value
			usable = r.query(a, value) && usable
		case "show":
			s.Show = r.show(a, value)
		case "paused":
			s.Paused = r.paused(a, value)
		case "slug":
			s.Slug = r.slug(a, "s")
		default:
			r.warn(a.Start, "%s is not known and has no effect. The settings are interval, only, skip, show, paused and slug.", a.Full())
		}
	}
	return s, usable
}

// interval reads a lower bound between polls.
func (r *reader) interval(a markup.Attr, value string) time.Duration {
	const longest = 366 * 24 * time.Hour
	d, ok := duration(value)
	switch {
	case !ok || d > longest:
		r.warn(a.Start, "The interval %s is not understood and not used. Write a number and a unit, up to a year: 6h, 2d, 1w.", quote(value))
		return 0
	case d < time.Hour:
		r.warn(a.Start, "The interval %s has no effect: no source is asked more often than every hour. Write 1h or more.", quote(value))
	}
	return d
}

// duration reads numbers with units, the larger unit first: 6h, 2d, 1d12h.
func duration(value string) (time.Duration, bool) {
	units := []struct {
		letter byte
		length time.Duration
	}{{'w', 7 * 24 * time.Hour}, {'d', 24 * time.Hour}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second}}
	rest := strings.ToLower(strings.Join(strings.Fields(value), ""))
	var total time.Duration
	for _, unit := range units {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if digits == 0 || digits > 6 || digits == len(rest) || rest[digits] != unit.letter {
			continue
		}
		n := 0
		for _, c := range rest[:digits] {
			n = n*10 + int(c-'0')
		}
		total += time.Duration(n) * unit.length
		rest = rest[digits+1:]
	}
	return total, rest == "" && total > 0
}

// query checks a caravan:only or caravan:skip.
func (r *reader) query(a markup.Attr, value string) bool {
	if value == "" {
		r.warn(a.Start, "%s is empty and has no effect. Write a query, or delete it.", a.Full())
		return true
	}
	if r.CheckQuery == nil {
		return true
	}
	if err := r.CheckQuery(value); err != nil {
		r.reject(a.Start, "The query of %s is not understood, and the source is left out: %s. Mend the query.",
			a.Full(), strings.TrimRight(err.Error(), "."))
		return false
	}
	return true
}

// show reads a show policy.
func (r *reader) show(a markup.Attr, value string) caravan.Show {
	switch policy := caravan.Show(strings.ToLower(value)); policy {
	case caravan.ShowFull, caravan.ShowExcerpt, caravan.ShowTitle:
		return policy
	}
	r.warn(a.Start, "%s may be full, excerpt or title, not %s; the title alone is shown until it is mended.", a.Full(), quote(value))
	return caravan.ShowTitle
}

// paused reads whether a source is not to be polled.
func (r *reader) paused(a markup.Attr, value string) bool {
	switch strings.ToLower(value) {
	case "true", "yes", "1":
		return true
	case "false", "no", "0", "":
		return false
	}
	r.warn(a.Start, "%s may be true or false, not %s; the source is not polled until it is mended.", a.Full(), quote(value))
	return true
}

// slug reads a wished slug; prefix is that of slugs made from nothing.
func (r *reader) slug(a markup.Attr, prefix string) string {
	value := strings.TrimSpace(a.Value)
	if folded := caravan.Slug(value, prefix); folded != value {
		r.warn(a.Start, "The slug %s is not used: it may have small letters, digits and single hyphens, at most 60. Write %s.",
			quote(value), folded)
		return ""
	}
	if line, taken := r.slugs[prefix+value]; taken {
		r.warn(a.Start, "The slug %s is wished for on line %d already. Choose another.", quote(value), line)
		return ""
	}
	line, _ := r.place.At(a.Start)
	r.slugs[prefix+value] = line
	return value
}
