package locale

import (
	"strconv"
	"strings"
	"time"
)

// calendar holds the names of months and days in one language.
type calendar struct {
	months [12]string
	short  [12]string
	days   [7]string // Sunday first
}

var calendars = map[Lang]calendar{
	English: {
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		short:  [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		days:   [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	},
	French: {
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		short:  [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		days:   [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	},
	Spanish: {
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		short:  [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
		days:   [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	},
	Portuguese: {
		months: [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
		short:  [12]string{"jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."},
		days:   [7]string{"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"},
	},
}

// Weekday names the day of t.
func (l Lang) Weekday(t time.Time) string { return calendars[l].days[t.Weekday()] }

// DayMonth writes "23 November".
func (l Lang) DayMonth(t time.Time) string {
	day, month := strconv.Itoa(t.Day()), calendars[l].months[t.Month()-1]
	switch l {
	case French:
		if t.Day() == 1 {
			day = "1er"
		}
		return day + " " + month
	case Spanish, Portuguese:
		return day + " de " + month
	}
	return day + " " + month
}

// Date writes "23 November 2026".
func (l Lang) Date(t time.Time) string { return l.DayMonth(t) + l.of() + strconv.Itoa(t.Year()) }

// FullDate writes "Monday 23 November 2026".
func (l Lang) FullDate(t time.Time) string {
	if l == Portuguese {
		return l.Weekday(t) + ", " + l.Date(t)
	}
	return l.Weekday(t) + " " + l.Date(t)
}

// MonthName writes "November".
func (l Lang) MonthName(t time.Time) string { return calendars[l].months[t.Month()-1] }

// Month writes "November 2026".
func (l Lang) Month(t time.Time) string {
	return calendars[l].months[t.Month()-1] + l.of() + strconv.Itoa(t.Year())
}

// ShortMonth writes "Nov 2026".
func (l Lang) ShortMonth(t time.Time) string {
	return calendars[l].short[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// ShortDate writes "23 Nov 2026".
func (l Lang) ShortDate(t time.Time) string { return strconv.Itoa(t.Day()) + " " + l.ShortMonth(t) }

// of joins a month and a year.
func (l Lang) of() string {
	if l == Spanish || l == Portuguese {
		return " de "
	}
	return " "
}

// Capital returns s with its first letter in capitals, for a sentence that
// begins with a name of the calendar.
func Capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// Clock writes "11:52".
func Clock(t time.Time) string { return t.Format("15:04") }

// span divides a length of time into a number and a unit of the message table.
func span(d time.Duration) (n int, unit string) {
	d = d.Abs()
	switch {
	case d < time.Minute:
		return 0, "now"
	case d < time.Hour:
		return int(d / time.Minute), "minute"
	case d < 48*time.Hour:
		return int(d / time.Hour), "hour"
	default:
		return int(d / (24 * time.Hour)), "day"
	}
}

// Ago says how long before now a moment was: "3 minutes ago".
func (l Lang) Ago(t, now time.Time) string {
	n, unit := span(now.Sub(t))
	return l.T("time.ago-"+unit, n)
}

// Until says how long after now a moment comes: "in 5 hours". A moment that has
// come already is "now".
func (l Lang) Until(t, now time.Time) string {
	if !t.After(now) {
		return l.T("time.until-now", 0)
	}
	n, unit := span(t.Sub(now))
	return l.T("time.until-"+unit, n)
}

// Length says how long a stretch of time is: "5 hours".
func (l Lang) Length(d time.Duration) string {
	n, unit := span(d)
	if unit == "now" {
		n, unit = 1, "minute"
	}
	return l.T("time.length-"+unit, n)
}
