package fetcher

import (
	"testing"
	"time"
)

var received = time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)

func TestParseHTTPDate(t *testing.T) {
	want := time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC)
	tests := []struct {
		in   string
		want time.Time
	}{
		{"Sun, 06 Nov 1994 08:49:37 GMT", want},
		{"Sunday, 06-Nov-94 08:49:37 GMT", want},
		{"Sun Nov  6 08:49:37 1994", want},
		{" Sun, 6 Nov 1994 08:49:37 GMT ", want},
		{"Sun, 06 Nov 1994 09:49:37 +0100", want},
		{"Sun, 06-Nov-1994 08:49:37 GMT", want},
		{"1994-11-06T08:49:37Z", want},
		{"", time.Time{}},
		{"0", time.Time{}},
		{"-1", time.Time{}},
		{"tomorrow", time.Time{}},
		{"Sun, 06 Nov 0000 08:49:37 GMT", time.Time{}},
	}
	for _, test := range tests {
		if got := parseHTTPDate(test.in); !got.Equal(test.want) {
			t.Errorf("parseHTTPDate(%q) = %v, want %v", test.in, got, test.want)
		}
	}
}

func TestRetryAfter(t *testing.T) { // E12
	tests := []struct {
		name, value, date string
		want              time.Duration
		ok                bool
	}{
		{name: "seconds", value: "120", want: 2 * time.Minute, ok: true},
		{name: "seconds with blanks", value: " 120 ", want: 2 * time.Minute, ok: true},
		{name: "a fraction is cut", value: "1.5", want: time.Second, ok: true},
		{name: "zero asks for nothing", value: "0"},
		{name: "negative", value: "-5"},
		{name: "garbage", value: "soon"},
		{name: "empty"},
		{name: "too large to count", value: "99999999999999999999", want: 1 << 31 * time.Second, ok: true},
		{name: "date by the server's clock", value: "Wed, 25 Nov 2026 09:00:00 GMT", date: "Wed, 25 Nov 2026 07:00:00 GMT", want: 2 * time.Hour, ok: true},
		{name: "date by ours", value: "Wed, 25 Nov 2026 13:00:00 GMT", want: time.Hour, ok: true},
		{name: "date by ours when theirs is garbage", value: "Wed, 25 Nov 2026 13:00:00 GMT", date: "now", want: time.Hour, ok: true},
		{name: "date in the past", value: "Wed, 25 Nov 2020 13:00:00 GMT"},
	}
	for _, test := range tests {
		got, ok := retryAfter(test.value, test.date, received)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("%s: retryAfter(%q, %q) = %v, %v, want %v, %v", test.name, test.value, test.date, got, ok, test.want, test.ok)
		}
	}
}

func TestFreshness(t *testing.T) { // E11
	const date = "Wed, 25 Nov 2026 12:00:00 GMT"
	tests := []struct {
		name string
		a    Answer
		want time.Duration
		told bool
	}{
		{name: "nothing said"},
		{name: "max-age", a: Answer{CacheControl: "public, max-age=7200"}, want: 2 * time.Hour, told: true},
		{name: "less Age", a: Answer{CacheControl: "max-age=7200", Age: "3600"}, want: time.Hour, told: true},
		{name: "older than max-age", a: Answer{CacheControl: "max-age=60", Age: "3600"}, told: true},
		{name: "quoted", a: Answer{CacheControl: `Max-Age="7200"`}, want: 2 * time.Hour, told: true},
		{name: "before Expires", a: Answer{CacheControl: "max-age=60", Expires: "Wed, 25 Nov 2026 18:00:00 GMT", Date: date}, want: time.Minute, told: true},
		{name: "no-cache", a: Answer{CacheControl: "no-cache, max-age=7200"}, told: true},
		{name: "no-cache of one field", a: Answer{CacheControl: `no-cache="Set-Cookie", max-age=7200`}, want: 2 * time.Hour, told: true},
		{name: "no-store", a: Answer{CacheControl: "no-store"}, told: true},
		{name: "s-maxage is for others", a: Answer{CacheControl: "s-maxage=7200"}, told: true},
		{name: "negative", a: Answer{CacheControl: "max-age=-1"}, told: true},
		{name: "the largest of two", a: Answer{CacheControl: "max-age=60, max-age=7200"}, want: 2 * time.Hour, told: true},
		{name: "Expires", a: Answer{Expires: "Wed, 25 Nov 2026 18:00:00 GMT", Date: date}, want: 6 * time.Hour, told: true},
		{name: "Expires by the server's clock", a: Answer{Expires: "Wed, 25 Nov 2020 18:00:00 GMT", Date: "Wed, 25 Nov 2020 12:00:00 GMT"}, want: 6 * time.Hour, told: true},
		{name: "Expires by ours", a: Answer{Expires: "Wed, 25 Nov 2026 13:00:00 GMT"}, want: time.Hour, told: true},
		{name: "Expires 0", a: Answer{Expires: "0", Date: date}, told: true},
		{name: "Expires in the past", a: Answer{Expires: "Thu, 01 Jan 1970 00:00:00 GMT", Date: date}, told: true},
	}
	for _, test := range tests {
		test.a.Ended = received
		if got, told := freshness(test.a); got != test.want || told != test.told {
			t.Errorf("%s: freshness = %v, %v, want %v, %v", test.name, got, told, test.want, test.told)
		}
	}
}

func FuzzHTTPDate(f *testing.F) {
	for _, s := range []string{"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "0", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := parseHTTPDate(s); !got.IsZero() && got.Year() <= 1900 {
			t.Errorf("parseHTTPDate(%q) = %v", s, got)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120", "")
	f.Add("Wed, 25 Nov 2026 09:00:00 GMT", "Wed, 25 Nov 2026 07:00:00 GMT")
	f.Add("-1", "99999999999999999999")
	f.Fuzz(func(t *testing.T, value, date string) {
		d, ok := retryAfter(value, date, received)
		if ok && d <= 0 {
			t.Errorf("retryAfter(%q, %q) = %v", value, date, d)
		}
		p := DefaultPolicy()
		v := p.Judge(source(), answer(func(a *Answer) {
			a.Status, a.RetryAfter, a.Date, a.Failure = 429, value, date, StatusFailure(429, false, "")
		}))
		if wait := v.State.NextPoll.Sub(received); wait < p.Floor || wait > p.LongestRetry+p.JitterMost {
			t.Errorf("Retry-After %q makes the wait %v", value, wait)
		}
	})
}

func FuzzCacheControl(f *testing.F) {
	f.Add("public, max-age=7200", "60", "")
	f.Add(`no-cache="a,b"`, "-1", "0")
	f.Fuzz(func(t *testing.T, control, age, expires string) {
		a := answer(func(a *Answer) { a.CacheControl, a.Age, a.Expires = control, age, expires })
		if d, _ := freshness(a); d < 0 {
			t.Errorf("freshness of %q %q %q = %v", control, age, expires, d)
		}
		p := DefaultPolicy()
		if wait := p.Judge(source(), a).State.NextPoll.Sub(a.Ended); wait < p.Floor || wait > p.Longest+p.JitterMost {
			t.Errorf("%q %q %q makes the wait %v", control, age, expires, wait)
		}
	})
}
