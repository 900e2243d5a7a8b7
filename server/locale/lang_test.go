package locale

import (
	"testing"
	"time"
)

func TestChooseLang(t *testing.T) {
	for _, test := range []struct {
		asked, accept string
		want          Lang
		chosen        bool
	}{
		{"", "", English, false},
		{"fr", "es", French, true},
		{"xx", "es-CL,es;q=0.9,en;q=0.8", Spanish, false},
		{"", "de, pt-BR;q=0.7, en;q=0.3", Portuguese, false},
		{"", "fr;q=0.1, en;q=0.9", English, false},
		{"", "zz;;;=", English, false},
		{"EN", "", English, false},
	} {
		if got, chosen := ChooseLang(test.asked, test.accept); got != test.want || chosen != test.chosen {
			t.Errorf("ChooseLang(%q, %q) = %s, %v, want %s, %v", test.asked, test.accept, got, chosen, test.want, test.chosen)
		}
	}
}

func TestDatesAreWrittenAsEachLanguageDoes(t *testing.T) {
	first := time.Date(2026, 11, 1, 9, 5, 0, 0, time.UTC)
	for _, test := range []struct {
		lang                    Lang
		full, short, month, day string
	}{
		{English, "Sunday 1 November 2026", "1 Nov 2026", "November 2026", "1 November"},
		{French, "dimanche 1er novembre 2026", "1 nov. 2026", "novembre 2026", "1er novembre"},
		{Spanish, "domingo 1 de noviembre de 2026", "1 nov 2026", "noviembre de 2026", "1 de noviembre"},
		{Portuguese, "domingo, 1 de novembro de 2026", "1 nov. 2026", "novembro de 2026", "1 de novembro"},
	} {
		l := test.lang
		if l.FullDate(first) != test.full || l.ShortDate(first) != test.short || l.Month(first) != test.month || l.DayMonth(first) != test.day {
			t.Errorf("%s: %q %q %q %q", l, l.FullDate(first), l.ShortDate(first), l.Month(first), l.DayMonth(first))
		}
	}
}

func TestAgoAndUntil(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		away       time.Duration
		ago, until string
	}{
		{10 * time.Second, "just now", "now"},
		{time.Minute, "1 minute ago", "in 1 minute"},
		{59 * time.Minute, "59 minutes ago", "in 59 minutes"},
		{47 * time.Hour, "47 hours ago", "in 47 hours"},
		{72 * time.Hour, "3 days ago", "in 3 days"},
	} {
		if got := English.Ago(now.Add(-test.away), now); got != test.ago {
			t.Errorf("Ago(%s) = %q, want %q", test.away, got, test.ago)
		}
		if got := English.Until(now.Add(test.away), now); got != test.until {
			t.Errorf("Until(%s) = %q, want %q", test.away, got, test.until)
		}
	}
	if got := French.Until(now.Add(-time.Hour), now); got != "maintenant" {
		t.Errorf("Until of the past = %q", got)
	}
	if got := Portuguese.Length(20 * time.Second); got != "1 minuto" {
		t.Errorf("Length = %q", got)
	}
}

func TestPrimaryEndonymAndDirection(t *testing.T) {
	for _, test := range []struct{ tag, primary, name, dir string }{
		{"pt-BR", "pt", "Português", "ltr"}, {"AR", "ar", "العربية", "rtl"}, {"en_GB", "en", "English", "ltr"},
		{"qya", "qya", "QYA", "ltr"}, {"", "", "", ""}, {"x", "", "", ""}, {`"><b`, "", "", ""}, {"fa-IR", "fa", "فارسی", "rtl"},
	} {
		if Primary(test.tag) != test.primary || Endonym(test.tag) != test.name || Direction(test.tag) != test.dir {
			t.Errorf("%q: %q %q %q, want %q %q %q", test.tag, Primary(test.tag), Endonym(test.tag), Direction(test.tag), test.primary, test.name, test.dir)
		}
	}
}
