package canonical

import "testing"

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
