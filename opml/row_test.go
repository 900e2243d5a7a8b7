package opml

import (
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/opml/internal/markup"
)

func TestLanguageTagsAreSpelledAsUsual(t *testing.T) {
	tests := map[string]string{
		"en": "en", "EN-us": "en-US", "pt_BR": "pt-BR", "zh-hant-TW": "zh-Hant-TW", "sr-Latn": "sr-Latn", "es-419": "es-419", "fil": "fil",
		"": "", "x": "", "english": "", "e1": "", "en-": "", "en-toolongpart": "", "français": "", "en us": "",
	}
	for in, want := range tests {
		if got := languageTag(in); got != want {
			t.Errorf("languageTag(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDurationsHaveUnits(t *testing.T) {
	tests := map[string]time.Duration{
		"6h": 6 * time.Hour, "2d": 48 * time.Hour, "1w": 168 * time.Hour, "90M": 90 * time.Minute, " 1d 6h ": 30 * time.Hour,
		"1w1d1h1m1s": 193*time.Hour + 61*time.Second, "007h": 7 * time.Hour,
		"": 0, "6": 0, "h": 0, "0h": 0, "-6h": 0, "1.5h": 0, "6h2d": 0, "6 hours": 0, "1h1h": 0, "9999999h": 0, "６h": 0,
	}
	for in, want := range tests {
		got, ok := duration(in)
		if ok != (want > 0) || ok && got != want {
			t.Errorf("duration(%q) = %v, %v, want %v", in, got, ok, want)
		}
	}
}

// S37
func TestAddressesAreCheckedBeforeTheyAreUsed(t *testing.T) {
	right := []string{
		"https://a.example", "HTTP://A.example:8080/x?y=1&z#f", "https://münchen.example/feed", "http://[2001:db8::1]/",
		"https://me:secret@a.example/feed", "https://a.example/a|b", "https://a.example/%C3%A9?x=100%",
	}
	for _, address := range right {
		if wrong := wrongAddress(address); wrong != "" {
			t.Errorf("wrongAddress(%q) = %q, want none", address, wrong)
		}
	}
	tests := map[string]string{
		"":                        "no scheme",
		"a.example/feed":          "no scheme",
		"//a.example/feed":        "no scheme",
		"/etc/passwd":             "no scheme",
		"file:///etc/passwd":      "file: addresses",
		"javascript:alert(1)":     "javascript: addresses",
		"data:text/xml,<rss/>":    "data: addresses",
		"gopher://a.example/":     "gopher: addresses",
		"feed:https://a.example/": "feed: is not http",
		"https://":                "no host",
		"https:feed":              "no host",
		"https://:80/":            "no host",
		"https://a b.example/":    "not an address",
		"https://a.example/\x01":  "not an address",
		"http://[::1":             "not an address",
		"https://a.example/" + strings.Repeat("x", maxAddress): "longer than",
	}
	for address, want := range tests {
		if wrong := wrongAddress(address); !strings.Contains(wrong, want) {
			t.Errorf("wrongAddress(%.40q) = %q, want one that says %q", address, wrong, want)
		}
	}
}

func TestMessagesShowNoPasswordsAndNoNovels(t *testing.T) {
	if got := shown("ftp://me:secret@a.example/x"); strings.Contains(got, "secret") || strings.Contains(got, "me") && !strings.Contains(got, "example") {
		t.Errorf("shown = %s", got)
	}
	if got := shown("https://me:secret@a.example/\x01"); strings.Contains(got, "secret") {
		t.Errorf("shown = %s", got)
	}
	if got := quote(strings.Repeat("é", 500)); len([]rune(got)) > 125 || !strings.HasSuffix(got, `…"`) {
		t.Errorf("quote of a long text = %s", got)
	}
	if got := quote(""); got != "without a title" {
		t.Errorf("quote of nothing = %s", got)
	}
}

// TestOneWarningIsNotToldAThousandTimes is for binary files; errors are told
// each, because each may have cost a row.
func TestOneWarningIsNotToldAThousandTimes(t *testing.T) {
	var found []markup.Finding
	for i := range 1000 {
		found = append(found,
			markup.Finding{Offset: i, Severity: warning, Message: "A."},
			markup.Finding{Offset: i, Severity: failure, Message: "B."})
	}
	found = append(found, markup.Finding{Severity: warning, Message: "C."})
	told := map[string]int{}
	for _, f := range limited(found) {
		told[f.Message]++
	}
	if told["A."] != sameKindLimit-1 || told["A. 900 more like this follow."] != 1 || told["B."] != 1000 || told["C."] != 1 {
		t.Errorf("told %v", told)
	}
}

func TestRepeatedLinesOfASourceTakeTheFirstLinesSettings(t *testing.T) {
	list, err := Parse("f", []byte(body(
		`<outline text="A"><outline text="One" xmlUrl="https://1.example/" language="fr" caravan:show="title"/></outline>`+"\n"+
			`<outline text="B"><outline text="Two" xmlUrl="https://1.example:443" caravan:show="full"/></outline>`)))
	if err != nil {
		t.Fatal(err)
	}
	first, second := list.Communities[0].Sources[0], list.Communities[1].Sources[0]
	if second.Settings.Show != caravan.ShowTitle || second.Title != "One" || second.Language != "fr" || second.URL != first.URL {
		t.Errorf("second mention = %+v, want what the first line says", second)
	}
	if first.Line != 4 || second.Line != 5 || second.Column != 19 {
		t.Errorf("lines %d and %d:%d, want each its own", first.Line, second.Line, second.Column)
	}
}
