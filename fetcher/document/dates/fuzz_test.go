package dates

import (
	"testing"
	"time"
)

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"Mon, 02 Jan 2006 15:04:05 -0700", "2006-01-02T15:04:05.5+02:00", "mar., 06 oct. 2020", "1/2/2006 3pm", "<time datetime='2020'>", "2020年1月10日", "1514862245"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		when, ok := Parse(s)
		if !ok {
			return
		}
		if y := when.Year(); y < 1799 || y > 2201 {
			t.Errorf("Parse(%q) = %v", s, when)
		}
		again, ok := Parse(when.Format(time.RFC3339))
		if !ok || !again.Equal(when.Truncate(time.Second)) {
			t.Errorf("Parse(%q) = %v, which is read as %v", s, when, again)
		}
	})
}
