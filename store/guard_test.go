package store

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPanicOfAWriteIsItsError(t *testing.T) {
	s, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "caravan.db"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.write(t.Context(), func(context.Context, *unit) error { panic("odd item") })
	if err == nil || !strings.Contains(err.Error(), "odd item") {
		t.Errorf("write that panics: %v", err)
	}
	if err := s.write(t.Context(), func(context.Context, *unit) error { return nil }); err != nil {
		t.Errorf("the next write: %v", err)
	}
}
