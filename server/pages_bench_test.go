package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"caravan"
	"caravan/index"
	sample "caravan/internal/publisher"
)

// indexed returns a server of the world's store with a real index that knows
// all of it.
func (p *world) indexed(change ...func(*Config)) *Server {
	p.t.Helper()
	x, err := index.Open(context.Background(), index.Config{Dir: p.t.TempDir(), Log: slog.New(slog.DiscardHandler), Now: p.clock, Store: p.store})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { x.Close() })
	if err := x.CatchUp(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	c := Config{Store: p.store, Index: x, BaseURL: "https://planet.example", Version: "1.2.3", Now: p.clock}
	for _, f := range change {
		f(&c)
	}
	s, err := New(c)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// archive is a world of generated articles over ten years, in communities of
// about twenty sources: as many as asked for, 500 by each source.
func archive(b *testing.B, items int) *world {
	b.Helper()
	const each = 500
	w := newWorld(b, testNow)
	feeds := sample.Synthetic(sample.Load{Feeds: items / each, Items: each, Seed: 7, Until: testNow})
	folders, order := map[string][]string{}, []string{}
	for i, f := range feeds {
		if folders[f.Community] == nil {
			order = append(order, f.Community)
		}
		folders[f.Community] = append(folders[f.Community], fmt.Sprintf("s%d https://s%d.example/feed", i, i))
	}
	w.sync(folders, order...)
	for i, f := range feeds {
		w.poll("s"+strconv.Itoa(i), w.read(string(f.Body()), fmt.Sprintf("https://s%d.example/feed", i)))
	}
	return w
}

// BenchmarkPage asks for pages of an archive of 20,000 articles, or of as many
// as CARAVAN_ARCHIVE says: as the first who asks after a change (cold), and as
// the next (warm).
func BenchmarkPage(b *testing.B) {
	items := 20_000
	if n, err := strconv.Atoi(os.Getenv("CARAVAN_ARCHIVE")); err == nil {
		items = n
	}
	w := archive(b, items)
	s := w.indexed()
	ctx := context.Background()
	newest, err := w.store.Stories(ctx, caravan.Filter{}, "", 1)
	if err != nil {
		b.Fatal(err)
	}
	pages := []struct{ name, path string }{
		{"home", "/"}, {"home-filtered", "/?community=community-00&language=en"}, {"search", "/search?q=the+service"}, {"community", "/c/community-00"},
		{"item", "/item/" + newest.Stories[0].Head.ID}, {"source", "/s/s0"}, {"sources", "/sources"}, {"digest", "/digest/2026-11"}, {"about", "/about"},
	}
	for _, page := range pages {
		for _, warm := range []bool{false, true} {
			name := page.name + "/cold"
			if warm {
				name = page.name + "/warm"
			}
			b.Run(name, func(b *testing.B) { askPages(b, w, s, page.path, warm) })
		}
	}
}

// askPages measures answers to one address and reports their percentiles.
func askPages(b *testing.B, w *world, s *Server, path string, warm bool) {
	h := s.Handler()
	now := testNow
	var took []time.Duration
	size, cpu := 0, cpuTime(b)
	for b.Loop() {
		if !warm {
			now = now.Add(time.Hour)
			w.set(now)
		}
		began := time.Now()
		answer := get(h, path, "Accept-Encoding: gzip")
		took = append(took, time.Since(began))
		if answer.Code != http.StatusOK {
			b.Fatalf("%s: %d", path, answer.Code)
		}
		size = answer.Body.Len()
	}
	b.ReportMetric((cpuTime(b)-cpu).Seconds()*1000/float64(len(took)), "cpu-ms")
	w.set(testNow)
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
	b.ReportMetric(float64(size), "bytes")
}

// cpuTime returns what the process has used: the one figure that other work on
// the machine does not blur.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
