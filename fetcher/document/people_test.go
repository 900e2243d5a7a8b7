package document

import (
	"fmt"
	"testing"
	"time"
)

func TestNamesAreTakenOutOfWhatSurroundsThem(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Jo Doe", "Jo Doe"},
		{" Jo\n Doe ", "Jo Doe"},
		{"jo@example.org (Jo Doe)", "Jo Doe"},
		{"noreply@blogger.com (Jo Doe)", "Jo Doe"},
		{"Jo Doe (jo@example.org)", "Jo Doe"},
		{"Jo Doe (https://example.org/jo)", "Jo Doe"},
		{"Jo Doe <jo@example.org>", "Jo Doe"},
		{"Jo Doe &lt;jo@example.org&gt;", "Jo Doe"},
		{"<jo@example.org>", "jo"},
		{"jo@example.org Jo Doe", "Jo Doe"},
		{"jo@example.org", "jo"},
		{"mailto:jo@example.org", "jo"},
		{"jo@example.org ()", "jo"},
		{"Jo Doe (editor)", "Jo Doe (editor)"},
		{"Nick Ames (now), Ed Aarons and Ben Fisher (earlier)", "Nick Ames (now), Ed Aarons and Ben Fisher (earlier)"},
		{"know how (news)", "know how (news)"},
		{"@lawnchairapp", "@lawnchairapp"},
		{"M@", "M@"},
		{"AT&amp;T", "AT&T"},
		{`"Jo Doe",`, "Jo Doe"},
		{"<b>Jo</b>", "Jo"},
		{"", ""},
	}
	for _, test := range tests {
		if got := personName(test.in); got != test.want {
			t.Errorf("personName(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestTagsAndNamesAreKeptOnce(t *testing.T) {
	var tags, names []string
	for _, s := range []string{"A", "a ", "B", "", " ", "b", "&amp;"} {
		tags = addTag(tags, s)
	}
	if fmt.Sprint(tags) != "[A B &]" {
		t.Errorf("tags %q", tags)
	}
	for _, s := range []string{"Jo", "Jo", "jo@example.org (Jo)", "Al", ""} {
		names = addName(names, s)
	}
	if fmt.Sprint(names) != "[Jo Al]" {
		t.Errorf("names %q", names)
	}
}

func TestDurationsAreRead(t *testing.T) {
	tests := []struct {
		in   string
		want time.Duration
	}{
		{"90", 90 * time.Second},
		{"1:30", 90 * time.Second},
		{"01:02:03", time.Hour + 2*time.Minute + 3*time.Second},
		{" 5:00 ", 5 * time.Minute},
		{"61.6", 62 * time.Second},
		{"0", 0},
		{"-5", 0},
		{"", 0},
		{"an hour", 0},
		{"1:xx", 0},
		{"99999999999", 0},
		{"NaN", 0},
		{"Inf", 0},
	}
	for _, test := range tests {
		if got := parseDuration(test.in); got != test.want {
			t.Errorf("parseDuration(%q) = %v, want %v", test.in, got, test.want)
		}
	}
}

func TestNamespacesAreKnownInEverySpelling(t *testing.T) {
	tests := []struct {
		uri, want string
		known     bool
	}{
		{"http://www.w3.org/2005/Atom", "atom", true},
		{" HTTP://WWW.w3.org/2005/atom/ ", "atom", true},
		{"https://www.w3.org/2005/Atom", "atom", true},
		{"http://purl.org/atom/ns#", "atom", true},
		{"http://purl.org/dc/elements/1.1/", "dc", true},
		{"http://purl.org/dc/elements/1.1", "dc", true},
		{"http://search.yahoo.com/mrss", "media", true},
		{"http://www.itunes.com/DTDs/Podcast-1.0.dtd", "itunes", true},
		{"http://purl.org/rss/1.0/", "", true},
		{"", "", true},
		{"urn:unknown", "", false},
	}
	for _, test := range tests {
		if got, known := canonicalPrefix(test.uri); got != test.want || known != test.known {
			t.Errorf("canonicalPrefix(%q) = %q %v, want %q %v", test.uri, got, known, test.want, test.known)
		}
	}
}

func TestRepairsAreToldOnce(t *testing.T) {
	p := &problems{text: []byte("a\nb\nc")}
	p.note(2, "x")
	p.note(4, "x")
	p.note(-1, "y")
	p.note(4, "z")
	for i := range 2 * maxProblems {
		p.note(0, fmt.Sprint(i))
	}
	got := p.texts()
	if len(got) != maxProblems || got[0] != "line 2: x, and 1 times more" || got[1] != "y" || got[2] != "line 3: z" {
		t.Errorf("%q", got)
	}
}
