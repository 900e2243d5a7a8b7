package article

import (
	"strings"
	"testing"
	"time"

	"caravan"
)

// prepared returns the items of a document after PrepareAll.
func prepared(items ...caravan.Item) []caravan.Item {
	doc := caravan.Document{Feed: caravan.FeedInfo{Link: "https://blog.example/"}, Items: items}
	PrepareAll(&doc, Options{FeedURL: "https://blog.example/feed"})
	return doc.Items
}

func TestKeysThatSeveralItemsShareDoNotIdentify(t *testing.T) { // R17, R18
	tests := []struct {
		name   string
		items  []caravan.Item
		guids  string
		linked string // the items whose link identifies, one letter each
	}{
		{"all different", []caravan.Item{{GUID: "1", Link: "https://blog.example/1", Title: "A"}, {GUID: "2",
			Link: "https://blog.example/2", Title: "B"}}, "yy", "yy"},
		{"one GUID for all", []caravan.Item{{GUID: "x", Link: "https://blog.example/1", Title: "A"}, {GUID: "x",
			Link: "https://blog.example/2", Title: "B"}}, "nn", "yy"},
		{"one link for all", []caravan.Item{{GUID: "1", Link: "https://blog.example/a", Title: "A"}, {GUID: "2",
			Link: "http://www.blog.example/a/", Title: "B"}, {GUID: "3", Link: "https://blog.example/c", Title: "C"}},
			"yyy", "nny"},
		{"the home page", []caravan.Item{{GUID: "1", Link: "https://www.blog.example", Title: "A"}}, "y", "n"},
		{"the feed itself", []caravan.Item{{GUID: "1", Link: "https://blog.example/feed", Title: "A"}}, "y", "n"},
		{"a post listed twice", []caravan.Item{{GUID: "1", Link: "https://blog.example/1", Title: "A"}, {GUID: "1",
			Link: "https://blog.example/1", Title: "A"}}, "yy", "yy"},
		{"a post listed twice, once longer", []caravan.Item{{GUID: "1", Link: "https://blog.example/1", Title: "A", Content: "Words."}, {GUID: "1", Link: "https://blog.example/1", Title: "A", Content: "More words."}}, "yy", "yy"},
		{"one GUID and link for all", []caravan.Item{{GUID: "1", Link: "https://blog.example/1", Title: "A"}, {GUID: "1", Link: "https://blog.example/1", Title: "B"}}, "nn", "nn"},
		{"nothing", []caravan.Item{{Title: "A"}, {Title: "B"}}, "nn", "nn"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for i, item := range prepared(tt.items...) {
				if got := item.Keys.GUID != ""; got != (tt.guids[i] == 'y') {
					t.Errorf("item %d: GUID key %q", i, item.Keys.GUID)
				}
				if got := item.Keys.Link != ""; got != (tt.linked[i] == 'y') {
					t.Errorf("item %d: link key %q", i, item.Keys.Link)
				}
				if item.Keys.Fingerprint == "" {
					t.Errorf("item %d has no fingerprint", i)
				}
				if item.GUID != tt.items[i].GUID || item.Link != tt.items[i].Link {
					t.Errorf("item %d: GUID and link of the publisher were changed: %q %q", i, item.GUID, item.Link)
				}
			}
		})
	}
}

func TestFingerprintOfPostsAlikeDoesNotIdentify(t *testing.T) {
	words := "<p>Come and have coffee with us.</p>"
	alike := prepared(
		caravan.Item{GUID: "1", Link: "https://blog.example/1", Title: "Catch-up", Content: words},
		caravan.Item{GUID: "2", Link: "https://blog.example/2", Title: "Catch-up", Content: words},
		caravan.Item{GUID: "3", Link: "https://blog.example/3", Title: "Another", Content: words},
	)
	for i, want := range []bool{false, false, true} {
		if got := alike[i].Keys.Fingerprint != ""; got != want {
			t.Errorf("item %d: fingerprint %q", i, alike[i].Keys.Fingerprint)
		}
	}
	bare := prepared(caravan.Item{GUID: "same", Link: "https://blog.example/1"}, caravan.Item{GUID: "same",
		Link: "https://blog.example/2"})
	for i, item := range bare {
		if item.Keys.GUID != "" || item.Keys.Link == "" || item.Keys.Fingerprint != "" {
			t.Errorf("item %d without a word has keys %+v, want its link alone", i, item.Keys)
		}
	}
}

func TestItemsWithoutWordsAreToldApart(t *testing.T) {
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	items := []caravan.Item{
		{Content: `<img src="https://blog.example/1.jpg">`}, {Content: `<img src="https://blog.example/2.jpg">`},
		{Enclosures: []caravan.Enclosure{{URL: "https://blog.example/1.mp3"}}},
		{Enclosures: []caravan.Enclosure{{URL: "https://blog.example/2.mp3"}}},
		{Published: day}, {Published: day.AddDate(0, 0, 1)}, {Title: "A"},
	}
	seen := map[string]int{}
	for i, item := range items {
		k := Prepare(item, Options{}).Keys
		if other, ok := seen[k.Fingerprint]; ok {
			t.Errorf("items %d and %d have the same fingerprint", other, i)
		}
		seen[k.Fingerprint] = i
		if k.Content != "" {
			t.Errorf("item %d has the content key %q of no words", i, k.Content)
		}
	}
}

func TestWordlessItemIsKnownOnAnotherHost(t *testing.T) { // R13
	here := Prepare(caravan.Item{Content: `<img src="https://blog.example/pictures/1.jpg">`}, Options{}).Keys
	there := Prepare(caravan.Item{Content: `<img src="https://new.example/pictures/1.jpg">`}, Options{}).Keys
	if here.Fingerprint == "" || here.Fingerprint != there.Fingerprint {
		t.Errorf("fingerprints %q and %q, want one", here.Fingerprint, there.Fingerprint)
	}
}

// contentKey returns the content key of an item with that HTML.
func contentKey(html string) string {
	return Prepare(caravan.Item{Content: html, Link: "https://blog.example/p"}, Options{}).Keys.Content
}

func TestNoiseIsNoEdit(t *testing.T) { // R28
	const text = "<p>The office closed on Friday at 17:30 after 12 years and 4 moves.</p>"
	tests := []struct {
		name, before, after string
	}{
		{"attributes", `<p class="a" id="b">x y <a href="/1" title="t">z</a></p>`,
			`<p id="c">x y <a title="t" href="/1?utm_source=q" class="z">z</a></p>`},
		{"white space and case", "<p>One two</p><p>three</p>", "<div>ONE\n two <br>  three</div>"},
		{"a counter of comments", text + "<p>12 comments</p>", text + "<p>13 comments</p>"},
		{"a counter with thousands", text + "<p>Views: 1,234</p>", text + "<p>Views: 2,001,234</p>"},
		{"a counter in brackets", text + "<p>Commentaires (3)</p>", text + "<p>Commentaires (41)</p>"},
		{"a counter that begins", text, text + "<p>1 comment</p>"},
		{"several counters", text + "<p>5 likes · 2 shares · 1.2k views</p>",
			text + "<p>6 likes · 3 shares · 1.3k views</p>"},
		{"the time since", text + "<p>Posted 3 hours ago</p>", text + "<p>Posted 2 days ago</p>"},
		{"the time since in French", text + "<p>Publié il y a 3 heures</p>", text + "<p>Publié il y a 2 jours</p>"},
		{"the time since in Spanish", text + "<p>Publicado hace 3 horas</p>", text + "<p>Publicado hace 2 días</p>"},
		{"an advertisement", text + "<p>Sponsored: buy our tea</p>", text + "<p>Sponsored: fly to the moon</p>"},
		{"an advertisement that goes", text + "<p>Advertisement</p>", text},
		{"an advertisement by its class", text + `<div class="ad">Buy our tea</div>`,
			text + `<div class="ad">Fly <b>to</b> the moon</div>`},
		{"related posts", text + `<ul class="related-posts"><li>A<li>B</ul>`,
			text + `<ul class="related-posts"><li>C<li>D</ul>`},
		{"a pixel", text + `<img src="https://t.example/1?x=1" width=1 height=1>`,
			text + `<img src="https://t.example/1?x=2" width=1 height=1>`},
		{"a widget for sharing", text + `<div class="sharedaddy">Share 5</div>`,
			text + `<div class="sharedaddy">Share 9</div>`},
		{"WordPress's sentence", text, text + "<p>The post A appeared first on B.</p>"},
		{"an invitation", text, text + "<p>Continue reading A →</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if contentKey(tt.before) != contentKey(tt.after) {
				t.Errorf("%q and %q count as an edit", tt.before, tt.after)
			}
		})
	}
}

func TestAnEditIsOne(t *testing.T) {
	const text = "<p>The office closed on Friday at 17:30 after 12 years and 4 moves, with 30 people.</p>"
	for _, change := range [][2]string{{"12 years", "13 years"}, {"17:30", "17:45"}, {"Friday", "Monday"}, {"30 people",
		"31 people"}, {"closed", "opened"}, {"office", "offices"}} {
		if contentKey(text) == contentKey(strings.Replace(text, change[0], change[1], 1)) {
			t.Errorf("%q for %q is no edit", change[1], change[0])
		}
	}
}
