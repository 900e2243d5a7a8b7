package server

import (
	"time"

	"caravan"
)

// A span is a stretch of places, the extent of one archive document: a day for
// the feeds of everything and of a language, a month for those of a community
// and a source, UTC. As its bounds are computed, nothing that is hidden, shown
// or added later moves an entry from one archive document to another.
type span struct {
	name     string // "2026-11-24" or "2026-11"
	from, to int64  // places: from inclusive, to exclusive
}

// spanLayout returns how the spans of a scope are named.
func spanLayout(s caravan.Scope) string {
	if s.Community != "" || s.Source != "" {
		return "2006-01"
	}
	return time.DateOnly
}

// spanOf returns the span of s that place lies in.
func spanOf(s caravan.Scope, place int64) span {
	t := time.UnixMicro(place).UTC()
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	if spanLayout(s) == time.DateOnly {
		return newSpan(day, day.AddDate(0, 0, 1), time.DateOnly)
	}
	month := day.AddDate(0, 0, 1-day.Day())
	return newSpan(month, month.AddDate(0, 1, 0), "2006-01")
}

// newSpan returns the span from one moment to another.
func newSpan(from, to time.Time, layout string) span {
	return span{name: from.Format(layout), from: bound(from), to: bound(to)}
}

// bound returns the first place of a moment. None is 0, which stands for no
// bound where stories are asked for, and which no story has.
func bound(t time.Time) int64 {
	if place := t.UnixMicro(); place != 0 {
		return place
	}
	return 1
}

// parseSpan returns the span of s with a name.
func parseSpan(s caravan.Scope, name string) (span, error) {
	t, err := time.Parse(spanLayout(s), name)
	if err != nil || t.Year() < 1 {
		example := "2026-11-24"
		if spanLayout(s) != time.DateOnly {
			example = "2026-11"
		}
		return span{}, invalid(caravan.WrongSpan, example, quoted(name))
	}
	return spanOf(s, t.UnixMicro()), nil
}
