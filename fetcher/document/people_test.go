package document

import (
	"fmt"
	"testing"
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
