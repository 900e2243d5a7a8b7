package server

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestParseFilter(t *testing.T) {
	lisbon, err := time.LoadLocation("Europe/Lisbon")
	if err != nil {
		t.Fatal(err)
	}
	usual := form{Sort: caravan.SortRelevance, Limit: 20, Page: 1}
	with := func(change func(*form)) form {
		f := usual
		change(&f)
		return f
	}
	for _, test := range []struct {
		query string
		want  form
	}{
		{"", usual},
		{"q=+a++b%00%0ac+", with(func(f *form) { f.Query = "a  b  c" })},
		{"q=%ff%20x", with(func(f *form) { f.Query = "\uFFFD x" })},
		{"plain=1&exact=true&sort=newest&limit=50&page=3&at=abc&cursor=def", form{
			Plain: true, Exact: true, Sort: caravan.SortNewest, Limit: 50, Page: 3, At: "abc", Cursor: "def",
		}},
		{"plain=0&exact=", usual},
		{"community=Labs&community=labs&community=&community=cities", with(func(f *form) { f.Filter.Communities = []string{"labs", "cities"} })},
		{"source=alpha&tag=R%26D&tag=r%26d", with(func(f *form) { f.Filter.Sources, f.Filter.Tags = []string{"alpha"}, []string{"R&D", "r&d"} })},
		{"language=pt-BR&language=PT&language=zh_Hant", with(func(f *form) { f.Filter.Languages = []string{"pt", "zh"} })},
		{"after=2024&before=2024-07", with(func(f *form) {
			f.Filter.After, f.Filter.Before = time.Date(2024, 1, 1, 0, 0, 0, 0, lisbon), time.Date(2024, 7, 1, 0, 0, 0, 0, lisbon)
		})},
		{"after=2024-03-05&before=2024-03-05T10:00:00Z", with(func(f *form) {
			f.Filter.After, f.Filter.Before = time.Date(2024, 3, 5, 0, 0, 0, 0, lisbon), time.Date(2024, 3, 5, 10, 0, 0, 0, time.UTC)
		})},
		{"limit=100&page=10", with(func(f *form) { f.Limit, f.Page = 100, 10 })},
		{"unknown=1&utm_source=x", usual},
	} {
		v, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseFilter(v, lisbon, 20)
		if err != nil {
			t.Errorf("parseFilter(%s): %v", test.query, err)
			continue
		}
		if !got.Filter.Before.Equal(test.want.Filter.Before) || !got.Filter.After.Equal(test.want.Filter.After) {
			t.Errorf("parseFilter(%s) is from %s to %s", test.query, got.Filter.After, got.Filter.Before)
		}
		got.Filter.After, got.Filter.Before, test.want.Filter.After, test.want.Filter.Before = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("parseFilter(%s) = %+v, want %+v", test.query, got, test.want)
		}
	}
}

// S32, S33, S27: what is out of bounds is refused with a sentence that names it.
func TestParseFilterRefuses(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for query, name := range map[string]string{
		"page=0": "page", "page=-1": "page", "page=51": "page", "page=1e9": "page", "page=NaN": "page", "page=9223372036854775808": "page",
		"limit=0": "limit", "limit=101": "limit", "limit=-5": "limit", "limit=20x": "limit", "limit=100&page=11": "page",
		"sort=date": "sort", "after=yesterday": "after", "before=2024-13": "before", "after=0000": "after",
		"q=" + long: "query", "tag=" + long: "tag", "cursor=" + long: "cursor", "at=%00": "at", "cursor=%0d%0aX": "cursor",
		"source=a%0db": "source", "tag=%ff": "tag", "community=" + strings.Repeat("a&community=", 30): "community",
	} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parseFilter(v, time.UTC, 20)
		var public *caravan.PublicError
		if !errors.Is(err, caravan.ErrInvalid) || !errors.As(err, &public) {
			t.Errorf("parseFilter(%.40s) = %v, want a refusal", query, err)
			continue
		}
		if !strings.Contains(public.Message, name) || !strings.HasSuffix(public.Message, ".") || strings.ContainsAny(public.Message, "\r\n\x00") || len(public.Message) > 200 {
			t.Errorf("parseFilter(%.40s) says %q, want a sentence about %s", query, public.Message, name)
		}
	}
}

// FuzzParseFilter checks that every address is answered or refused in words.
func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"q=a&page=2", "after=2024&tag=%ff", "cursor=%00&limit=-1", "language=en-&source=&sort=x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		got, err := parseFilter(v, time.UTC, 20)
		if err != nil {
			if !errors.Is(err, caravan.ErrInvalid) {
				t.Fatalf("%q: %v", query, err)
			}
			return
		}
		if got.Limit < 1 || got.Limit > maxLimit || got.Page < 1 || (got.Page-1)*got.Limit >= maxDeep || len(got.Query) > maxQueryBytes {
			t.Fatalf("%q: %+v is out of bounds", query, got)
		}
		// The address of a feed says all that the filter says.
		req := feedRequest{format: "atom", search: true, form: got}
		u, err := url.Parse(req.address())
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseSearchFeed("atom", u.Query(), time.UTC)
		if err != nil || again.address() != req.address() {
			t.Fatalf("%q: address %s reads as %s (%v)", query, req.address(), again.address(), err)
		}
	})
}

func TestCursorsSurviveTheirAddress(t *testing.T) {
	for _, c := range []feedCursor{
		{to: 1}, {to: testNow.UnixMicro()}, {to: 900, low: 300, cut: map[string]int64{"alpha": 400, "beta-2": 350}}, {to: -5},
	} {
		got, err := parseFeedCursor(c.String())
		if err != nil || got.to != c.to || got.low != c.low || fmt.Sprint(got.cut) != fmt.Sprint(c.cut) && len(got.cut)+len(c.cut) > 0 {
			t.Errorf("parseFeedCursor(%s) = %+v, %v, want %+v", c, got, err, c)
		}
	}
	id := caravan.PublicID("a", "b")
	c := searchCursor{after: testNow.Unix(), id: id, seen: 200}
	if got, err := parseSearchCursor(c.String()); err != nil || got != c {
		t.Errorf("parseSearchCursor(%s) = %+v, %v", c, got, err)
	}
	for _, s := range []string{"", "x", "1.2", "1." + id + ".x", "1." + id + ".-1", "1." + id + ".5000", "!." + id + ".1", "1.short.1"} {
		if _, err := parseSearchCursor(s); !errors.Is(err, caravan.ErrInvalid) {
			t.Errorf("parseSearchCursor(%q) = %v, want a refusal", s, err)
		}
	}
}

// FuzzParseFeedCursor checks that a cursor from anywhere is read or refused.
func FuzzParseFeedCursor(f *testing.F) {
	f.Add(feedCursor{to: 900, low: 300, cut: map[string]int64{"alpha": 400}}.String())
	f.Add("LCwsLA")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseFeedCursor(s)
		if err != nil {
			return
		}
		if again, err := parseFeedCursor(c.String()); err != nil || again.String() != c.String() {
			t.Fatalf("%q reads as %+v, and that as %+v (%v)", s, c, again, err)
		}
	})
}
