package fetcher

import (
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/polite"
)

func TestContactOf(t *testing.T) {
	tests := []struct {
		err  polite.Error
		want Contact
	}{
		{polite.Error{Class: caravan.FailDNS}, Unreached},
		{polite.Error{Class: caravan.FailConnect}, Unreached},
		{polite.Error{Class: caravan.FailTimeout}, Unreached},
		{polite.Error{Class: caravan.FailTimeout, Sent: true}, Reached},
		{polite.Error{Class: caravan.FailTLS, Reached: true}, Reached},
		{polite.Error{Class: caravan.FailAddress}, Silent},
		{polite.Error{Class: caravan.FailBlocked}, Silent},
	}
	for _, test := range tests {
		if got := contactOf(&test.err); got != test.want {
			t.Errorf("contactOf(%+v) = %v, want %v", test.err, got, test.want)
		}
	}
}

func TestOfflineNeedsSeveralHostsToFailAtOnce(t *testing.T) { // E14, R22
	fresh := func(host string) Doubt { return Doubt{Host: host, Since: received, Fresh: true} }
	tests := []struct {
		name   string
		doubts []Doubt
		want   bool
	}{
		{"none", nil, false},
		{"one host", []Doubt{fresh("a")}, false},
		{"two hosts", []Doubt{fresh("a"), fresh("b")}, false},
		{"three hosts", []Doubt{fresh("a"), fresh("b"), fresh("c")}, true},
		{"three sources of one host", []Doubt{fresh("a"), fresh("a"), fresh("a")}, false},
		{"hosts that failed before say nothing", []Doubt{{Host: "a"}, {Host: "b"}, {Host: "c"}, {Host: "d"}}, false},
		{"they do not hide the others", []Doubt{{Host: "z"}, fresh("a"), fresh("b"), fresh("c")}, true},
		{"one host, by our own fault", []Doubt{{Host: "a", Local: true, Fresh: true, Since: received}}, true},
		{"one host that failed before, by our own fault", []Doubt{{Host: "a", Local: true}}, false},
		{"our own fault for one of two", []Doubt{{Host: "a", Local: true, Fresh: true}, fresh("b")}, false},
	}
	for _, test := range tests {
		if _, got := offline(test.doubts); got != test.want {
			t.Errorf("%s: offline = %v, want %v", test.name, got, test.want)
		}
	}
	early := Doubt{Host: "d", Since: received.Add(-time.Minute)}
	if since, _ := offline([]Doubt{fresh("a"), fresh("b"), early, fresh("c")}); !since.Equal(early.Since) {
		t.Errorf("offline since %v, want the first doubt's %v", since, early.Since)
	}
}

func TestRetryWaitGrowsToABound(t *testing.T) {
	last := time.Duration(0)
	for n := range 1000 {
		wait := retryWait(n)
		if wait < last || wait < 15*time.Second || wait > 2*time.Minute {
			t.Fatalf("retryWait(%d) = %v after %v", n, wait, last)
		}
		last = wait
	}
}

func TestPaceBoundsTheStarts(t *testing.T) { // E17, R22
	p := newPace(20, 16, received)
	now, started := received, 0
	for range 1000 { // ten seconds in steps of ten milliseconds
		n := p.allowance(now)
		p.take(n)
		started += n
		now = now.Add(10 * time.Millisecond)
	}
	if started < 200 || started > 216 {
		t.Errorf("%d starts in ten seconds, want 16 and 20 a second", started)
	}
	if p.allowance(now.Add(-time.Hour)) > 16 {
		t.Error("a clock set back gives a burst")
	}
	if got := p.allowance(now.Add(time.Hour)); got != 16 {
		t.Errorf("allowance after an hour = %d, want the burst", got)
	}
	p.take(16)
	if wait := p.next(); wait != 50*time.Millisecond {
		t.Errorf("next start in %v, want 50ms", wait)
	}
}
