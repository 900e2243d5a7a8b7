package store_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// oldArchive makes a world whose database is a copy of one that the program
// wrote before there was a graph of links, and which is not open yet.
func oldArchive(t *testing.T) *world {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", "v1.db.zst"))
	if err != nil {
		t.Fatal(err)
	}
	dec := must(zstd.NewReader(nil))(t)
	defer dec.Close()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "caravan.db"), now: start.Add(2 * time.Hour)}
	if err := os.WriteFile(w.path, must(dec.DecodeAll(packed, nil))(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestArchiveOfBeforeGetsItsLinks(t *testing.T) { // R33
	ctx := context.Background()
	w := oldArchive(t)
	w.open()
	t.Cleanup(func() { w.Store.Close() })
	before := must(w.LastChange(ctx))(t)
	w.WaitFilled()
	w.linkedBy("Cited", 2, "Two", "One") // by a community each; the third is hidden
	w.linkedBy("Moved", 1, "One")        // under the address that it had before
	w.linkedBy("Two", 0)
	if after := must(w.LastChange(ctx))(t); after <= before {
		t.Errorf("pages are not told: LastChange is %d as before", after)
	}
	if dump := must(w.Dump(ctx, "meta"))(t); strings.Contains(dump, "name=links") {
		t.Errorf("there is still something to be linked: %s", dump)
	}
	noFaults(t, w)
	w.poll("notes", citing("4", "Later", w.clock(), "https://posts.example/two"))
	w.linkedBy("Two", 1, "Later")
	noFaults(t, w)
}

func noFaults(t *testing.T, w *world) {
	t.Helper()
	if faults := must(w.Faults(context.Background()))(t); len(faults) > 0 {
		t.Error(strings.Join(faults, "\n"))
	}
}

func TestFillingGoesOnAfterARestart(t *testing.T) { // R33
	ctx := context.Background()
	w := oldArchive(t)
	w.open()
	t.Cleanup(func() { w.Store.Close() })
	w.WaitFilled()
	for _, text := range []string{
		`DELETE FROM link_keys`, `DELETE FROM item_links`, `DELETE FROM story_links`, `UPDATE stories SET linked_by = 0`,
		`INSERT INTO meta (name, value) SELECT 'links', CAST(max(id) AS TEXT) FROM sources`, // as the migration left it
	} {
		if err := w.Exec(ctx, text); err != nil {
			t.Fatal(err)
		}
	}
	if items, more, err := w.FillSource(ctx); items != 1 || !more || err != nil {
		t.Fatalf("the first source = %d items, more %t, %v", items, more, err)
	}
	if meta := must(w.Dump(ctx, "meta"))(t); !strings.Contains(meta, "name=links value=3") {
		t.Errorf("what is next = %s", meta)
	}
	w.reopen()
	w.WaitFilled()
	w.linkedBy("Cited", 2, "Two", "One")
	noFaults(t, w)
}

func TestFillingDoesNotKeepPollsOrClosingWaiting(t *testing.T) {
	w := oldArchive(t)
	w.open()
	w.poll("lab", citing("5", "Meanwhile", w.clock(), "https://posts.example/two"))
	w.reopen()
	w.WaitFilled()
	t.Cleanup(func() { w.Store.Close() })
	noFaults(t, w)
	if got := titles(must(w.LinksTo(context.Background(), w.storyTitled("Two").Head.ID, 0))(t)); !slices.Equal(got, []string{"Meanwhile"}) {
		t.Errorf("links to Two = %q", got)
	}
}
