package clean

import (
	"testing"

	"caravan/internal/attacks"
	"caravan/internal/corpus"
)

func TestCleanHoldsForOurAttacks(t *testing.T) { // S18, S20, S21
	n := 0
	for family, list := range attacks.Families() {
		t.Run(family, func(t *testing.T) {
			for _, in := range list {
				verify(t, in, cleaned(in, "https://blog.example/a/b"))
				n++
			}
		})
	}
	t.Logf("%d attacks", n)
}

func TestCleanHoldsForTheCollectedAttacks(t *testing.T) { // S18
	for _, v := range attacks.Collected(t) {
		verify(t, v.Payload, cleaned(v.Payload, "https://blog.example/a/b"))
	}
}

func TestCleanHoldsForTheCorpus(t *testing.T) {
	items := 0
	for _, s := range corpus.Feeds(t) {
		for _, item := range s.Document.Items {
			items++
			for _, src := range []string{item.Content, item.Summary} {
				verify(t, src, cleaned(src, item.Link))
			}
		}
		if t.Failed() {
			t.Fatalf("in feed %s", s.ID)
		}
	}
	t.Logf("%d items", items)
}
