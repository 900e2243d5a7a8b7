package main

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"caravan/index"
)

// behindTheLog changes the planet's database without a trace in the change log,
// as a lost write of the index would look from the other side.
func (p *planet) behindTheLog(statement string, args ...any) {
	p.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(p.data, "caravan.db"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	result, err := db.ExecContext(p.t.Context(), statement, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		p.t.Fatalf("%q changed %d rows, %v", statement, n, err)
	}
}

// newest returns the ids of the planet's newest items.
func (p *planet) newest(n int) []string {
	p.t.Helper()
	var feed struct{ Items []struct{ URL string } }
	if err := json.Unmarshal([]byte(p.must("feed", "--format", "json")), &feed); err != nil || len(feed.Items) < n {
		p.t.Fatalf("feed holds %d items, %v", len(feed.Items), err)
	}
	var ids []string
	for _, item := range feed.Items[:n] {
		var e struct{ Items []struct{ ID string } }
		if err := json.Unmarshal([]byte(p.must("explain", "--json", item.URL)), &e); err != nil || len(e.Items) != 1 {
			p.t.Fatalf("explain %s: %v", item.URL, err)
		}
		ids = append(ids, e.Items[0].ID)
	}
	return ids
}

// disagree makes the index lack one story, hold one that is hidden and another
// in an older state.
func (p *planet) disagree() (missing, surplus, different string) {
	p.t.Helper()
	ids := p.newest(3)
	const see = `UPDATE items SET visibility = $1 WHERE public_id = $2`
	p.behindTheLog(see, "takedown", ids[0])
	p.must("reindex")
	p.behindTheLog(see, "shown", ids[0])
	p.behindTheLog(see, "takedown", ids[1])
	p.behindTheLog(`UPDATE items SET title = 'Another title' WHERE public_id = $1`, ids[2])
	return ids[0], ids[1], ids[2]
}

func TestVerifyNamesWhatDiffersAndRepairsIt(t *testing.T) { // R09, I4
	p := newPlanet(t)
	p.must("poll")
	if out := p.must("verify"); !strings.Contains(out, "equal: 30 stories, of which 1 was looked for") {
		t.Fatalf("verify of a good index printed %q", out)
	}
	missing, surplus, different := p.disagree()
	code, out, stderr := p.run("verify")
	if code != exitFailed || !strings.Contains(stderr, "--repair") {
		t.Errorf("verify of a bad index ended with %d: %s", code, stderr)
	}
	for _, want := range []string{
		"29 stories in the store, 29 in the index",
		"1 missing in the index: " + missing + "\n",
		"1 too many in the index: the store does not show them: " + surplus + "\n",
		"1 different in the index: " + different + "\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("verify printed no %q:\n%s", want, out)
		}
	}
	if out := p.must("verify", "--repair"); !strings.Contains(out, "differ") || !strings.Contains(out, "Index rebuilt.\nStore and index are equal: 29 stories") {
		t.Errorf("verify --repair printed\n%s", out)
	}
	if out := p.must("verify"); !strings.Contains(out, "equal: 29 stories") {
		t.Errorf("verify after the repair printed\n%s", out)
	}
}

func TestVerifyAsksTheServerThatRuns(t *testing.T) { // R34
	p := newPlanet(t)
	p.must("poll")
	missing, _, _ := p.disagree()
	p.serveAnd(func(base string) {
		code, out, _ := p.run("verify", "--json")
		var c comparison
		if err := json.Unmarshal([]byte(out), &c); err != nil || code != exitFailed || c.Equal || c.Missing.Count != 1 || c.Missing.IDs[0] != missing {
			t.Errorf("verify --json ended with %d and %+v, %v", code, c, err)
		}
		c = comparison{}
		if err := json.Unmarshal([]byte(p.must("verify", "--repair", "--json")), &c); err != nil || !c.Equal || !c.Rebuilt || c.Stories != 29 {
			t.Errorf("verify --repair --json gave %+v, %v", c, err)
		}
		var found struct{ Total int }
		if err := json.Unmarshal(fetch(t, base+"/api/v1/search?q=title%3A%22another+title%22"), &found); err != nil || found.Total != 1 {
			t.Errorf("after the repair the server finds %d, %v", found.Total, err)
		}
	})
}

func TestComparisonsAreSentences(t *testing.T) {
	many := strings.Fields("a b c d e f g h i j k l")
	for _, tt := range []struct {
		name string
		d    index.Difference
		want string
	}{
		{"equal", index.Difference{Stories: 1, Indexed: 1}, "Store and index are equal: 1 story, of which 0 were looked for by their own words and found.\n"},
		{"damaged", index.Difference{Damage: "bad\x1b"}, "The index is damaged: bad.\n"},
		{"many", index.Difference{Stories: 12, Missing: many}, "  12 missing in the index: a b c d e f g h i j …\n"},
		{"lost", index.Difference{Stories: 12, Lost: many[:1]}, "  1 in the index, but not found by their own words: a\n"},
	} {
		if got := comparisonOf(tt.d).text(); !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s: %q, want %q at its end", tt.name, got, tt.want)
		}
	}
}

func TestVerifyConcludesWithTheRightCode(t *testing.T) {
	for _, tt := range []struct {
		name   string
		repair bool
		last   *comparison
		want   int
		say    string
	}{
		{"equal", false, &comparison{Equal: true}, exitDone, ""},
		{"different", false, &comparison{}, exitFailed, "--repair"},
		{"different after all", true, &comparison{Rebuilt: true}, exitFailed, "still differs"},
		{"no answer", false, nil, exitFailed, "no comparison"},
	} {
		var errOut strings.Builder
		c := &verifyCmd{Repair: tt.repair}
		err := c.conclude(console{Err: &errOut}, tt.last)
		if code := exitCode(err, &errOut); code != tt.want || !strings.Contains(errOut.String(), tt.say) {
			t.Errorf("%s: %d %q, want %d %q", tt.name, code, errOut.String(), tt.want, tt.say)
		}
	}
}
