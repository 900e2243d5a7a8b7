package trial

import (
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestDeadSourcesAreToldFromFailingOnes(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	long, lately := now.AddDate(0, -2, 0), now.AddDate(0, 0, -3)
	for _, c := range []struct {
		t    Trial
		note string
	}{
		{Trial{At: now}, ""},
		{Trial{At: now, Failure: caravan.FailGone}, "gone since 2026-06-01 (410), retired 2026-06-01"},
		{Trial{At: now, Failure: caravan.FailMissing, FailingSince: long}, "dead since 2026-04-01, retired 2026-06-01"},
		{Trial{At: now, Failure: caravan.FailDNS, FailingSince: long}, "dead since 2026-04-01, retired 2026-06-01"},
		{Trial{At: now, Failure: caravan.FailDNS, FailingSince: lately}, ""},
		{Trial{At: now, Failure: caravan.FailMissing}, ""},
		{Trial{At: now, Failure: caravan.FailShield, FailingSince: long}, ""},
	} {
		if note, dead := c.t.dead(now); note != c.note || dead != (c.note != "") {
			t.Errorf("dead(%+v) = %q, %v, want %q", c.t, note, dead, c.note)
		}
	}
}

func TestPatchNeverGivesAPasswordToAnotherAddress(t *testing.T) { // S07
	const address = "https://me:secret@e.org/f"
	data := []byte(`<opml version="2.0"><body><outline text="S1" type="rss" xmlUrl="` + address + `"/></body></opml>`)
	source := caravan.ListSource{URL: address, Title: "S1"}
	moved := Trial{At: time.Now(), MovedTo: "https://e.com/f"}
	got, err := Patch(data, []caravan.ListSource{source}, map[string]Trial{caravan.SourceKey(address): moved}, time.Now())
	if err != nil || string(got) != string(data) {
		t.Errorf("patched to\n%s, %v", got, err)
	}
	if p := moved.Verdict(caravan.ListSource{URL: address}); strings.Contains(p.Message, "secret") {
		t.Errorf("verdict shows the password: %s", p.Message)
	}
}
