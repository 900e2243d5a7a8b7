package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/store"
)

// crashPath names the database in the environment of a process that is to be
// killed.
const crashPath = "CARAVAN_TEST_CRASH_PATH"

// crashSources is how many sources that process polls at the same time.
const crashSources = 4

// TestMain polls for ever when it is the process to be killed.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		pollForEver(path)
	}
	os.Exit(m.Run())
}

// pollForEver stores poll after poll, and writes a line after each. The
// validator of each is the number of items that its source has then.
func pollForEver(path string) {
	ctx := context.Background()
	w := &world{path: path, now: start}
	fail := func(err error) {
		if err != nil {
			fmt.Println("fail:", err)
			os.Exit(1)
		}
	}
	s, err := store.Open(ctx, w.config())
	fail(err)
	w.Store = s
	var lines []string
	for i := range crashSources {
		lines = append(lines, fmt.Sprintf("S%d https://s%d.example/f", i, i))
	}
	_, err = w.SyncList(ctx, listOf(folder("A", lines...)), true)
	fail(err)
	for i := range crashSources {
		go func() {
			for {
				src, err := w.Source(ctx, fmt.Sprintf("s%d", i))
				fail(err)
				n := src.Items
				items := series(fmt.Sprintf("s%d-%d-", i, n), 3, start, time.Hour)
				_, err = w.SavePoll(ctx, caravan.PollResult{
					Claim: caravan.Claim{Source: src, Host: src.Slug}, Started: start, Status: 200, Document: &caravan.Document{Items: items},
					State: caravan.PollState{Validators: caravan.Validators{ETag: fmt.Sprint(n + 3)}, NextPoll: start.Add(time.Duration(n+3) * time.Hour)},
				})
				fail(err)
				fmt.Println("stored")
			}
		}()
	}
	select {}
}

// TestKilledAtAnyMoment kills a process that stores polls, again and again,
// and looks at what it left: never a validator without its items.
func TestKilledAtAnyMoment(t *testing.T) { // R00, R01, I1, I3, I8
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "caravan.db")
	known := make([]int, crashSources)
	for round := range 5 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashPath+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 1 + 17*round {
			if !lines.Scan() || lines.Text() != "stored" {
				t.Fatalf("round %d: %q, %v", round, lines.Text(), lines.Err())
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed

		w := &world{t: t, path: path, now: start}
		w.open()
		if faults := must(w.Faults(ctx))(t); len(faults) > 0 {
			t.Errorf("round %d: %s", round, strings.Join(faults, "\n"))
		}
		for i := range crashSources {
			src := must(w.Source(ctx, fmt.Sprintf("s%d", i)))(t)
			next := start.Add(time.Duration(src.Items) * time.Hour)
			if src.Items > 0 && (src.State.Validators.ETag != fmt.Sprint(src.Items) || !src.State.NextPoll.Equal(next)) {
				t.Errorf("round %d: %s has %d items, validator %q and is due at %v", round, src.Slug, src.Items, src.State.Validators.ETag, src.State.NextPoll)
			}
			if src.Items < known[i] {
				t.Errorf("round %d: %s had %d items and has %d", round, src.Slug, known[i], src.Items)
			}
			known[i] = src.Items
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFullDiskStopsWritingAndNothingElse lets the database reach a size that it
// may not pass.
func TestFullDiskStopsWritingAndNothingElse(t *testing.T) { // R04, I6
	ctx := context.Background()
	w := one(t)
	w.poll("blog", post("1", "A", lorem, start))
	if err := w.Exec(ctx, `PRAGMA max_page_count = 1`); err != nil { // that is: as many as there are
		t.Fatal(err)
	}
	var failed error
	stored := 1
	for i := 0; failed == nil && i < 200; i++ {
		r := w.result("blog", post(fmt.Sprint("x", i), fmt.Sprint(i), newPress(uint64(i)).sentence(2000), start))
		r.State.Validators.ETag = fmt.Sprint(i)
		if _, failed = w.SavePoll(ctx, r); failed == nil {
			stored++
		}
	}
	if !errors.Is(failed, caravan.ErrUnavailable) {
		t.Fatalf("SavePoll on a full disk: %v, want ErrUnavailable", failed)
	}
	if got := w.shown("blog"); len(got) != stored {
		t.Errorf("%d items are read on a full disk, want %d", len(got), stored)
	}
	if src := must(w.Source(ctx, "blog"))(t); stored > 1 && src.State.Validators.ETag != fmt.Sprint(stored-2) {
		t.Errorf("validator %q is not of the last poll that was stored", src.State.Validators.ETag)
	}
	if err := w.Exec(ctx, `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	w.poll("blog", post("2", "B", lorem+" b", start))
	if faults := must(w.Faults(ctx))(t); len(faults) > 0 || len(w.shown("blog")) != stored+1 {
		t.Errorf("after there is room again: %d items, %v", len(w.shown("blog")), faults)
	}
}

// A full disk can end a transaction from below; the writer then begins anew on
// another connection.
func TestLostTransactionCostsTheConnectionAlone(t *testing.T) { // R04
	w := one(t)
	w.poll("blog", post("1", "A", lorem, start))
	for range 3 {
		if err := w.LoseTransaction(t.Context()); !errors.Is(err, caravan.ErrUnavailable) {
			t.Fatalf("LoseTransaction = %v, want ErrUnavailable", err)
		}
	}
	w.poll("blog", post("2", "B", lorem+" b", start))
	if faults := must(w.Faults(t.Context()))(t); len(faults) > 0 || len(w.shown("blog")) != 2 {
		t.Errorf("%d items, %v", len(w.shown("blog")), faults)
	}
}
