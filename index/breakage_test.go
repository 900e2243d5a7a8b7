package index

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"caravan"
)

func TestIndexBrokenWhileItRunsAnswersAgain(t *testing.T) { // R07, R09
	tests := []struct {
		name   string
		damage func(path string) error
	}{
		{"segment empty", func(path string) error { return os.Truncate(path, 0) }},
		{"segment gone", os.Remove},
		{"segment zeroed", func(path string) error {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			clear(b)
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteAt(b, 0)
			return err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := filled(t)
			i := openWith(t, c)
			segments, err := filepath.Glob(filepath.Join(i.current().dir, "store", "*.zap"))
			if err != nil || len(segments) == 0 {
				t.Fatal(segments, err)
			}
			for _, path := range segments {
				if err := tt.damage(path); err != nil {
					t.Fatal(err)
				}
			}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- i.Run(ctx) }()
			eventually(t, func() bool {
				r, err := i.Search(ctx, caravan.SearchRequest{Query: "publi*", Limit: 100, Now: today})
				return err == nil && r.Total == 3
			})
			stop()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}
