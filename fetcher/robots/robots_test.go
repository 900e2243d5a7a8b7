package robots_test

import (
	"strings"
	"testing"

	"caravan/fetcher/robots"
)

func TestLongestMatchingRuleDecides(t *testing.T) { // RFC 9309, 2.2.2
	const all = "User-agent: *\n"
	for _, c := range []struct {
		name, file, path string
		want             bool
	}{
		{"empty file", "", "/feed", true},
		{"no group for us", "User-agent: other\nDisallow: /", "/feed", true},
		{"everything closed", all + "Disallow: /", "/feed", false},
		{"empty rule", all + "Disallow:", "/feed", true},
		{"longer allow", all + "Disallow: /\nAllow: /feed", "/feed.xml", true},
		{"longer disallow", all + "Allow: /\nDisallow: /feed", "/feed.xml", false},
		{"as long", all + "Disallow: /feed\nAllow: /feed", "/feed", true},
		{"own group wins", all + "Disallow: /\nUser-agent: Caravan\nAllow: /", "/feed", true},
		{"own group closes", all + "Allow: /\n\nUser-agent: caravan/2.0\nDisallow: /feed", "/feed", false},
		{"own group without rules", all + "Disallow: /\nUser-agent: caravan", "/feed", true},
		{"groups of one name are joined", "User-agent: caravan\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: caravan\nDisallow: /b", "/b", false},
		{"several names of one group", "User-agent: x\nUser-agent: caravan\nDisallow: /", "/feed", false},
		{"longer product is another", "User-agent: caravanserai\nDisallow: /", "/feed", true},
		{"star within", all + "Disallow: /*/feed", "/blog/feed/", false},
		{"star does not match less", all + "Disallow: /*/feed", "/feed", true},
		{"dollar", all + "Disallow: /*.xml$", "/a/feed.xml", false},
		{"dollar misses", all + "Disallow: /*.xml$", "/a/feed.xml?x=1", true},
		{"dollar without star", all + "Disallow: /feed$", "/feed/", true},
		{"query counts", all + "Disallow: /*?", "/?format=rss", false},
		{"case of paths counts", all + "Disallow: /Feed", "/feed", true},
		{"percent signs", all + "Disallow: /%7Eme/caf\u00e9", "/~me/caf%c3%a9", false},
		{"reserved stays coded", all + "Disallow: /a%2Fb", "/a/b", true},
		{"comments and case of keys", "USER-AGENT: * # all\r\ndisallow : /feed # no\r\n", "/feed", false},
		{"byte order mark", "\ufeffUser-agent: *\nDisallow: /", "/", false},
		{"other lines do not end a group", "User-agent: *\nCrawl-delay: 10\nSitemap: https://e.org/s.xml\nDisallow: /feed", "/feed", false},
		{"rules before any group", "Disallow: /\nUser-agent: *\nAllow: /", "/feed", true},
		{"a page of HTML", "<!doctype html><p>Disallow: /</p>", "/feed", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := robots.Parse([]byte(c.file), "caravan").Allow(c.path); got != c.want {
				t.Errorf("Allow(%q) = %v, want %v", c.path, got, c.want)
			}
		})
	}
}

func TestZeroRulesAllowAndClosedOnesDoNot(t *testing.T) {
	if !(robots.Rules{}).Allow("/feed") {
		t.Error("zero rules forbid")
	}
	if robots.Closed().Allow("/feed") {
		t.Error("closed rules allow")
	}
}

func TestOnlyTheBeginningOfAHugeFileCounts(t *testing.T) {
	huge := "User-agent: *\nDisallow: /a\n" + strings.Repeat("# filler\n", 100_000) + "Disallow: /b\n"
	rules := robots.Parse([]byte(huge), "caravan")
	if rules.Allow("/a") || !rules.Allow("/b") {
		t.Error("the first half megabyte is not what counts")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\nAllow: /%e", "/a%2")
	f.Add("user-agent:caravan\rallow:*\n", "")
	f.Fuzz(func(t *testing.T, file, path string) {
		robots.Parse([]byte(file), "caravan").Allow(path)
		if !robots.Parse([]byte("User-agent: caravan\nAllow: /\n"+strings.ReplaceAll(file, ":", " ")), "caravan").Allow(path) {
			t.Error("closed by a line that is no rule")
		}
	})
}
