package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"caravan/index/thesaurus"
)

func TestThesaurusIsTakenOverOnSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "thesaurus.txt")
	var used []*thesaurus.Thesaurus
	k := newThesaurusKeeper(path, func(t *thesaurus.Thesaurus) { used = append(used, t) }, slog.New(slog.DiscardHandler))
	save := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		k.look(t.Context())
	}
	k.look(t.Context()) // there is no file yet
	save("UNDP = PNUD\n")
	save("UNDP = PNUD\n") // saved again unchanged
	save("UNDP = PNUD\ninnovation lab = laboratorio de innovación\n")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	k.look(t.Context())
	if len(used) != 3 {
		t.Fatalf("%d thesauri were handed over, want two saves and the end of the file", len(used))
	}
	for i, want := range []int{1, 2, 0} {
		if got := used[i].Len(); got != want {
			t.Errorf("thesaurus %d has %d entries, want %d", i, got, want)
		}
	}
}
