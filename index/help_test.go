package index

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
)

// today is when the tests happen.
var today = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// memory is a store in memory.
type memory struct {
	mu      sync.Mutex
	stories map[string]caravan.StoryDoc
	changed map[string]int64 // story -> number of its latest change
	head    int64
	moved   chan struct{}
	fail    error // what Changes fails with
}

func newMemory(stories ...caravan.StoryDoc) *memory {
	m := &memory{stories: map[string]caravan.StoryDoc{}, changed: map[string]int64{}, moved: make(chan struct{})}
	m.put(stories...)
	return m
}

// put adds or changes stories, each with a change of its own.
func (m *memory) put(stories ...caravan.StoryDoc) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range stories {
		m.head++
		m.stories[s.ID] = s
		m.changed[s.ID] = m.head
	}
	close(m.moved)
	m.moved = make(chan struct{})
}

func (m *memory) Changes(_ context.Context, after int64, limit int) (caravan.ChangeBatch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return caravan.ChangeBatch{}, m.fail
	}
	b := caravan.ChangeBatch{Last: after, Head: m.head}
	var ids []string
	for id, n := range m.changed {
		if n > after {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return int(m.changed[a] - m.changed[b]) })
	for _, id := range ids[:min(limit, len(ids))] {
		b.Docs = append(b.Docs, m.stories[id])
		b.Last = m.changed[id]
	}
	if len(ids) <= limit {
		b.Last = max(b.Head, after)
	}
	return b, nil
}

func (m *memory) WaitChange(ctx context.Context, after int64) (int64, error) {
	for {
		m.mu.Lock()
		head, moved := m.head, m.moved
		m.mu.Unlock()
		if head > after {
			return head, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return head, ctx.Err()
		}
	}
}

func (m *memory) LastChange(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.head, nil
}

func (m *memory) Texts(_ context.Context, ids []string) (map[string]caravan.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	items := make(map[string]caravan.Item)
	for _, id := range ids {
		for _, d := range m.stories[id[:min(16, len(id))]].Members {
			if d.Item == id {
				items[id] = caravan.Item{ID: id, Title: d.Title, Text: d.Text, Language: d.Language}
			}
		}
	}
	return items, nil
}

func (m *memory) Members(_ context.Context, ids []string) (map[string]caravan.DocMember, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	members := make(map[string]caravan.DocMember)
	for _, id := range ids {
		for _, d := range m.stories[id[:min(16, len(id))]].Members {
			if d.Item == id {
				members[id] = d
			}
		}
	}
	return members, nil
}

// An edit changes a member before it is stored.
type edit func(*caravan.StoryDoc)

func from(source string, communities ...string) edit {
	return func(d *caravan.StoryDoc) { d.Members[0].Source, d.Members[0].Communities = source, communities }
}

func tagged(tags ...string) edit { return func(d *caravan.StoryDoc) { d.Members[0].Tags = tags } }

func by(authors ...string) edit { return func(d *caravan.StoryDoc) { d.Members[0].Authors = authors } }

func dated(day string) edit {
	return func(d *caravan.StoryDoc) {
		d.SortAt, _ = time.Parse(time.DateOnly, day)
	}
}

// also adds a further member.
func also(language, title, text string) edit {
	return func(d *caravan.StoryDoc) {
		id := fmt.Sprintf("%s-%d", d.ID, len(d.Members))
		d.Members = append(d.Members, caravan.DocMember{Item: id, Source: "other", Language: language, Title: title, Text: text})
	}
}

// story is a story of one member; its id is made from the title.
func story(language, title, text string, edits ...edit) caravan.StoryDoc {
	id := caravan.PublicID("test", title+text)
	d := caravan.StoryDoc{ID: id, SortAt: today.AddDate(-1, 0, 0), Members: []caravan.DocMember{{
		Item: id, Source: "nesta", Communities: []string{"nesta"}, Language: language, Title: title, Text: text,
		Link: "https://www.nesta.org.uk/" + id,
	}}}
	for _, e := range edits {
		e(&d)
	}
	return d
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func config(t testing.TB, m Source) Config {
	return Config{Dir: t.TempDir(), Log: quiet(), Now: func() time.Time { return today }, Store: m, Coalesce: time.Millisecond, Budget: time.Minute}
}

// open opens an index over stories and indexes them.
func open(t testing.TB, stories ...caravan.StoryDoc) *Index {
	t.Helper()
	return openWith(t, config(t, newMemory(stories...)))
}

func openWith(t testing.TB, c Config) *Index {
	t.Helper()
	i, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := i.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return i
}

func search(t testing.TB, i *Index, q string, edits ...func(*caravan.SearchRequest)) caravan.SearchResult {
	t.Helper()
	r := caravan.SearchRequest{Query: q, Limit: 100, Now: today}
	for _, e := range edits {
		e(&r)
	}
	result, err := i.Search(t.Context(), r)
	if err != nil {
		t.Fatalf("Search(%q) = %v", q, err)
	}
	return result
}

// titles returns the hits' titles, joined by bars.
func titles(r caravan.SearchResult) string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, plainText(h.Title))
	}
	return strings.Join(out, " | ")
}

// plainText returns the text of fragments.
func plainText(f []caravan.Fragment) string {
	var b strings.Builder
	for _, x := range f {
		b.WriteString(x.Text)
	}
	return b.String()
}
