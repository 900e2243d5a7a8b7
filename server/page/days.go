package page

import "time"

// day returns the start of t's day in its own zone.
func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// daysBetween counts the midnights from one time to another of the same zone,
// also across a change of clocks.
func daysBetween(from, to time.Time) int {
	return int((day(to).Sub(day(from)) + 12*time.Hour) / (24 * time.Hour))
}
