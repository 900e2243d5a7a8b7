package page

import (
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/server/locale"
)

func TestSourcePageSaysWhoPushes(t *testing.T) {
	live := caravan.Push{Hub: "https://www.hub.example/x", Since: now.Add(-time.Hour), Until: now.Add(10 * 24 * time.Hour), Trusted: true}
	doubted, lapsed := live, live
	doubted.Trusted, lapsed.Until = false, now.Add(-time.Minute)
	for _, test := range []struct {
		name string
		lang locale.Lang
		push caravan.Push
		want string
	}{
		{"live", locale.English, live, "hub.example, until 5 December; polled once a day besides"},
		{"in French", locale.French, live, "hub.example, jusqu’au 5 décembre\u202f; relevée en plus une fois par jour"},
		{"doubted", locale.English, doubted, "hub.example, until 5 December; polled as usual"},
		{"lapsed", locale.English, lapsed, ""},
		{"none", locale.English, caravan.Push{}, ""},
	} {
		s := well()
		s.Push = test.push
		said := ""
		for _, fact := range (Context{Lang: test.lang, Now: now, Zone: time.UTC}).builder().sourceFacts(s) {
			if fact.Name == test.lang.T("source.push") {
				said = fact.Text
			}
		}
		if !strings.HasPrefix(said, test.want) || test.want == "" && said != "" {
			t.Errorf("%s: %q, want %q", test.name, said, test.want)
		}
	}
}
