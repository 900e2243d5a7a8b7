package index

import (
	"slices"
	"testing"
)

func TestVerifyNamesDifferences(t *testing.T) { // R09, I4
	stories := threeStories()
	m := newMemory(stories...)
	i := openWith(t, config(t, m))
	d, err := i.Verify(t.Context())
	if err != nil || !d.OK() || d.Stories != 3 || d.Indexed != 3 || d.Probed != 1 {
		t.Fatalf("Verify = %+v, %v, want no difference", d, err)
	}

	// What the change log does not tell: only a comparison finds it.
	changed := m.stories[stories[0].ID]
	changed.Members = slices.Clone(changed.Members)
	changed.Members[0].Text = "Something else."
	m.stories[stories[0].ID] = changed
	hidden := m.stories[stories[1].ID]
	hidden.Members = nil
	m.stories[stories[1].ID] = hidden
	added := story("en", "Added", "behind the log")
	m.stories[added.ID], m.changed[added.ID] = added, 2
	delete(m.changed, stories[1].ID)

	d, err = i.Verify(t.Context())
	if err != nil || len(d.Missing) != 1 || len(d.Surplus) != 1 || len(d.Outdated) != 1 || d.Missing[0] != added.ID ||
		d.Surplus[0] != stories[1].ID || d.Outdated[0] != stories[0].ID {
		t.Fatalf("Verify = %+v, %v, want one missing, one surplus, one outdated", d, err)
	}
	if err := i.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, err := i.Verify(t.Context()); err != nil || !d.OK() {
		t.Errorf("after a rebuild: Verify = %+v, %v, want no difference", d, err)
	}
}

func TestVerifyTellsOfDamageAndARebuildCuresIt(t *testing.T) { // R09
	i := openWith(t, config(t, newMemory(threeStories()...)))
	i.current().breakDown(errDamaged)
	i.cfg.Store.(*memory).put(story("en", "Four", "more data"))
	d, err := i.Verify(t.Context())
	if err != nil || d.OK() || d.Damage == "" {
		t.Fatalf("Verify = %+v, %v, want damage", d, err)
	}
	if err := i.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, err := i.Verify(t.Context()); err != nil || !d.OK() || d.Stories != 4 {
		t.Errorf("after a rebuild: Verify = %+v, %v, want no difference", d, err)
	}
}

func TestGenerationsNeverShareANumber(t *testing.T) {
	i := open(t)
	given := make(map[int]bool)
	for range 3 {
		n, err := i.nextNumber()
		if err != nil || n < 2 || given[n] {
			t.Errorf("nextNumber = %d, %v after %v", n, err, given)
		}
		given[n] = true
	}
}
