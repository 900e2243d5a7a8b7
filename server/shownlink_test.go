package server

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// What is left of a story whose first item was taken down has a page to lead to.
func TestLinksLeadToTheItemThatIsShown(t *testing.T) {
	p, _ := searchWorld(t)
	p.sync(map[string][]string{"Alpha": {"Sta https://sta.example/feed"}, "Beta": {"Stb https://stb.example/feed"}}, "Alpha", "Beta")
	text := strings.Repeat("Numbats and quokkas meet in the park at night. ", 9)
	for i, source := range []string{"sta", "stb"} {
		p.set(testNow.Add(time.Duration(i) * time.Hour))
		address := "https://" + source + ".example/feed"
		p.poll(source, p.read(rss(t, address, []post{{"Numbats at night", text, "Ann", "numbats", 2025}}), address))
	}
	first := at(getJSON(t, p.Handler(), "/api/v1/items?source=sta", 200), "items", 0, "id").(string)
	if err := p.store.Hide(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	page := get(p.Handler(), "/c/beta").Body.String()
	links := regexp.MustCompile(`"(/item/[0-9a-z]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) == 0 {
		t.Fatalf("no link to an item on\n%s", page)
	}
	for _, link := range links {
		if code := get(p.Handler(), link[1]).Code; code != 200 {
			t.Errorf("%s answers %d", link[1], code)
		}
	}
}
