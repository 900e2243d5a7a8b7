package robots_test

import (
	"strings"
	"testing"

	"caravan/fetcher/robots"
)

func TestGroupsAreChosenByTheirAgents(t *testing.T) { // RFC 9309, 2.2.1
	for name, c := range map[string]struct {
		file string
		want bool // whether /x may be asked for
	}{
		"nothing":                             {"", true},
		"everybody":                           {"User-agent: *\nDisallow: /x", false},
		"us":                                  {"User-agent: caravan\nDisallow: /x", false},
		"us in other case and with a version": {"User-agent: Caravan/1.0\nDisallow: /x", false},
		"another":                             {"User-agent: other\nDisallow: /x", true},
		"one whose name begins like ours":     {"User-agent: caravanserai\nDisallow: /x", true},
		"us before everybody":                 {"User-agent: *\nDisallow: /x\nUser-agent: caravan\nDisallow: /y", true},
		"everybody behind us":                 {"User-agent: caravan\nDisallow: /x\nUser-agent: *\nAllow: /", false},
		"us without a rule":                   {"User-agent: *\nDisallow: /x\nUser-agent: caravan\nDisallow:", true},
		"two agents of one group":             {"User-agent: other\nUser-agent: caravan\nDisallow: /x", false},
		"two groups for us":                   {"User-agent: caravan\nDisallow: /y\nUser-agent: other\nDisallow: /z\nUser-agent: caravan\nDisallow: /x", false},
		"a group that another one follows":    {"User-agent: caravan\nAllow: /x\nUser-agent: other\nDisallow: /x", true},
		"a line between agent and rule":       {"User-agent: caravan\nCrawl-delay: 5\nDisallow: /x", false},
		"comments":                            {"# x\nUser-agent: caravan # us\nDisallow: /x # all", false},
		"a rule that is a comment":            {"User-agent: caravan\n#Disallow: /x", true},
		"white space":                         {"  user-AGENT :  caravan \r\n\r\n DISALLOW\t:\t/x", false},
		"ends of lines of old machines":       {"User-agent: caravan\rDisallow: /x\r", false},
		"a mark at the start":                 {"\ufeffUser-agent: caravan\nDisallow: /x", false},
		"rules before any agent":              {"Disallow: /x\nUser-agent: other\nDisallow: /", true},
		"lines without a colon":               {"User-agent caravan\nUser-agent: *\nnonsense\nDisallow: /x", false},
		"an empty agent":                      {"User-agent:\nDisallow: /x", true},
	} {
		if got := robots.Parse([]byte(c.file), "caravan").Allow("/x"); got != c.want {
			t.Errorf("%s: /x is allowed: %v, want %v", name, got, c.want)
		}
	}
}

func TestPatternsMatchAsTheyAreWritten(t *testing.T) { // RFC 9309, 2.2.2 and 2.2.3
	for _, c := range []struct {
		pattern, path string
		want          bool // whether the pattern matches
	}{
		{"/", "/", true},
		{"/", "/x", true},
		{"/x", "/xy", true},
		{"/x/", "/x", false},
		{"/x", "/X", false},
		{"/x$", "/x", true},
		{"/x$", "/xy", false},
		{"/*.pdf", "/a/b.pdf", true},
		{"/*.pdf", "/b.pdfx", true},
		{"/*.pdf$", "/b.pdfx", false},
		{"/*.pdf$", "/b.pdf", true},
		{"/a*b*c", "/a1b2c3", true},
		{"/a*b*c", "/a1c2b", false},
		{"/a*b*c$", "/abcc", true},
		{"/a*", "/a", true},
		{"*", "/x", true},
		{"*x", "/yx", true},
		{"/$", "/", true},
		{"/$", "/x", false},
		{"/a**b", "/ab", true},
		{"/a*bb$", "/ab", false},
		{"/a*b$", "/ab", true},
		{"/?q", "/?q=1", true},
		{"/?q", "/q", false},
		{"/%61", "/a", true},
		{"/a", "/%61", true},
		{"/%7E", "/~", true},
		{"/é", "/%C3%A9", true},
		{"/%c3%a9", "/é", true},
		{"/a%2Fb", "/a/b", false},
		{"/a%2fb", "/a%2Fb", true},
		{"/%zz", "/%zz", true},
		{"/a%", "/a%", true},
		{"/a%4", "/a%4", true},
		{"/a b", "/a%20b", true},
		{"/%2A", "/*", false},
		{"/x%5b", "/x%5B", true},
		{"/-._~", "/%2D%2E%5F%7E", true},
		{"/09azAZ", "/%30%39%61%7A%41%5A", true},
	} {
		file := "User-agent: *\nDisallow: " + c.pattern
		if got := !robots.Parse([]byte(file), "caravan").Allow(c.path); got != c.want {
			t.Errorf("%q matches %q: %v, want %v", c.pattern, c.path, got, c.want)
		}
	}
}

func TestOfRulesAsLongTheOneThatAllowsDecides(t *testing.T) { // RFC 9309, 2.2.2
	for _, file := range []string{"Allow: /x\nDisallow: /x", "Disallow: /x\nAllow: /x", "Disallow: /\nAllow: /x", "Allow: /x\nDisallow: /", "Disallow: /*\nAllow: /x/", "Disallow: /y\nDisallow: /xx"} {
		if !robots.Parse([]byte("User-agent: *\n"+file), "caravan").Allow("/x/") {
			t.Errorf("%q does not allow /x/", file)
		}
	}
	for _, file := range []string{"Allow: /\nDisallow: /x", "Disallow: /x\nAllow: /", "Allow: /x\nDisallow: /x/", "Disallow: /x*\nAllow: /x"} {
		if robots.Parse([]byte("User-agent: *\n"+file), "caravan").Allow("/x/") {
			t.Errorf("%q allows /x/", file)
		}
	}
}

func TestALongPatternCostsLittle(t *testing.T) { // S14
	file := "User-agent: *\nDisallow: /" + strings.Repeat("*a", 100_000) + "$"
	if !robots.Parse([]byte(file), "caravan").Allow("/" + strings.Repeat("a", 50_000) + "b") {
		t.Error("a pattern that does not match forbids")
	}
}
