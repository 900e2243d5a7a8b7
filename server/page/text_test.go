package page

import (
	"testing"
	"time"

	"caravan/server/locale"
)

func TestAttributesOnlyWhereTheyDifferFromThePage(t *testing.T) {
	for _, test := range []struct {
		language  string
		page      locale.Lang
		lang, dir string
	}{
		{"en", locale.English, "", ""}, {"fr-CA", locale.English, "fr", ""}, {"ar", locale.English, "ar", "rtl"}, {"", locale.English, "", "auto"},
	} {
		if lang, dir := attributes(test.language, test.page); lang != test.lang || dir != test.dir {
			t.Errorf("attributes(%q, %s) = %q, %q", test.language, test.page, lang, dir)
		}
	}
}

func TestPlainKeepsNeighboursStraight(t *testing.T) { // S39
	if got := plain("a\u202eb\u2066c\n\td\x1b[0m "); got != "abc d [0m" {
		t.Errorf("plain = %q", got)
	}
}

func TestFrenchIsTypesetFrench(t *testing.T) {
	if got := typeset("Quoi ? « Oui » : non", "fr-FR"); got != "Quoi\u202f? «\u202fOui\u202f»\u202f: non" {
		t.Errorf("typeset = %q", got)
	}
	if got := typeset("What ?", "en"); got != "What ?" {
		t.Errorf("typeset of locale.English = %q", got)
	}
}

func TestDaysBetweenAcrossAChangeOfClocks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip(err)
	}
	for _, month := range []time.Month{time.March, time.October} {
		for d := 24; d <= 31; d++ {
			a, b := time.Date(2026, month, d-1, 23, 0, 0, 0, zone), time.Date(2026, month, d, 1, 0, 0, 0, zone)
			if got := daysBetween(a, b); got != 1 {
				t.Errorf("from %s to %s: %d days", a, b, got)
			}
		}
	}
}
