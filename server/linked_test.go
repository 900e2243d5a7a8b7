package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"caravan"
)

// onePost is a feed of one post.
func onePost(guid, title, html string, at time.Time) string {
	return fmt.Sprintf(`<rss version="2.0"><channel><title>F</title><item><guid>https://%s</guid><link>https://%s</link><title>%s</title><pubDate>%s</pubDate><description><![CDATA[%s]]></description></item></channel></rss>`,
		guid, guid, title, at.Format(time.RFC1123Z), html)
}

// linkedWorld is a world of four communities, three of which link to a post of
// the first; its id is returned.
func linkedWorld(t *testing.T) (w *world, id string) {
	t.Helper()
	w = newWorld(t, testNow)
	folders, order := map[string][]string{}, []string{"Alpha", "Beta", "Gamma", "Delta"}
	for _, name := range order {
		folders[name] = []string{fmt.Sprintf("%s https://%s.example/feed", name, strings.ToLower(name))}
	}
	w.sync(folders, order...)
	w.poll("alpha", w.read(onePost("alpha.example/note", "A note on forms", "<p>We closed two of the old forms, and for a year nobody came to ask for them.</p>", testNow.Add(-30*time.Hour)), "https://alpha.example/feed"))
	for i, name := range []string{"beta", "gamma", "delta"} {
		html := fmt.Sprintf(`<p>This is what %s thinks of <a href="http://www.alpha.example/note/?utm_source=%s">the note of our friends</a>, in short.</p>`, name, name)
		if name == "delta" {
			html = `<p>Voici ce que nous pensons, dans notre équipe, de <a href="https://alpha.example/note">la note de nos amis</a>, et pourquoi nous allons faire la même chose avec nos propres formulaires pendant toute l’année prochaine.</p>`
		}
		w.poll(name, w.read(onePost(name+".example/"+name, "What "+name+" thinks", html, testNow.Add(-time.Duration(i+1)*time.Hour)), "https://"+name+".example/feed"))
	}
	page, err := w.store.Stories(t.Context(), caravan.Filter{Sources: []string{"alpha"}}, "", 1)
	if err != nil || len(page.Stories) != 1 {
		t.Fatalf("%d stories, %v", len(page.Stories), err)
	}
	return w, page.Stories[0].ID
}

func TestLinksFromTheStoreReachThePages(t *testing.T) {
	w, id := linkedWorld(t)
	h := w.Handler()
	for _, tt := range []struct{ path, want string }{
		{"/", `<article class="item lead"`},
		{"/", ">linked by 3 communities</a>"},
		{"/", "Most linked this week"},
		{"/?community=alpha", "Most linked this week"},
		{"/item/" + id, "Who links to it"},
		{"/item/" + id, "<q>This is what gamma thinks of <mark>the note of our friends</mark>, in short.</q>"},
		{"/digest/2026-11", "Linked by 3 communities, in 2 languages."},
		{"/digest/2026-W48?format=text", "1. A note on forms\nAlpha. Linked by 3 communities, in 2 languages."},
		{"/c/alpha/digest/2026-11?format=markdown", "1. [A note on forms](<https://alpha.example/note>) · Alpha. Linked by 3 communities, in 2 languages."},
	} {
		if res := get(h, tt.path); res.Code != 200 || !strings.Contains(res.Body.String(), tt.want) {
			t.Errorf("GET %s = %d, without %q", tt.path, res.Code, tt.want)
		}
	}
	for _, tt := range []struct{ path, not string }{
		{"/?community=beta", "Most linked this week"}, // nobody links to it
		{"/c/beta/digest/2026-11", "Most linked"},
		{"/digest/2026-W47?format=text", "MOST LINKED"}, // the links came later
	} {
		if res := get(h, tt.path); res.Code != 200 || strings.Contains(res.Body.String(), tt.not) {
			t.Errorf("GET %s = %d, with %q", tt.path, res.Code, tt.not)
		}
	}
}

func TestChangesFromTheStoreReachTheItemPage(t *testing.T) {
	w, id := linkedWorld(t)
	if body := get(w.Handler(), "/item/"+id).Body.String(); strings.Contains(body, "hanged after publishing") {
		t.Error("an item that never changed is said to have changed")
	}
	w.set(testNow.Add(time.Hour))
	w.poll("alpha", w.read(onePost("alpha.example/note", "A note on three forms", "<p>We closed three of the old forms, and for a year nobody came to ask for them.</p>", testNow.Add(-30*time.Hour)), "https://alpha.example/feed"))
	body := get(w.Handler(), "/item/"+id).Body.String()
	for _, want := range []string{
		`<a href="#changes">Changed after publishing, 13:00</a>`, "<span>title and text</span>", "A note on <ins>three</ins> forms",
		"<summary>1 word removed, 1 added</summary>", "We closed <del>two</del> <ins>three</ins> of the old forms, and for a year …",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

// A failing store fails the pages that need the links, and nothing is shown
// that is not known.
func TestPagesFailWhenLinksCannotBeRead(t *testing.T) {
	w, id := linkedWorld(t)
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/item/" + id, "/digest/2026-11"} {
		if res := get(w.Handler(), path); res.Code < 500 {
			t.Errorf("GET %s = %d from a closed store", path, res.Code)
		}
	}
}
