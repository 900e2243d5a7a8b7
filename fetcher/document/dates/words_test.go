package dates

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// months are the names of the months as feeds write them, in order.
var months = map[string]string{
	"English":         "January February March April May June July August September October November December",
	"English, short":  "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
	"four letters":    "Janu Febr Marc Apri May June July Augu Sept Octo Nove Dece",
	"capitals":        "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC",
	"French":          "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
	"French, short":   "janv févr mars avr mai juin juil août sept oct nov déc",
	"Spanish":         "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
	"Spanish, short":  "ene feb mar abr may jun jul ago sep oct nov dic",
	"Spanish, other":  "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
	"Portuguese":      "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
	"Portuguese, 3":   "jan fev mar abr mai jun jul ago set out nov dez",
	"Italian":         "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
	"Italian, short":  "gen feb mar apr mag giu lug ago set ott nov dic",
	"German":          "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
	"German, Austria": "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
	"Dutch":           "januari februari maart april mei juni juli augustus september oktober november december",
	"Dutch, short":    "jan feb mrt apr mei jun jul aug sep okt nov dec",
	"Catalan":         "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
}

func TestMonthsAreKnownInEightLanguages(t *testing.T) {
	for language, names := range months {
		for i, name := range strings.Fields(names) {
			in, want := "9 "+name+" 2021", fmt.Sprintf("2021-%02d-09", i+1)
			if got, ok := Parse(in); !ok || got.Format(time.DateOnly) != want {
				t.Errorf("%s: Parse(%q) = %v %v, want %s", language, in, got, ok, want)
			}
		}
	}
}

func TestAWordThatIsNoMonthMakesNoDate(t *testing.T) {
	for _, word := range []string{"ja", "ma", "ju", "Month", "Janvember", "uary", "Septemberly", "xmarch", "march january", "Sextilis"} {
		if got, ok := Parse("9 " + word + " 2021"); ok {
			t.Errorf("Parse of the month %q = %v, want none", word, got)
		}
	}
}

// weekdays are the names of days as feeds write them.
var weekdays = []string{
	"Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun Mo Tu We Th Fr Sa Su",
	"lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim",
	"lunes martes miércoles jueves viernes sábado domingo lun mar mié jue vie sáb dom",
	"segunda-feira terça-feira quarta-feira quinta-feira sexta-feira seg ter qua qui sex sáb dom",
	"lunedì martedì mercoledì giovedì venerdì sabato domenica gio",
	"Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonnabend Sonntag Di Mi Do",
	"maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
	"dilluns dimarts dimecres dijous divendres dissabte diumenge",
}

func TestTheDayOfTheWeekDoesNotCount(t *testing.T) {
	for _, names := range weekdays {
		for _, day := range strings.Fields(names) {
			for _, in := range []string{day + ", 9 Oct 2021 10:20", day + ". 9 Oct 2021 10:20", "9 Oct 2021 " + day + " 10:20"} {
				if got, ok := Parse(in); !ok || got.Format("2006-01-02T15:04") != "2021-10-09T10:20" {
					t.Errorf("Parse(%q) = %v %v", in, got, ok)
				}
			}
		}
	}
}

func TestADayOfTheWeekMayBeAMonthAsWell(t *testing.T) {
	for in, want := range map[string]string{
		"mar 9 oct 2021":  "2021-10-09", // mardi, not mars
		"mar, 9 mar 2021": "2021-03-09",
		"9 mar 2021":      "2021-03-09",
		"mar 9, 2021":     "2021-03-09",
		"9 oct 2021 mar":  "2021-10-09",
	} {
		if got, ok := Parse(in); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("Parse(%q) = %v %v, want %s", in, got, ok, want)
		}
	}
}

func TestNamesOfZonesAreKnown(t *testing.T) { // RFC 822, section 5.1, and beyond
	zones := map[string]string{
		"UT UTC GMT Z WET UCT Zulu":   "+00:00",
		"CET BST WEST MET MEZ WAT":    "+01:00",
		"CEST EET MEST MESZ SAST CAT": "+02:00",
		"EEST MSK EAT TRT":            "+03:00",
		"MSD GST SAMT":                "+04:00",
		"PKT YEKT":                    "+05:00",
		"IST":                         "+05:30",
		"OMST":                        "+06:00",
		"WIB ICT KRAT":                "+07:00",
		"HKT SGT AWST MYT PHT IRKT":   "+08:00",
		"JST KST":                     "+09:00",
		"ACST":                        "+09:30",
		"AEST":                        "+10:00",
		"ACDT":                        "+10:30",
		"AEDT":                        "+11:00",
		"NZST":                        "+12:00",
		"NZDT":                        "+13:00",
		"BRST UYST":                   "-02:00",
		"NST":                         "-03:30",
		"NDT":                         "-02:30",
		"BRT ART CLST UYT ADT":        "-03:00",
		"AST EDT CLT BOT VET AMT":     "-04:00",
		"EST CDT COT PET ECT ET":      "-05:00",
		"CST MDT CT":                  "-06:00",
		"MST PDT MT":                  "-07:00",
		"PST AKDT PT":                 "-08:00",
		"AKST":                        "-09:00",
		"HST":                         "-10:00",
		"XYZ local":                   "+00:00", // nobody's, so UTC
	}
	for names, offset := range zones {
		want, err := time.Parse(time.RFC3339, "2021-03-09T12:00:00"+offset)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range strings.Fields(names) {
			for _, in := range []string{"Tue, 09 Mar 2021 12:00:00 " + name, "Tue Mar 09 12:00:00 " + strings.ToLower(name) + " 2021", "2021-03-09 12:00 " + name} {
				if got, ok := Parse(in); !ok || !got.Equal(want) {
					t.Errorf("Parse(%q) = %v %v, want %v", in, got, ok, want.UTC())
				}
			}
		}
	}
}

func TestWordsBetweenThePartsDoNotCount(t *testing.T) {
	for _, in := range []string{
		"9 de marzo de 2021", "9 del marzo 2021", "March 9th, 2021", "the 9th of March 2021", "le 9 mars 2021", "den 9. März 2021", "9 de març del 2021",
		"Published on March 9 2021", "Updated: March 9 2021", "Date: 9 March 2021", "am 9 März 2021", "9 maart van 2021", "el 9 de marzo, 2021",
		"dia 9 de março de 2021", "March 9 year 2021", "il 9 marzo 2021", "em 9 março 2021", "9 er mars 2021", "9 o marzo 2021", "2021 March 9", "2021, 9 March",
	} {
		if got, ok := Parse(in); !ok || got.Format(time.DateOnly) != "2021-03-09" {
			t.Errorf("Parse(%q) = %v %v, want 2021-03-09", in, got, ok)
		}
	}
	for _, in := range []string{"March 9, 2021 at 10:00", "9 März 2021 um 10:00 Uhr", "9 mars 2021 à 10h00", "9 marzo 2021 alle ore 10:00", "9 marzo 2021 a las 10:00 hs", "9 maart 2021 om 10:00", "9 março 2021 às 10:00", "9 Mar 2021 10:00 hrs"} {
		if got, ok := Parse(in); !ok || got.Format("2006-01-02T15:04") != "2021-03-09T10:00" {
			t.Errorf("Parse(%q) = %v %v, want 2021-03-09T10:00", in, got, ok)
		}
	}
}
