package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

// getJSON fetches and parses an answer of the API.
func getJSON(t testing.TB, h http.Handler, path string, want int) map[string]any {
	t.Helper()
	w := get(h, path)
	if w.Code != want {
		t.Fatalf("GET %s = %d %s, want %d", path, w.Code, w.Body, want)
	}
	if kind := w.Header().Get("Content-Type"); kind != "application/json; charset=utf-8" {
		t.Errorf("GET %s: type %s", path, kind)
	}
	var v map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("GET %s: %v", path, err)
	}
	return v
}

// at follows keys and indexes into parsed JSON.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func TestAPISearch(t *testing.T) {
	m := newMemory(30)
	h := serverOf(t, m).Handler()
	v := getJSON(t, h, "/api/v1/search?q=post&sort=newest&limit=5&page=2&at=list1&community=labs&plain=1", http.StatusOK)
	if at(v, "total") != 20.0 || at(v, "at") != "list1" || len(at(v, "items").([]any)) != 5 {
		t.Errorf("total %v, at %v, %d items", at(v, "total"), at(v, "at"), len(at(v, "items").([]any)))
	}
	if got := at(v, "items", 0, "snippet"); got != "The <mark>words</mark>" {
		t.Errorf("snippet %v", got)
	}
	if got := fmt.Sprint(at(v, "facets", "community", 0)); got != "map[count:20 label:Labs & more value:labs]" {
		t.Errorf("facet %v", got)
	}
	if got := at(v, "facets", "language", 0, "label"); got != "français" && got != "Français" {
		t.Errorf("language is called %v", got)
	}
	asked := m.searched[len(m.searched)-1]
	if asked.Query != "post" || asked.Page != 2 || asked.Limit != 5 || asked.Sort != caravan.SortNewest || !asked.Plain || !asked.Facets || !slices.Equal(asked.Filter.Communities, []string{"labs"}) {
		t.Errorf("asked the index for %+v", asked)
	}
}

// S33: a query that cannot be understood is answered with where and how else.
func TestAPIBadQuery(t *testing.T) {
	h := serverOf(t, newMemory(3)).Handler()
	v := getJSON(t, h, "/api/v1/search?q=%22open", http.StatusBadRequest)
	if at(v, "error", "message") != "This quote is not closed." || at(v, "error", "position") != 0.0 || at(v, "error", "repairs", 0) != "open" {
		t.Errorf("%v", v)
	}
	v = getJSON(t, h, "/api/v1/search?page=1e9", http.StatusBadRequest)
	if message, _ := at(v, "error", "message").(string); !strings.Contains(message, "page") || at(v, "error", "position") != nil {
		t.Errorf("%v", v)
	}
}

func TestAPIItems(t *testing.T) {
	h := serverOf(t, newMemory(30)).Handler()
	seen := map[any]bool{}
	for path := "/api/v1/items?limit=7&source=alpha"; path != ""; {
		v := getJSON(t, h, path, http.StatusOK)
		for _, item := range at(v, "items").([]any) {
			seen[at(item, "id")] = true
			if at(item, "source") != "alpha" || at(item, "content_html") != nil || at(item, "source_title") != "Alpha" {
				t.Errorf("%v", item)
			}
		}
		path = ""
		if next, ok := at(v, "next").(string); ok {
			path = "/api/v1/items?limit=7&source=alpha&cursor=" + next
		}
	}
	if len(seen) != 10 {
		t.Errorf("%d items, want 10", len(seen))
	}
	if v := getJSON(t, h, "/api/v1/items?limit=1&content=1", http.StatusOK); at(v, "items", 0, "content_html") == nil {
		t.Error("no content with content=1")
	}
}

func TestAPIItem(t *testing.T) {
	m := newMemory(6)
	m.edit(5, func(st *caravan.Story) {
		st.AlsoAt = []caravan.Appearance{{ItemID: "x", Source: "beta", URL: "https://beta.example/same"}}
		st.Head.Enclosures = []caravan.Enclosure{{URL: "https://gamma.example/6.mp3", Type: "audio/mpeg", Length: 9}}
	})
	m.edit(4, func(st *caravan.Story) { st.Head.Undated = true })
	m.sources[0].Settings.Show = caravan.ShowTitle
	id := func(i int) string { return m.stories[i].ID }
	hidden := m.remove(0)
	h := serverOf(t, m).Handler()

	v := getJSON(t, h, "/api/v1/items/"+id(4), http.StatusOK)
	for field, want := range map[string]any{
		"url": "https://gamma.example/posts/6", "title": "Post 6 of Gamma", "author": "Ada Núñez", "language": "en", "published": "2026-11-25T11:00:00Z",
		"first_seen": "2026-11-25T11:10:00Z", "content_html": "<p>The words of post 6 &amp; more.</p>", "communities": []any{"cities"},
		"also_at": []any{map[string]any{"source": "beta", "url": "https://beta.example/same"}},
	} {
		if got := at(v, field); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s = %v, want %v", field, got, want)
		}
	}
	if v := getJSON(t, h, "/api/v1/items/"+id(3), http.StatusOK); at(v, "published") != nil {
		t.Errorf("an undated item was published %v", at(v, "published"))
	}
	if v := getJSON(t, h, "/api/v1/items/"+id(2), http.StatusOK); at(v, "content_html") != nil || at(v, "summary") != nil {
		t.Errorf("a source that shows titles only gives %v", v)
	}
	getJSON(t, h, "/api/v1/items/"+hidden.ID, http.StatusGone)
	getJSON(t, h, "/api/v1/items/"+caravan.PublicID("no", "body"), http.StatusNotFound)
	getJSON(t, h, "/api/v1/items/short", http.StatusNotFound)
	getJSON(t, h, "/api/v2/items", http.StatusNotFound)
}

// S07: no credentials in what is said of sources.
func TestAPISourcesAndCommunities(t *testing.T) {
	m := newMemory(3)
	m.sources[0].URL, m.sources[0].ListURL = "https://me:secret@alpha.example/feed", "https://me:secret@alpha.example/feed"
	m.sources[1].State = caravan.PollState{
		FirstPoll: testNow.AddDate(0, -1, 0), LastPoll: testNow.Add(-time.Minute), LastSuccess: testNow.Add(-time.Minute), NextPoll: testNow.Add(time.Hour), Status: 200,
	}
	m.list.Problems = []caravan.Problem{{File: "feeds.opml", Line: 3, Column: 5, Severity: caravan.SeverityWarning, Message: "Twice."}}
	h := serverOf(t, m).Handler()
	v := getJSON(t, h, "/api/v1/sources", http.StatusOK)
	if at(v, "sources", 0, "url") != "https://alpha.example/feed" || at(v, "sources", 0, "status") != "new" || at(v, "sources", 0, "last_poll") != nil {
		t.Errorf("%v", at(v, "sources", 0))
	}
	if sentence, _ := at(v, "sources", 1, "sentence").(string); at(v, "sources", 1, "last_poll") != "2026-11-25T11:59:00Z" || sentence == "" {
		t.Errorf("%v", at(v, "sources", 1))
	}
	if at(v, "list", 0, "line") != 3.0 || at(v, "list", 0, "message") != "Twice." {
		t.Errorf("%v", at(v, "list"))
	}
	for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/feeds.opml", "/metrics"} {
		if strings.Contains(get(h, path).Body.String(), "secret") {
			t.Errorf("%s tells a password", path)
		}
	}
	v = getJSON(t, h, "/api/v1/communities", http.StatusOK)
	if at(v, "communities", 0, "id") != "labs" || at(v, "communities", 0, "sources") != 2.0 {
		t.Errorf("%v", v)
	}
}

// The description knows every field that the API answers with, and its types.
func TestAPIIsAsDescribed(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(openAPI, &doc); err != nil {
		t.Fatal(err)
	}
	m := newMemory(6)
	m.edit(5, func(st *caravan.Story) {
		st.AlsoAt = []caravan.Appearance{{ItemID: "x", Source: "beta", URL: "https://beta.example/same"}}
		st.Head.Enclosures = []caravan.Enclosure{{URL: "https://gamma.example/6.mp3"}}
	})
	m.list.Problems = []caravan.Problem{{Line: 1, Severity: caravan.SeverityError, Message: "x"}}
	h := serverOf(t, m, func(c *Config) {
		c.Index = offering{m, []caravan.Completion{
			{Kind: caravan.CompleteTag, Text: "labs", Count: 6}, {Kind: caravan.CompleteTitle, Text: m.stories[5].Head.Title, Story: m.stories[5].ID, Count: 1},
		}}
	}).Handler()
	for path, answers := range map[string]string{
		"/search?q=post": "searchResult", "/items?content=1": "items", "/items/" + m.stories[5].ID: "item", "/sources": "sources", "/communities": "communities",
		"/search?q=%22open": "failure", "/complete?q=post": "completions",
	} {
		want := http.StatusOK
		if answers == "failure" {
			want = http.StatusBadRequest
		}
		described(t, doc, path, at(doc, "components", "schemas", answers), getJSON(t, h, "/api/v1"+path, want))
	}
	served := getJSON(t, h, "/api/v1/openapi.json", http.StatusOK)
	if at(served, "openapi") != "3.1.0" {
		t.Errorf("openapi.json is %v", at(served, "openapi"))
	}
}

// described checks that v is as schema says, with nothing that it does not
// name.
func described(t *testing.T, doc map[string]any, path string, schema, v any) {
	t.Helper()
	if name, ok := at(schema, "$ref").(string); ok {
		schema = at(doc, "components", "schemas", strings.TrimPrefix(name, "#/components/schemas/"))
	}
	var ok bool
	switch at(schema, "type") {
	case "string":
		_, ok = v.(string)
	case "number", "integer":
		_, ok = v.(float64)
	case "boolean":
		_, ok = v.(bool)
	case "array":
		var list []any
		list, ok = v.([]any)
		for i, element := range list {
			described(t, doc, fmt.Sprintf("%s[%d]", path, i), at(schema, "items"), element)
		}
	case "object":
		var object map[string]any
		object, ok = v.(map[string]any)
		required, _ := at(schema, "required").([]any)
		for _, name := range required {
			if _, there := object[name.(string)]; !there {
				t.Errorf("%s has no %s", path, name)
			}
		}
		for name, value := range object {
			field := at(schema, "properties", name)
			if field == nil {
				field = at(schema, "additionalProperties")
			}
			if field == nil {
				t.Errorf("%s has an undescribed field %s", path, name)
				continue
			}
			described(t, doc, path+"."+name, field, value)
		}
	}
	if !ok {
		t.Errorf("%s is %T, described as %v", path, v, at(schema, "type"))
	}
}
