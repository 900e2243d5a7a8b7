package caravan_test

import (
	"strings"
	"testing"

	"caravan"
)

func TestSlug(t *testing.T) {
	tests := []struct{ text, want string }{
		{"States of Change", "states-of-change"},
		{"(011).lab (São Paulo)", "011-lab-sao-paulo"},
		{"Innovadores Públicos", "innovadores-publicos"},
		{"L’innovation / Œuvre", "linnovation-oeuvre"},
		{"  --  ", "c-" + "ee9c7c"},
		{strings.Repeat("abcdefghi ", 9), "abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi-abcdefghi"},
	}
	for _, tt := range tests {
		got := caravan.Slug(tt.text, "c")
		if strings.HasPrefix(tt.want, "c-") {
			if len(got) != 8 || !strings.HasPrefix(got, "c-") {
				t.Errorf("Slug(%q) = %q, want c- and six characters", tt.text, got)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("Slug(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestSourceKeyJoinsSpellingsOfOneSource(t *testing.T) { // E28
	want := "https://example.org/Feed?b=1&a=2"
	for _, s := range []string{"https://Example.ORG/Feed?b=1&a=2", " https://example.org:443/Feed?b=1&a=2 ", "HTTPS://example.org/Feed?b=1&a=2#x"} {
		if got := caravan.SourceKey(s); got != want {
			t.Errorf("SourceKey(%q) = %q, want %q", s, got, want)
		}
	}
	if caravan.SourceKey("https://example.org/feed?b=1&a=2") == want {
		t.Error("SourceKey folds the case of the path, want it kept")
	}
	if got := caravan.TwinKey("http://example.org"); got != "https://example.org/" {
		t.Errorf("TwinKey = %q", got)
	}
}

func TestPublicIDIsStable(t *testing.T) { // O03
	id := caravan.PublicID("https://example.org/feed", caravan.Keys{GUID: "1"}.IdentityKey())
	if id != caravan.PublicID("https://example.org/feed", "guid:1") || !caravan.ValidPublicID(id) {
		t.Errorf("PublicID = %q, want 16 stable characters", id)
	}
	if id == caravan.PublicID("https://example.org/other", "guid:1") { // S38
		t.Error("the same GUID in two sources has one id")
	}
	if got, want := caravan.FeedUUID("https://example.org/feed", "guid:1"), caravan.FeedUUID("https://example.org/feed", "guid:1"); got != want || len(got) != 45 {
		t.Errorf("FeedUUID = %q", got)
	}
}

func TestValidFeedID(t *testing.T) { // O03
	for guid, want := range map[string]bool{
		"https://example.org/?p=1":                      true,
		"tag:example.org,2020:1":                        true,
		"urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6": true,
		"tag:blogger.com,1999:blog-1.post-2":            true,
		"https://example.org/caf%C3%A9?q=a%2Fb#x":       true,
		"https://example.org:8443/":                     true,
		"urn:isbn:9780141036144":                        true,
		"https://example.org":                           false, // 4.2.6.1: as the empty path is "/"
		"http://example.org:80/":                        false,
		"https://Example.org/":                          false,
		"HTTPS://example.org/":                          false,
		"https://example.org/caf%c3%a9":                 false,
		"https://example.org/caf\u00e9":                 false,
		"https://example.org/%7Eada":                    false,
		"https://example.org/%E9":                       false,
		"https://example.org/a/../b":                    false,
		"https://example.org/#1#2":                      false,
		"https://me:secret@example.org/":                false,
		"tag:hatena.ne.jp,2005-2006:x":                  false,
		"urn:uuid:1":                                    false,
		"yt:video:abc":                                  false, // no registered scheme
		"http://":                                       false,
		"123":                                           false,
		"example.org/a":                                 false,
		"post:":                                         false,
		"javascript:x":                                  false,
		"https://e.org/a b":                             false,
		"urn:x":                                         false,
	} {
		if got := caravan.ValidFeedID(guid); got != want {
			t.Errorf("ValidFeedID(%q) = %v, want %v", guid, got, want)
		}
	}
}

func TestRedactURLDropsCredentials(t *testing.T) { // S07
	if got := caravan.RedactURL("https://me:secret@example.org/f"); got != "https://example.org/f" {
		t.Errorf("RedactURL = %q", got)
	}
	if got := caravan.RedactURL("https://me:sec%ret@example.org/f"); strings.Contains(got, "ret@") {
		t.Errorf("RedactURL = %q, want no credentials", got)
	}
}
