// Package dates reads the dates of feeds, in the many forms that people and
// programs write them.
package dates

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"caravan"
	"caravan/fetcher/document/markup"
)

// Parse reads a date as feeds write it: RFC 822 and 3339, what resembles
// them, month and day names in eight languages, numbers with slashes or dots,
// am and pm, zone names, seconds since 1970, and a <time datetime> of HTML. A
// date without zone is UTC. What is no date, or cannot be meant (the year 1,
// the start of 1970, a 31st of February), is none.
func Parse(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 400 {
		return time.Time{}, false
	}
	if strings.IndexByte(s, '<') >= 0 {
		s = dateInMarkup(s)
	}
	if len(s) > 100 {
		return time.Time{}, false
	}
	s = plainSpaces(s)
	if t, ok := parseEpoch(s); ok {
		return t, true
	}
	p := dateParser{s: s}
	if !p.run() {
		return time.Time{}, false
	}
	return p.time()
}

// plainSpaces writes every kind of white space as a space, and the signs between
// the parts of a Chinese or Japanese date as hyphens.
func plainSpaces(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Map(func(r rune) rune {
				switch {
				case unicode.IsSpace(r), r == '日', r == '，':
					return ' '
				case r == '年', r == '月':
					return '-'
				}
				return r
			}, s)
		}
	}
	return s
}

// dateInMarkup returns the datetime attribute of HTML's time element, or the
// text without its tags.
func dateInMarkup(s string) string {
	var t markup.Tag
	var text strings.Builder
	b := []byte(s)
	for i := 0; i < len(b); {
		if b[i] != '<' || !markup.ReadTag(b, i, &t) {
			text.WriteByte(b[i])
			i++
			continue
		}
		if v := t.Get("datetime"); len(v) > 0 {
			return strings.TrimSpace(string(v))
		}
		i = t.End
	}
	return strings.TrimSpace(text.String())
}

// parseEpoch reads seconds or milliseconds since 1970, of dates from 1990 on.
func parseEpoch(s string) (time.Time, bool) {
	if len(s) < 9 || len(s) > 17 {
		return time.Time{}, false
	}
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err == nil && len(whole) == 13 {
		n /= 1000
	} else if len(whole) > 10 {
		return time.Time{}, false
	}
	const from, to = 631152000, 7258118400 // 1990 to 2200
	return time.Unix(n, 0).UTC(), err == nil && n >= from && n < to
}

// A dateParser collects the parts of a date from left to right.
type dateParser struct {
	s   string
	pos int

	year, month, day int  // 0 while unknown
	named            bool // the month came as a word
	hour, min, sec   int
	nanos            int
	timed            bool // a time of day was seen
	half             byte // 'a' or 'p'
	zone             int  // seconds east of UTC
	zoned            bool
	loose            []number
}

// A number is one whose part is not known yet.
type number struct {
	value  int
	digits int
	sep    byte // what follows it: '/', '-', '.' or ' '
}

// run reads all parts. It reports false when something stands there that no
// date contains.
func (p *dateParser) run() bool {
	for p.pos < len(p.s) {
		c := p.s[p.pos]
		switch {
		case isDigit(c):
			if !p.number() {
				return false
			}
		case (c == '+' || c == '-') && p.timed && p.pos+1 < len(p.s):
			if !p.offset() {
				p.pos++
			}
		case isLetter(c):
			if !p.word() {
				return false
			}
		default:
			p.pos++
		}
	}
	return true
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80 }

// digits reads a run of digits at p.pos.
func (p *dateParser) digits() (value, n int) {
	for p.pos < len(p.s) && isDigit(p.s[p.pos]) && n < 15 {
		value = value*10 + int(p.s[p.pos]-'0')
		p.pos++
		n++
	}
	return value, n
}

// at reports whether the next byte is c.
func (p *dateParser) at(c byte) bool { return p.pos < len(p.s) && p.s[p.pos] == c }

// number reads a number and what it is part of: a time of day, or of a date.
func (p *dateParser) number() bool {
	value, n := p.digits()
	switch {
	case !p.timed && p.clockFollows(n):
		return p.clock(value)
	case n == 8 && p.year == 0 && len(p.loose) == 0:
		p.year, p.month, p.day = value/10000, value/100%100, value%100
		return p.compactClock()
	case n == 14 && p.year == 0:
		date, clock := value/1000000, value%1000000
		p.year, p.month, p.day = date/10000, date/100%100, date%100
		p.hour, p.min, p.sec, p.timed = clock/10000, clock/100%100, clock%100, true
		return true
	case n > 4:
		return false
	}
	sep := byte(' ')
	if p.pos < len(p.s) {
		sep = p.s[p.pos]
	}
	if p.timed && p.dated() {
		return true // "00" after a time: a zone that says nothing
	}
	p.loose = append(p.loose, number{value: value, digits: n, sep: sep})
	return len(p.loose) <= 4
}

// dated reports whether day, month and year were seen.
func (p *dateParser) dated() bool {
	parts := len(p.loose)
	if p.named {
		parts++
	}
	return parts >= 3 || p.year != 0
}

// clockFollows reports whether the number before p.pos is an hour: ':' or, as
// French writes it, 'h' and a digit follow.
func (p *dateParser) clockFollows(n int) bool {
	if n > 2 || p.pos >= len(p.s) {
		return false
	}
	next := p.pos+1 < len(p.s) && isDigit(p.s[p.pos+1])
	switch p.s[p.pos] {
	case ':':
		return next
	case 'h', 'H':
		return next || p.pos+1 == len(p.s)
	case '.':
		return next && p.dated() && len(p.s) >= p.pos+3
	}
	rest := strings.ToLower(strings.TrimSpace(p.s[p.pos:]))
	return (strings.HasPrefix(rest, "am") || strings.HasPrefix(rest, "pm")) && (len(rest) == 2 || !isLetter(rest[2]))
}

// clock reads the rest of a time of day whose hour was read.
func (p *dateParser) clock(hour int) bool {
	p.hour, p.timed = hour, true
	if p.at(':') || p.at('.') || p.at('h') || p.at('H') {
		p.pos++
	}
	p.min, _ = p.digits()
	if p.at(':') || p.at('.') && p.pos+2 < len(p.s) && isDigit(p.s[p.pos+2]) {
		p.pos++
		p.sec, _ = p.digits()
	}
	if p.at('.') || p.at(',') {
		p.pos++
		p.fraction()
	}
	return p.hour <= 24 && p.min < 60 && p.sec <= 60
}

// fraction reads the fraction of a second.
func (p *dateParser) fraction() {
	value, n := p.digits()
	for ; n < 9; n++ {
		value *= 10
	}
	for ; n > 9; n-- {
		value /= 10
	}
	p.nanos = value
}

// compactClock reads the "T150405" that may follow "20060102".
func (p *dateParser) compactClock() bool {
	if !p.at('T') && !p.at('t') {
		return true
	}
	start := p.pos
	p.pos++
	value, n := p.digits()
	switch {
	case p.at(':'):
		p.pos = start
		return true
	case n == 6:
		p.hour, p.min, p.sec = value/10000, value/100%100, value%100
	case n == 4:
		p.hour, p.min = value/100, value%100
	default:
		return false
	}
	p.timed = true
	return p.hour < 24 && p.min < 60 && p.sec <= 60
}

// offset reads a numeric zone: +0200, +02:00, -7, +02. It reports false when
// the sign belongs to something else.
func (p *dateParser) offset() bool {
	sign := 1
	if p.s[p.pos] == '-' {
		sign = -1
	}
	start := p.pos
	p.pos++
	if p.at('-') || p.at('+') {
		p.pos++ // "--0700"
	}
	if !p.dated() && !p.laterPartsComplete() || p.pos >= len(p.s) || !isDigit(p.s[p.pos]) {
		p.pos = start
		return false
	}
	value, n := p.digits()
	hours, minutes := value, 0
	if n >= 3 {
		hours, minutes = value/100, value%100
	} else if p.at(':') {
		p.pos++
		minutes, _ = p.digits()
		if p.at(':') {
			p.pos++
			p.digits()
		}
	}
	if hours > 15 || minutes > 59 || p.zoned && p.zone != 0 {
		return true
	}
	p.zone, p.zoned = sign*(hours*3600+minutes*60), true
	return true
}

// laterPartsComplete reports whether a date may still follow the zone, as in
// "15:04:05 -0700 2 Jan 2006".
func (p *dateParser) laterPartsComplete() bool { return p.named && len(p.loose) >= 1 }

// word reads a run of letters: the name of a month, a day or a zone, am or pm,
// or a word between the parts.
func (p *dateParser) word() bool {
	start := p.pos
	for p.pos < len(p.s) && (isLetter(p.s[p.pos]) || p.s[p.pos] == '.' && p.pos > start && p.pos-start < 4 && p.pos+1 < len(p.s) && isLetter(p.s[p.pos+1])) {
		p.pos++
	}
	word := p.s[start:p.pos]
	if len(word) == 1 {
		switch word {
		case "T", "t", "z", "Z", "h", "H", "a", "A", "e", "E", "y", "o":
			return true
		}
	}
	w := foldWord(word)
	switch w {
	case "am", "a.m":
		p.half = 'a'
		return true
	case "pm", "p.m":
		p.half = 'p'
		return true
	}
	if p.timed && !p.zoned {
		if zone, ok := zoneOffset(w); ok {
			p.zone, p.zoned = zone, zone != 0 // "GMT+0200" may follow
			return true
		}
	}
	return p.nameOf(w)
}

// nameOf takes a word for a month, or passes over it when it may stand in a date.
func (p *dateParser) nameOf(w string) bool {
	if month := monthNumber(w); month > 0 {
		weekday := isWeekday(w) && len(p.loose) == 0 && p.hasMonthAfter()
		if !weekday {
			if p.named {
				return isWeekday(w)
			}
			p.month, p.named = month, true
		}
		return true
	}
	return isWeekday(w) || isFiller(w) || p.timed
}

// hasMonthAfter reports whether a month's name follows: "mar., 06 oct." is a
// Tuesday in October.
func (p *dateParser) hasMonthAfter() bool {
	for w := range strings.FieldsFuncSeq(p.s[p.pos:], func(r rune) bool { return r < 0x80 && !isLetter(byte(r)) }) {
		if monthNumber(foldWord(w)) > 0 {
			return true
		}
	}
	return false
}

// foldWord returns a word in lower case, without accents.
func foldWord(w string) string {
	for i := range len(w) {
		if w[i] >= 0x80 {
			return caravan.Fold(w)
		}
	}
	return strings.ToLower(w)
}

// time puts the parts together.
func (p *dateParser) time() (time.Time, bool) {
	if !p.assign() {
		return time.Time{}, false
	}
	switch {
	case p.half == 'p' && p.hour < 12:
		p.hour += 12
	case p.half == 'a' && p.hour == 12:
		p.hour = 0
	}
	if p.month < 1 || p.month > 12 || p.day < 1 || p.year < 1800 || p.year > 2200 || p.hour > 24 {
		return time.Time{}, false
	}
	if p.day > daysIn(p.year, p.month) {
		return time.Time{}, false
	}
	t := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.min, min(p.sec, 59), p.nanos, time.UTC)
	t = t.Add(-time.Duration(p.zone) * time.Second)
	return t, t.Unix() != 0
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// assign gives the numbers that were read their parts.
func (p *dateParser) assign() bool {
	n := p.loose
	switch {
	case p.year != 0:
		return len(n) == 0
	case p.named:
		return p.assignNamed()
	case len(n) == 0:
		return false
	case n[0].digits == 4:
		p.year = n[0].value
		p.month, p.day = 1, 1
		if len(n) == 2 && n[1].digits == 3 && n[1].value <= 366 {
			first := time.Date(p.year, 1, n[1].value, 0, 0, 0, 0, time.UTC) // the day of the year
			p.month, p.day = int(first.Month()), first.Day()
			return true
		}
		if len(n) > 1 {
			p.month = n[1].value
		}
		if len(n) > 2 {
			p.day = n[2].value
		}
		return len(n) <= 3 && !(len(n) == 1 && p.timed)
	case len(n) != 3:
		return false
	}
	p.assignNumeric()
	return true
}

// assignNamed finds day and year beside a month's name.
func (p *dateParser) assignNamed() bool {
	n := p.loose
	switch {
	case len(n) == 1 && n[0].digits == 4:
		p.year, p.day = n[0].value, 1
	case len(n) != 2:
		return false
	case n[0].digits == 4 || n[0].value > 31:
		p.year, p.day = fullYear(n[0]), n[1].value
	default:
		p.day, p.year = n[0].value, fullYear(n[1])
	}
	return true
}

// assignNumeric orders 16/11/2022, 11/16/2022, 7.2.2025 and 22-11-16. Where
// both are possible the day comes first, but for slashes with am or pm.
func (p *dateParser) assignNumeric() {
	a, b, c := p.loose[0], p.loose[1], p.loose[2]
	if c.digits <= 2 && (a.value > 31 || a.sep == '-' && a.digits == 2 && b.value <= 12) {
		p.year, p.month, p.day = fullYear(a), b.value, c.value
		return
	}
	p.day, p.month, p.year = a.value, b.value, fullYear(c)
	if p.month > 12 || a.sep == '/' && p.half != 0 && p.day <= 12 {
		p.day, p.month = p.month, p.day
	}
}

// fullYear completes a year of two digits.
func fullYear(n number) int {
	switch {
	case n.digits > 2:
		return n.value
	case n.value < 70:
		return 2000 + n.value
	}
	return 1900 + n.value
}
