package index

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"caravan"
	"caravan/internal/wait"
)

// benchIndex returns an index over as many synthetic stories as -stories says.
func benchIndex(b *testing.B) (*Index, *synthetic) {
	b.Helper()
	s := newSynthetic(*storiesFlag)
	c := config(b, s)
	if *dirFlag != "" {
		c.Dir = filepath.Join(*dirFlag, fmt.Sprint(s.stories))
	}
	i, err := Open(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = i.Close() })
	if i.Status().Stories < s.stories {
		if err := i.Rebuild(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	if err := i.warm(b.Context(), i.current()); err != nil { // as Run does
		b.Fatal(err)
	}
	return i, s
}

// polled indexes stories as polls bring them while a benchmark runs, if -polls
// says so: twenty at a time, once a second.
func polled(b *testing.B, i *Index, s *synthetic) {
	if !*pollsFlag {
		return
	}
	ctx, stop := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; wait.For(ctx, time.Second) == nil; n++ {
			batch := caravan.ChangeBatch{Last: int64(s.stories)}
			for k := range 20 {
				batch.Docs = append(batch.Docs, s.doc((n*20+k)*7919%s.stories))
			}
			i.writing.Lock()
			err := i.apply(ctx, i.current(), batch)
			i.writing.Unlock()
			if err != nil && ctx.Err() == nil {
				b.Error(err)
			}
		}
	})
	b.Cleanup(func() {
		stop()
		wg.Wait()
	})
}

// measure runs f often and reports its percentiles in milliseconds, and the
// memory that the program held meanwhile.
func measure(b *testing.B, f func(n int)) {
	b.Helper()
	held := watchMemory(b)
	defer func() { b.ReportMetric(held.end(), "anon-MB") }()
	var took []time.Duration
	n := 0
	cpu := cpuTime(b)
	for b.Loop() {
		began := time.Now()
		f(n)
		took = append(took, time.Since(began))
		n++
	}
	b.ReportMetric((cpuTime(b)-cpu).Seconds()*1000/float64(n), "cpu-ms")
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "p95-ms")
	b.ReportMetric(took[len(took)-1].Seconds()*1000, "max-ms")
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

func BenchmarkSearch(b *testing.B) {
	i, s := benchIndex(b)
	polled(b, i, s)
	word := func(n, rank int) string {
		language := s.language(n)
		return s.vocab[language][rank+(n*7919)%(rank+1)]
	}
	run := func(r caravan.SearchRequest) caravan.SearchResult {
		r.Now = today
		result, err := i.Search(b.Context(), r)
		if err != nil {
			b.Fatalf("%q: %v", r.Query, err)
		}
		return result
	}
	for _, bm := range []struct {
		name string
		ask  func(n int) caravan.SearchRequest
	}{
		{"word", func(n int) caravan.SearchRequest { return caravan.SearchRequest{Query: word(n, 200), Limit: 1} }},
		{"two words", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: word(n, 20) + " " + word(n, 200), Limit: 1}
		}},
		{"two words, 20 snippets, five facets", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: word(n, 20) + " " + word(n, 200), Limit: 20, Facets: true}
		}},
		{"common word, 20 snippets, five facets", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: word(n, 0), Limit: 20, Facets: true}
		}},
		{"common word, filtered", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: word(n, 2), Limit: 20, Facets: true,
				Filter: caravan.Filter{Communities: []string{"community-3"}, Languages: []string{"en", "fr"}}}
		}},
		{"newest", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: word(n, 5), Limit: 20, Sort: caravan.SortNewest}
		}},
		{"phrase of common words", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: `"` + s.vocab["en"][n%3] + " " + s.vocab["en"][(n+1)%3] + `"`, Limit: 20}
		}},
		{"beginning", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: word(n, 300)[:3] + "*", Limit: 20}
		}},
		{"unknown word", func(n int) caravan.SearchRequest {
			return caravan.SearchRequest{Query: "x" + word(n, 300), Limit: 20}
		}},
		{"twelve words that never meet", func(n int) caravan.SearchRequest {
			var all []string
			for k := range 12 {
				all = append(all, word(n+k*10, 200+k*37))
			}
			return caravan.SearchRequest{Query: strings.Join(all, " "), Limit: 20}
		}},
		{"everything", func(int) caravan.SearchRequest { return caravan.SearchRequest{Limit: 20, Facets: true} }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			hits := 0
			measure(b, func(n int) { hits += run(bm.ask(n)).Total })
			b.ReportMetric(float64(hits)/float64(b.N), "hits")
		})
	}
}

// BenchmarkSize tells how large the index is beside the text, which is estimated
// from a part of it.
func BenchmarkSize(b *testing.B) {
	i, s := benchIndex(b)
	for b.Loop() {
		const part = 2000
		text := 0
		for n := range min(part, s.stories) {
			text += textOf(s.doc(n * s.stories / min(part, s.stories)))
		}
		size := float64(diskUsed(b, i.current().dir))
		b.ReportMetric(size/(float64(text)*float64(s.stories)/float64(min(part, s.stories))), "size/text")
		b.ReportMetric(size/1e6, "size-MB")
		b.ReportMetric(memoryUsed(b, "RssAnon"), "anon-MB")
	}
}

func BenchmarkBuild(b *testing.B) {
	s := newSynthetic(*storiesFlag)
	text := 0
	for n := range s.stories {
		m := s.member(n)
		text += len(m.Title) + len(m.Text)
	}
	for _, how := range []string{"followed", "rebuilt"} {
		b.Run(how, func(b *testing.B) {
			for b.Loop() {
				c := config(b, s)
				i, err := Open(b.Context(), c)
				if err != nil {
					b.Fatal(err)
				}
				held := watchMemory(b)
				if how == "followed" {
					err = i.CatchUp(b.Context())
				} else {
					err = i.Rebuild(b.Context())
				}
				if err != nil {
					b.Fatal(err)
				}
				if err := i.Close(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(held.end(), "peak-anon-MB")
				b.ReportMetric(memoryUsed(b, "VmHWM"), "peak-rss-MB")
				b.ReportMetric(float64(diskUsed(b, c.Dir))/float64(text), "size/text")
			}
			b.ReportMetric(float64(s.stories)*float64(b.N)/b.Elapsed().Seconds(), "stories/s")
		})
	}
}

func diskUsed(b *testing.B, dir string) int64 {
	b.Helper()
	var total int64
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}

func BenchmarkHostile(b *testing.B) { // S31
	i, _ := benchIndex(b)
	i.cfg.Budget = 0 // the usual
	var costs []string
	for b.Loop() {
		worst, refused := time.Duration(0), 0
		costs = costs[:0]
		for _, q := range hostile() {
			began, cpu := time.Now(), cpuTime(b)
			_, err := i.Search(b.Context(), caravan.SearchRequest{Query: q, Facets: true, Now: today})
			if err != nil {
				refused++
			}
			worst = max(worst, time.Since(began))
			costs = append(costs, fmt.Sprintf("%7.1f cpu-ms %.40q %v", (cpuTime(b)-cpu).Seconds()*1000, q, err))
		}
		b.ReportMetric(worst.Seconds()*1000, "worst-ms")
		b.ReportMetric(float64(refused), "refused")
		b.ReportMetric(float64(len(hostile())), "queries")
	}
	slices.Sort(costs)
	b.Log("the costliest:\n" + strings.Join(costs[len(costs)-8:], "\n"))
}

func BenchmarkComplete(b *testing.B) {
	i, s := benchIndex(b)
	polled(b, i, s)
	measure(b, func(n int) {
		w := s.vocab[s.language(n)][50+n%500]
		if _, err := i.Complete(b.Context(), w[:min(len(w), 2+n%4)], 8); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSimilar(b *testing.B) {
	i, s := benchIndex(b)
	measure(b, func(n int) {
		if _, err := i.Similar(b.Context(), s.doc(n).ID, 5); err != nil {
			b.Fatal(err)
		}
	})
}
