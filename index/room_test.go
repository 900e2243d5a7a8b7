package index

import (
	"errors"
	"testing"

	"caravan"
)

func TestFullDiskStopsIndexingAndNothingElse(t *testing.T) { // R04
	m := newMemory(story("en", "Ferries", "boats"))
	c := config(t, m)
	left := int64(leastRoom)
	c.Room = func(string) (int64, error) { return left, nil }
	i := openWith(t, c)
	left = leastRoom - 1
	m.put(story("en", "Trams", "rails"))
	for _, write := range []func() error{
		func() error { return i.CatchUp(t.Context()) },
		func() error { return i.Rebuild(t.Context()) },
	} {
		if err := write(); !errors.Is(err, caravan.ErrUnavailable) {
			t.Errorf("writing without room: %v, want ErrUnavailable", err)
		}
	}
	if got := titles(search(t, i, "boats OR rails")); got != "Ferries" {
		t.Errorf("found %q, want what was indexed", got)
	}
	left = leastRoom
	if err := i.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := search(t, i, "boats OR rails"); r.Total != 2 {
		t.Errorf("with room again %d are found, want 2", r.Total)
	}
}

func TestRoomIsAskedOfTheSystem(t *testing.T) {
	if left, err := diskRoom(t.TempDir()); err != nil || left <= 0 {
		t.Errorf("diskRoom = %d, %v", left, err)
	}
	if _, err := diskRoom("/nowhere/at/all"); err == nil {
		t.Error("a directory that is not there has room")
	}
}
