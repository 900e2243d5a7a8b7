package index

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan"
)

func threeStories() []caravan.StoryDoc {
	return []caravan.StoryDoc{
		story("en", "Open data", "Cities publish their data."),
		story("fr", "Données", "Les villes publient leurs données."),
		story("pt", "Dados", "As cidades publicam dados."),
	}
}

// filled returns a closed index over three stories.
func filled(t *testing.T) (Config, *memory) {
	t.Helper()
	m := newMemory(threeStories()...)
	c := config(t, m)
	i, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(i.CatchUp(t.Context()), i.Close()); err != nil {
		t.Fatal(err)
	}
	return c, m
}

func TestDamagedIndexIsMadeAnew(t *testing.T) { // R07, R01b
	in := func(c Config, pattern string) string {
		found, _ := filepath.Glob(filepath.Join(c.Dir, generationPrefix+"*", pattern))
		if len(found) == 0 {
			t.Fatalf("no %s in %s", pattern, c.Dir)
		}
		return found[0]
	}
	tests := []struct {
		name   string
		damage func(c Config) error
	}{
		{"nothing", func(Config) error { return nil }},
		{"directory gone", func(c Config) error { return os.RemoveAll(c.Dir) }},
		{"directory empty", func(c Config) error { return errors.Join(os.RemoveAll(c.Dir), os.Mkdir(c.Dir, 0o700)) }},
		{"directory a file", func(c Config) error {
			return errors.Join(os.RemoveAll(c.Dir), os.WriteFile(c.Dir, []byte("x"), 0o600))
		}},
		{"generation empty", func(c Config) error {
			return errors.Join(os.RemoveAll(filepath.Dir(in(c, "store"))), os.Mkdir(filepath.Join(c.Dir, generationPrefix+"000001"), 0o700))
		}},
		{"generation a file", func(c Config) error {
			dir := filepath.Dir(in(c, "store"))
			return errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600))
		}},
		{"meta gone", func(c Config) error { return os.Remove(in(c, "index_meta.json")) }},
		{"meta cut", func(c Config) error { return os.Truncate(in(c, "index_meta.json"), 5) }},
		{"meta empty", func(c Config) error { return os.Truncate(in(c, "index_meta.json"), 0) }},
		{"store gone", func(c Config) error { return os.RemoveAll(in(c, "store")) }},
		{"store a file", func(c Config) error {
			store := in(c, "store")
			return errors.Join(os.RemoveAll(store), os.WriteFile(store, nil, 0o600))
		}},
		{"root gone", func(c Config) error { return os.Remove(in(c, "store/root.bolt")) }},
		{"root empty", func(c Config) error { return os.Truncate(in(c, "store/root.bolt"), 0) }},
		{"root cut", func(c Config) error { return os.Truncate(in(c, "store/root.bolt"), 3000) }},
		{"root garbage", func(c Config) error {
			return os.WriteFile(in(c, "store/root.bolt"), []byte(strings.Repeat("garbage ", 9000)), 0o600)
		}},
		{"segment gone", func(c Config) error { return os.Remove(in(c, "store/*.zap")) }},
		{"segment empty", func(c Config) error { return os.Truncate(in(c, "store/*.zap"), 0) }},
		{"segment cut", func(c Config) error { return os.Truncate(in(c, "store/*.zap"), 700) }},
		{"creation killed", func(c Config) error {
			return errors.Join(os.RemoveAll(filepath.Dir(in(c, "store"))),
				os.MkdirAll(filepath.Join(c.Dir, buildingPrefix+"index-000001", "store"), 0o700))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := filled(t)
			if err := tt.damage(c); err != nil {
				t.Fatal(err)
			}
			i := openWith(t, c)
			if r := search(t, i, "publi*"); r.Total != 3 {
				t.Errorf("total = %d, want 3", r.Total)
			}
		})
	}
}

func TestSilentlyDamagedSegmentIsReplaced(t *testing.T) { // R09
	c, m := filled(t)
	i := openWith(t, c)
	i.current().breakDown(errDamaged) // as a search does that runs into nonsense
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Run(ctx) }()
	m.put(story("en", "Four", "more data"))
	eventually(t, func() bool { s := i.Status(); return s.Stories == 4 && !i.current().isBroken() })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if r := search(t, i, "data"); r.Total != 2 {
		t.Errorf("total = %d, want 2", r.Total)
	}
}

// eventually waits for what other goroutines do.
func eventually(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatal("it did not happen within 20 s")
		}
	}
}

func TestLockedIndexIsLeftAloneAndNamed(t *testing.T) { // R08
	c, _ := filled(t)
	first := openWith(t, c)
	began := time.Now()
	_, err := Open(t.Context(), c)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("a second Open took %s", took)
	}
	pub, ok := errors.AsType[*caravan.PublicError](err)
	if !ok || !errors.Is(err, caravan.ErrUnavailable) || !strings.Contains(pub.Message, c.Dir) {
		t.Fatalf("a second Open = %v, want a message naming the directory", err)
	}
	if r := search(t, first, "data"); r.Total != 1 {
		t.Errorf("after it the first finds %d, want 1", r.Total)
	}
}

func TestIndexAheadOfTheStoreIsMadeAnew(t *testing.T) {
	c, _ := filled(t)
	c.Store = newMemory(story("en", "Restored", "from a backup"))
	i := openWith(t, c)
	if r := search(t, i, "backup"); r.Total != 1 || i.Status().Stories != 1 {
		t.Errorf("total %d of %d stories, want 1 of 1", r.Total, i.Status().Stories)
	}
}

func TestRebuildGivesTheSameHitsInTheSameOrder(t *testing.T) { // R40, R34
	s := newSynthetic(150)
	c := config(t, s)
	i := openWith(t, c)
	var queries []string
	for n := range 50 {
		queries = append(queries, s.vocab[s.language(n)][n]+" OR "+s.vocab[s.language(n)][n*3])
	}
	answers := func(i *Index) []string {
		var all []string
		for _, q := range queries {
			var ids []string
			for _, h := range search(t, i, q).Hits {
				ids = append(ids, h.Story)
			}
			all = append(all, strings.Join(ids, " "))
		}
		return all
	}
	before := answers(i)
	if err := i.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n, got := range answers(i) {
		if got != before[n] {
			t.Errorf("%s: after a rebuild\n%s, want\n%s", queries[n], got, before[n])
		}
	}
	if got, want := i.Status(), int64(150); got.Applied != want || got.Stories != 150 {
		t.Errorf("status = %+v", got)
	}
}

func TestOutdatedIndexAnswersWhileItIsReplaced(t *testing.T) {
	c, m := filled(t)
	v := "1.0.older"
	numbers, err := filepath.Glob(filepath.Join(c.Dir, generationPrefix+"*"))
	if err != nil || len(numbers) != 1 {
		t.Fatal(numbers, err)
	}
	g, _, err := openGeneration(numbers[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(g.idx.SetInternal(keyVersion, []byte(v)), g.close()); err != nil {
		t.Fatal(err)
	}
	i := openWith(t, c)
	if r := search(t, i, "data"); r.Total != 1 {
		t.Errorf("before the rebuild: total = %d, want 1", r.Total)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- i.Run(ctx) }()
	eventually(t, func() bool { return i.current().dir != numbers[0] })
	m.put(story("en", "Five", "later data"))
	eventually(t, func() bool { return i.Status().Stories == 4 })
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(numbers[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old index is still there: %v", err)
	}
}
