package retrieval

import (
	"fmt"
	"testing"
)

func TestListKeepsWhatIsChosen(t *testing.T) {
	c := counts{"a": 9, "b": 7, "c": 7, "d": 1}
	if got := fmt.Sprint(c.list(2, []string{"d", "gone"})); got != "[{a 9} {b 7} {d 1} {gone 0}]" {
		t.Errorf("list = %s", got)
	}
	if got := fmt.Sprint(c.list(0, nil)); got != "[{a 9} {b 7} {c 7} {d 1} {gone 0}]" {
		t.Errorf("whole list = %s", got)
	}
}

func TestSpellingsOfATagAreOne(t *testing.T) {
	c, chosen := counts{"open data": 3, "open-data": 5, "opendata": 1, "données": 2, "donnees": 2, "design": 1}.spelled([]string{"Open Data", "New One"})
	if got := fmt.Sprint(c); got != "map[design:1 donnees:4 open-data:9]" {
		t.Errorf("spelled = %s", got)
	}
	if got := fmt.Sprintf("%q", chosen); got != `["open-data" "new one"]` {
		t.Errorf("chosen = %s", got)
	}
}
