package index

import (
	"fmt"
	"testing"

	"caravan"
)

// With two letters thousands of names may begin; the most frequent of them are
// offered all the same, and what went is not.
func TestOfManyNamesTheMostFrequentAreOffered(t *testing.T) {
	const stories = 1500
	author := func(n int) string {
		switch {
		case n%100 == 7:
			return "Zzoe Zuse"
		case n%100 == 8:
			return "Zora Last"
		case n%150 == 9:
			return "Zy X"
		}
		return fmt.Sprintf("Za%04d Person", n)
	}
	m := newMemory()
	var last []caravan.StoryDoc
	for n := range stories {
		s := story("en", fmt.Sprint("Story ", n), "x", by(author(n)), tagged(fmt.Sprintf("ze tag %d", n%3)))
		if m.put(s); author(n) == "Zora Last" {
			last = append(last, s)
		}
	}
	i := openWith(t, config(t, m))
	if err := i.Rebuild(t.Context()); err != nil { // into one segment
		t.Fatal(err)
	}
	if got := offersFor(t, i, "zz"); got != "author Zzoe Zuse 15" {
		t.Errorf("before the names are read ahead: %s", got)
	}
	if err := i.warm(t.Context(), i.current()); err != nil { // as Run does
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"zz":  "author Zzoe Zuse 15",
		"zo":  "author Zora Last 15",
		"zy":  "author Zy X 10",
		"zu":  "author Zzoe Zuse 15", // a surname
		"zy ": "author Zy X 10",
		"ze":  "tag ze tag 0 500, tag ze tag 1 500, tag ze tag 2 500",
		"zq":  "",
	} {
		if got := offersFor(t, i, typed); got != want {
			t.Errorf("Complete(%q) = %s, want %s", typed, got, want)
		}
	}
	if got := offersFor(t, i, "za"); len(got) == 0 {
		t.Error("nothing is offered for za")
	}
	for _, s := range last {
		m.put(caravan.StoryDoc{ID: s.ID}) // hidden
	}
	if err := i.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := offersFor(t, i, "zo"); got != "" {
		t.Errorf("of hidden articles %s is offered", got)
	}
}
