package fetcher

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"caravan"
)

// E25: Link headers as servers write them.
func TestParseLinks(t *testing.T) {
	const base = "https://blog.example/feed/"
	tests := []struct {
		name    string
		headers []string
		hubs    []string
		self    string
	}{
		{"none", nil, nil, ""},
		{"one header", []string{`<https://hub.example/>; rel="hub", <https://blog.example/atom>; rel="self"`}, []string{"https://hub.example/"}, "https://blog.example/atom"},
		{"one each, without quotes", []string{`<https://hub.example/>; rel=hub`, `<https://blog.example/atom>; rel=self`}, []string{"https://hub.example/"}, "https://blog.example/atom"},
		{"several hubs, one twice", []string{`<https://b.example/>; rel=hub, <https://a.example/>; rel=hub`, `<https://b.example/>;rel=hub`}, []string{"https://b.example/", "https://a.example/"}, ""},
		{"relative", []string{`</hub>; rel=hub, <atom>; rel=self`}, []string{"https://blog.example/hub"}, "https://blog.example/feed/atom"},
		{"several types, any case", []string{`<https://hub.example/>; title="a, b; rel=self \" >"; REL="Alternate HUB"`}, []string{"https://hub.example/"}, ""},
		{"comma in the address", []string{`<https://hub.example/a,b>; rel=hub`}, []string{"https://hub.example/a,b"}, ""},
		{"the first rel counts", []string{`<https://x.example/>; rel=next; rel=hub`}, nil, ""},
		{"about something else", []string{`<https://x.example/>; rel=hub; anchor="/other"`}, nil, ""},
		{"no address of the web", []string{`<javascript:alert(1)>; rel=hub, <mailto:a@b.example>; rel=self, <>; rel=next`}, nil, ""},
		{"broken", []string{`<https://x.example/; rel=hub`, `https://x.example/; rel=hub`, `<`, `<>;;;=,=`, `<https://y.example/>; rel="hub`}, []string{"https://y.example/"}, ""},
		{"too long", []string{`<https://x.example/` + strings.Repeat("a", 3000) + `>; rel=hub`}, nil, ""},
	}
	for _, test := range tests {
		hubs, self := parseLinks(test.headers, base)
		if !slices.Equal(hubs, test.hubs) || self != test.self {
			t.Errorf("%s: %q, %q, want %q, %q", test.name, hubs, self, test.hubs, test.self)
		}
	}
}

func FuzzParseLinks(f *testing.F) {
	f.Add(`<https://hub.example/>; rel="hub", </f>; rel=self; title="a\"b"`)
	f.Add(`<a>;b=c;"d"=<`)
	f.Fuzz(func(t *testing.T, header string) {
		hubs, self := parseLinks([]string{header}, "https://blog.example/")
		for _, address := range append(hubs, self) {
			if address != "" && !strings.HasPrefix(address, "http") {
				t.Errorf("%q gives %q", header, address)
			}
		}
	})
}

// E25: headers first, then the document; what one of them leaves out the other
// may say. A part of a feed and an answer of 304 take nothing back.
func TestPollFindsTheHub(t *testing.T) {
	inDocument := caravan.FeedInfo{SelfURL: "https://blog.example/xml", HubURL: "https://xml.example/", OtherHubs: []string{"https://more.example/"}}
	tests := []struct {
		name string
		link []string
		want caravan.FeedInfo
	}{
		{"document alone", nil, inDocument},
		{"header and document", []string{`<https://header.example/>; rel=hub, <https://blog.example/header>; rel=self`},
			caravan.FeedInfo{SelfURL: "https://blog.example/xml", TopicURL: "https://blog.example/header", HubURL: "https://header.example/"}},
		{"hub in the header alone", []string{`<https://header.example/>; rel=hub`},
			caravan.FeedInfo{SelfURL: "https://blog.example/xml", HubURL: "https://header.example/"}},
	}
	for _, test := range tests {
		site := newSite(t, func(w http.ResponseWriter, r *http.Request) {
			for _, l := range test.link {
				w.Header().Add("Link", l)
			}
			feed(w, r)
		})
		r := newRig(t, func(c *Config) {
			c.Read = func(raw Raw) (caravan.Document, error) {
				doc, err := readLines(raw)
				doc.Feed = inDocument
				return doc, err
			}
		})
		r.add("blog", site.URL)
		r.pass(t)
		got := r.store.sources["blog"].Feed
		if got.SelfURL != test.want.SelfURL || got.TopicURL != test.want.TopicURL || got.HubURL != test.want.HubURL || !slices.Equal(got.OtherHubs, test.want.OtherHubs) {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}
