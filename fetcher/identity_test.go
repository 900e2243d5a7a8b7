package fetcher

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/document"
)

func TestMatchKnowsAnItemAgain(t *testing.T) {
	long, other := prose(1, 80), prose(2, 80)
	item := func(guid, link, title, text string) caravan.Item {
		it := caravan.Item{Title: title, Text: text, Words: len(strings.Fields(text)), Keys: caravan.Keys{GUID: guid, Link: link, Content: text}}
		it.Keys.Fingerprint = title + "/" + text
		return it
	}
	stored := item("g", "l", "Opening the lab", long)
	for _, row := range []struct {
		name string
		item caravan.Item
		want bool
	}{
		{"nothing shared", item("h", "m", "Closing the lab", other), false},
		{"same guid, new words, old title", item("g", "m", "Opening the lab", other), true},
		{"same guid, new title, old words", item("g", "m", "We open our laboratory", long), true},
		{"same guid, new title, an excerpt", item("g", "m", "We open our laboratory", long[:len(long)/3]), true},
		{"same guid, new title and words", item("g", "m", "Hiring two people", other), false},
		{"same guid and link, new title and words", item("g", "l", "Hiring two people", other), false},
		{"same guid and link, new title, no words", item("g", "l", "Hiring two people", ""), true},
		{"same guid, new link and title, no words", item("g", "m", "Hiring two people", ""), false},
		{"same link, new guid, old title", item("h", "l", "Opening the lab", other), true},
		{"same link, new guid, title and words", item("h", "l", "Hiring two people", other), false},
		{"same link, new guid and title, no words", item("h", "l", "Hiring two people", ""), false},
		{"same link, no guid, new title, no words", item("", "l", "Hiring two people", ""), true},
		{"same words under a new guid and link", item("h", "m", "Opening the lab", long), true},
	} {
		if _, got := Match(row.item, []caravan.Item{stored}); got != row.want {
			t.Errorf("%s: Match = %v, want %v", row.name, got, row.want)
		}
	}
}

func TestMatchPrefersTheStrongestKey(t *testing.T) {
	text := prose(3, 60)
	known := func(guid, link, fingerprint string) caravan.Item {
		return caravan.Item{Title: "A post", Text: text, Words: 60, Keys: caravan.Keys{GUID: guid, Link: link, Fingerprint: fingerprint, Content: "c"}}
	}
	item := known("g", "l", "f")
	candidates := []caravan.Item{known("x", "y", "f"), known("x", "l", "z"), known("g", "y", "z"), known("x", "l", "f")}
	if i, ok := Match(item, candidates); !ok || i != 2 {
		t.Errorf("Match = %d, %v, want the one with the GUID, 2", i, ok)
	}
	if i, ok := Match(known("new", "l", "f"), candidates); !ok || i != 1 {
		t.Errorf("Match = %d, %v, want the one with the link, 1", i, ok)
	}
	if i, ok := Match(item, nil); ok {
		t.Errorf("Match without candidates = %d, true", i)
	}
}

func TestTheSameFewWordsFarApartAreTwoPosts(t *testing.T) {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	post := func(link string, words, days int) caravan.Item {
		return caravan.Item{Title: "Office hours", Words: words, Published: day.AddDate(0, 0, days), Keys: caravan.Keys{Link: link, Fingerprint: "f"}}
	}
	for _, row := range []struct {
		words, days int
		want        bool
	}{{3, 7, false}, {3, 1, true}, {40, 7, true}} {
		if _, got := Match(post("a", row.words, row.days), []caravan.Item{post("b", row.words, 0)}); got != row.want {
			t.Errorf("%d words, %d days apart: Match = %v, want %v", row.words, row.days, got, row.want)
		}
	}
}

func TestASiteThatMovesAddsNothing(t *testing.T) { // R13
	for _, row := range []struct {
		name   string
		change func(i int, e *entry)
	}{
		{"all guids", func(i int, e *entry) { e.guid = fmt.Sprint("new-", i) }},
		{"guids gone", func(_ int, e *entry) { e.guid = "" }},
		{"all links", func(i int, e *entry) { e.link = fmt.Sprint("https://old.example/?p=", i) }},
		{"guids and links", func(i int, e *entry) {
			e.guid, e.link = fmt.Sprint("new-", i), fmt.Sprint("https://old.example/?p=", i)
		}},
		{"https", func(_ int, e *entry) {
			e.link = strings.Replace(e.link, "https:", "http:", 1)
			e.guid = e.link
		}},
		{"new domain", func(_ int, e *entry) {
			e.link = strings.Replace(e.link, "old.example", "new.example", 1)
			e.guid = e.link
		}},
		{"new guids, words corrected", func(i int, e *entry) {
			e.guid = fmt.Sprint("new-", i)
			e.html += "<p>Corrected since.</p>"
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newShelf(t, "one")
			before := posts(8)
			s.expect("at first", 8, 0, "one", before...)
			after := each(before, row.change)
			if r := s.poll("one", after...); r.New != 0 {
				t.Errorf("after the move: %d new, want 0", r.New)
			}
			s.expect("again", 0, 0, "one", after...)
			if r := s.poll("one", before...); r.New != 0 {
				t.Errorf("moved back: %d new, want 0", r.New)
			}
			if n := len(s.all()); n != 8 {
				t.Errorf("%d items, want 8", n)
			}
		})
	}
}

func TestMarksThatItemsShareDoNotIdentify(t *testing.T) { // R17
	for _, row := range []struct {
		name   string
		change func(i int, e *entry)
	}{
		{"one guid", func(_ int, e *entry) { e.guid = "1" }},
		{"one link", func(_ int, e *entry) { e.link = "https://elsewhere.example/page" }},
		{"one guid, no links", func(_ int, e *entry) { e.guid, e.link = "1", "" }},
		{"link blog without guids", func(_ int, e *entry) { e.guid, e.link = "", "https://elsewhere.example/page" }},
		{"the home page", func(_ int, e *entry) { e.guid, e.link = "", "https://one.example/" }},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newShelf(t, "one")
			list := each(posts(10), row.change)
			s.expect("at first", 9, 0, "one", list[1:]...)
			s.expect("one more", 1, 0, "one", list...)
			s.expect("again", 0, 0, "one", list...)
		})
	}
}

func TestAReusedGUIDIsANewItem(t *testing.T) { // PEERS pain 6
	s := newShelf(t, "one")
	list := posts(3)
	s.expect("at first", 1, 0, "one", list[0])
	reused := list[1]
	reused.guid = list[0].guid
	s.expect("reused", 1, 0, "one", reused)
	s.expect("the old one again", 0, 0, "one", list[0])
	s.expect("the new one again", 0, 0, "one", reused)
	rolling := list[0]
	rolling.html = list[2].html
	s.expect("new words under the old title", 0, 1, "one", rolling)
}

func TestTheNextOfASeriesUnderOneLinkIsANewItem(t *testing.T) {
	s := newShelf(t, "one")
	notice := func(n int, what string) entry {
		return entry{guid: fmt.Sprint("t", n), link: "https://one.example/tenders", title: fmt.Sprintf("Tender %d/2026: %s", n, what),
			html: "<p>" + prose(5, 60) + " " + what + " " + prose(6, 60) + "</p>"}
	}
	s.expect("the first", 1, 0, "one", notice(1, "desks"))
	s.expect("the second", 1, 0, "one", notice(2, "lamps"))
	s.expect("both", 0, 0, "one", notice(1, "desks"), notice(2, "lamps"))
}

func TestAGUIDOfTwoSourcesIsTwoItems(t *testing.T) { // R18, S38
	s := newShelf(t, "one", "two")
	list := posts(2)
	list[1].guid = list[0].guid
	s.expect("one", 1, 0, "one", list[0])
	s.expect("two", 1, 0, "two", list[1])
	stolen := list[1]
	stolen.title, stolen.link = list[0].title, list[0].link
	s.poll("two", stolen)
	for _, item := range s.all() {
		if full, err := s.Item(t.Context(), item.ID); err != nil || item.Source == "one" && !strings.Contains(list[0].html, full.Text) {
			t.Errorf("the item of one says %.40q (%v), want its own words", full.Text, err)
		}
	}
}

func TestItemsThatComeBackAreNotNew(t *testing.T) { // R14
	s := newShelf(t, "one")
	list := posts(12)
	s.expect("at first", 12, 0, "one", list...)
	s.expect("an old window", 0, 0, "one", list[:3]...)
	s.expect("restored", 0, 0, "one", list...)
	if n := len(s.all()); n != 12 {
		t.Errorf("%d items, want 12", n)
	}
}

func TestAnEditIsOneAndNoiseIsNone(t *testing.T) { // R28, R29
	body := `<p class="a" id="x">` + prose(1, 60) + `</p><p><a href="https://one.example/more" title="t">` + prose(2, 10) + `</a></p>`
	for _, row := range []struct {
		name    string
		html    string
		changed int
	}{
		{"the same", body, 0},
		{"attributes in another order", strings.NewReplacer(`class="a" id="x"`, `id='y' class=b`).Replace(body), 0},
		{"white space", strings.ReplaceAll(body, " ", " \n "), 0},
		{"a tracking pixel", body + `<img src="https://ads.example/p.gif?r=42" width="1" height="1">`, 0},
		{"a counter", body + "<p>1,204 views</p>", 0},
		{"another counter", body + "<p>1,377 views</p>", 0},
		{"a script", body + "<script>var t = 17</script>", 0},
		{"a sentence more", body + "<p>The date has been moved to Monday.</p>", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newShelf(t, "one")
			post := posts(1)[0]
			post.html = body
			s.expect("at first", 1, 0, "one", post)
			post.html = row.html
			s.expect(row.name, 0, row.changed, "one", post)
			s.expect("again", 0, 0, "one", post)
			if item := s.all()[0]; item.Revisions != row.changed {
				t.Errorf("%d revisions, want %d", item.Revisions, row.changed)
			}
		})
	}
}

func TestReadContainsAPanic(t *testing.T) {
	_, err := contained(func(Raw) (caravan.Document, error) { panic("a parser's") }, Raw{})
	if _, ok := errors.AsType[*panicError](err); !ok || !errors.Is(err, document.ErrBroken) {
		t.Fatalf("a panic gives %v, want a panicError of the class ErrBroken", err)
	}
	if f := readFailure(err); f.Class != caravan.FailBroken || strings.Contains(f.Detail, "a parser's") {
		t.Errorf("failure = %+v, want broken, without the panic's words", f)
	}
}
