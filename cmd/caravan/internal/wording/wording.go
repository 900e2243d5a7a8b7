// Package wording says things as a terminal shows them to people.
package wording

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"caravan"
)

// Printable returns s on one line and without what could steer a terminal:
// publishers' words go to it.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// Plural returns a count of n things: "1 feed", "2 feeds".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Public returns the sentence for people of an error that has one, else the
// error.
func Public(err error) error {
	if e, ok := errors.AsType[*caravan.PublicError](err); ok {
		return errors.New(e.Message)
	}
	return err
}

// Moment returns a time as people read it, in UTC.
func Moment(t time.Time) string {
	if t.IsZero() {
		return "no date"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}
