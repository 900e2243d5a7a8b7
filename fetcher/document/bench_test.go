package document

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"
)

// realFeeds returns the real feeds of the corpus.
func realFeeds(t testing.TB) (bodies [][]byte, files []string) {
	dir, readings := corpus(t)
	for _, r := range readings {
		if strings.HasPrefix(r.ID, "f") && r.Version != "" {
			bodies = append(bodies, readCorpus(t, dir, r.File))
			files = append(files, r.File)
		}
	}
	return bodies, files
}

func size(bodies [][]byte) (n int64) {
	for _, b := range bodies {
		n += int64(len(b))
	}
	return n
}

func BenchmarkParse(b *testing.B) {
	bodies, _ := realFeeds(b)
	b.SetBytes(size(bodies))
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			_, _ = Parse(body, Options{})
		}
	}
}

func BenchmarkGofeedAlone(b *testing.B) {
	bodies, _ := realFeeds(b)
	b.SetBytes(size(bodies))
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			_, _ = gofeed.NewParser().Parse(bytes.NewReader(body))
		}
	}
}
