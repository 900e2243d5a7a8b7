package store_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/store"
)

func TestEverythingSurvivesARestart(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", series("a", 5, w.clock(), time.Hour)...)
	before := must(w.Feed(ctx, caravan.FeedQuery{Content: true}))(t)
	head := must(w.LastChange(ctx))(t)
	w.reopen()
	after := must(w.Feed(ctx, caravan.FeedQuery{Content: true}))(t)
	for i := range before {
		if before[i].FeedID != after[i].FeedID || before[i].Place != after[i].Place || before[i].Head.Content != after[i].Head.Content {
			t.Errorf("entry %d = %+v, was %+v", i, after[i], before[i])
		}
	}
	if got := must(w.LastChange(ctx))(t); got != head {
		t.Errorf("LastChange = %d, was %d", got, head)
	}
}

func TestDatabaseOfANewerProgramIsRefused(t *testing.T) { // R33
	ctx := context.Background()
	w := one(t)
	if err := w.Exec(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(ctx, w.config())
	if err == nil || !strings.Contains(err.Error(), "newer caravan") || !strings.Contains(err.Error(), w.path) {
		t.Errorf("Open of a newer schema: %v, want a refusal that says so", err)
	}
}

func TestDamagedDatabaseIsRefusedAndLeftAlone(t *testing.T) { // R10
	ctx := context.Background()
	w := one(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	garbage := []byte(strings.Repeat("this is no database\n", 1000))
	if err := os.WriteFile(w.path, garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, w.config()); err == nil || !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("Open of garbage: %v, want what to do", err)
	}
	if got, err := os.ReadFile(w.path); err != nil || string(got) != string(garbage) {
		t.Error("the file was changed")
	}
}

func TestDatabaseThatCannotBeOpened(t *testing.T) { // R38
	w := newWorld(t)
	config := w.config()
	config.Path = w.path + "/no/such/folder/caravan.db"
	if _, err := store.Open(context.Background(), config); err == nil || !strings.Contains(err.Error(), config.Path) {
		t.Errorf("Open in a missing folder: %v, want an error that names it", err)
	}
}

func TestPathMayHoldAnySigns(t *testing.T) {
	w := newWorld(t)
	config := w.config()
	config.Path = w.path + " with ? and # and %41.db"
	s := must(store.Open(context.Background(), config))(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(config.Path); err != nil {
		t.Error(err)
	}
}

func TestReadIsGivenUpWithItsContext(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", series("a", 50, w.clock(), time.Hour)...)
	for i := range 60 {
		over, cancel := context.WithTimeout(ctx, time.Duration(i)*50*time.Microsecond)
		_, err := w.Feed(over, caravan.FeedQuery{Content: true})
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Feed with a short context: %v", err)
		}
		cancel()
	}
	if got, err := w.Feed(ctx, caravan.FeedQuery{}); err != nil || len(got) != 50 {
		t.Errorf("Feed afterwards = %d stories, %v", len(got), err)
	}
}
