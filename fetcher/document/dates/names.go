package dates

import "strings"

// monthNumber returns the month that a folded word names in English, French,
// Spanish, Portuguese, Italian, German, Dutch or Catalan, in full or cut to
// three letters or more, or 0.
func monthNumber(w string) int {
	if len(w) < 3 || len(w) > 10 {
		return 0
	}
	found := 0
	for i, names := range [12]string{
		"january janvier enero janeiro gennaio januar januari gener janner",
		"february fevrier febrero fevereiro febbraio februar februari febrer",
		"march mars marzo marco marz maerz maart mrz mrt",
		"april avril abril aprile avr",
		"may mai mayo maio maggio mei maig",
		"june juin junio junho giugno juni juny",
		"july juillet julio julho luglio juli juliol",
		"august aout agosto augustus agost",
		"september septembre septiembre setembro settembre setiembre setembre",
		"october octobre octubre outubro ottobre oktober",
		"november novembre noviembre novembro",
		"december decembre diciembre dezembro dicembre dezember desembre",
	} {
		if hasPrefixWord(names, w) {
			if found != 0 {
				return 0
			}
			found = i + 1
		}
	}
	return found
}

// hasPrefixWord reports whether one of the words of names starts with w.
func hasPrefixWord(names, w string) bool {
	for i := 0; ; {
		n := strings.Index(names[i:], w)
		if n < 0 {
			return false
		}
		if i += n; i == 0 || names[i-1] == ' ' {
			return true
		}
		i += len(w)
	}
}

// isWeekday reports whether a folded word names a day of the week in one of the
// same languages, in full or short.
func isWeekday(w string) bool {
	const days = "monday tuesday tues wednesday thursday thurs friday saturday sunday " +
		"lundi mardi mercredi jeudi vendredi samedi dimanche " +
		"lunes martes miercoles jueves viernes sabado domingo " +
		"segunda-feira terca-feira quarta-feira quinta-feira sexta-feira feira " +
		"lunedi martedi mercoledi giovedi venerdi sabato domenica " +
		"montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag " +
		"maandag dinsdag woensdag donderdag vrijdag zaterdag zondag " +
		"dilluns dimarts dimecres dijous divendres dissabte diumenge"
	return len(w) >= 2 && hasPrefixWord(days, w)
}

// isFiller reports whether a folded word may stand between the parts of a date.
func isFiller(w string) bool {
	switch w {
	case "de", "del", "of", "at", "le", "el", "um", "uhr", "den", "der", "il", "em", "as", "las", "los", "st", "nd", "rd", "th", "er", "on", "the", "a", "o", "date",
		"published", "updated", "om", "van", "du", "dia", "year", "hs", "hrs", "ore", "alle", "h", "t":
		return true
	}
	return false
}

// zoneOffset returns the seconds east of UTC of a zone's name. Of several zones
// with one name it is the one most feeds mean.
func zoneOffset(w string) (seconds int, ok bool) {
	const hour = 3600
	switch w {
	case "ut", "utc", "gmt", "z", "wet", "uct", "zulu":
		return 0, true
	case "cet", "bst", "west", "met", "mez", "wat":
		return 1 * hour, true
	case "cest", "eet", "mest", "mesz", "sast", "cat":
		return 2 * hour, true
	case "eest", "msk", "eat", "trt":
		return 3 * hour, true
	case "msd", "gst", "samt":
		return 4 * hour, true
	case "pkt", "yekt":
		return 5 * hour, true
	case "ist":
		return 5*hour + hour/2, true
	case "omst":
		return 6 * hour, true
	case "wib", "ict", "krat":
		return 7 * hour, true
	case "hkt", "sgt", "awst", "myt", "pht", "irkt":
		return 8 * hour, true
	case "jst", "kst":
		return 9 * hour, true
	case "acst":
		return 9*hour + hour/2, true
	case "aest":
		return 10 * hour, true
	case "acdt":
		return 10*hour + hour/2, true
	case "aedt":
		return 11 * hour, true
	case "nzst":
		return 12 * hour, true
	case "nzdt":
		return 13 * hour, true
	case "brst", "uyst":
		return -2 * hour, true
	case "nst":
		return -(3*hour + hour/2), true
	case "ndt":
		return -(2*hour + hour/2), true
	case "brt", "art", "clst", "uyt", "adt":
		return -3 * hour, true
	case "ast", "edt", "clt", "bot", "vet", "amt", "et.dst":
		return -4 * hour, true
	case "est", "cdt", "cot", "pet", "ect", "et":
		return -5 * hour, true
	case "cst", "mdt", "ct":
		return -6 * hour, true
	case "mst", "pdt", "mt":
		return -7 * hour, true
	case "pst", "akdt", "pt":
		return -8 * hour, true
	case "akst":
		return -9 * hour, true
	case "hst":
		return -10 * hour, true
	}
	return 0, false
}
