package opml

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// version is the n-th content of a list that is saved again and again. Some
// hold what looks like the end of a list and is not.
func version(random *rand.Rand, n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "<opml version=\"2.0\">\n<head><title>version %d</title></head>\n<body>\n", n)
	for i := range 1 + random.IntN(12) {
		fmt.Fprintf(&b, "  <outline text=\"%d &amp; é\" xmlUrl=\"https://%d.example/feed\"/>\n", i, i)
		if random.IntN(5) == 0 {
			b.WriteString("  <!-- </body></opml> -->\n")
		}
	}
	b.WriteString("</body>\n</opml>\n")
	return []byte(b.String())
}

// states are the contents that a file has one after another while an editor
// saves; nil is no file.
type states [][]byte

// inParts returns content as it grows while it is written in parts.
func inParts(random *rand.Rand, content []byte) states {
	var all states
	for at := 0; at < len(content); {
		at = min(at+1+random.IntN(len(content)), len(content))
		all = append(all, content[:at])
	}
	return all
}

// ways are the ways in which editors and programs save, R12.
func ways() map[string]func(random *rand.Rand, old, content []byte) states {
	empty := []byte{}
	return map[string]func(random *rand.Rand, old, content []byte) states{
		"truncate and write": func(random *rand.Rand, _, content []byte) states {
			return append(states{empty}, inParts(random, content)...)
		},
		"write beside and rename over": func(_ *rand.Rand, _, content []byte) states {
			return states{content}
		},
		"rename away and write": func(random *rand.Rand, _, content []byte) states {
			return append(states{nil, empty}, inParts(random, content)...)
		},
		"delete and create": func(random *rand.Rand, _, content []byte) states {
			return append(states{nil, nil, empty}, inParts(random, content)...)
		},
		"cut the end and append": func(random *rand.Rand, old, content []byte) states {
			same := 0
			for same < min(len(old), len(content)) && old[same] == content[same] {
				same++
			}
			all := states{old[:same]}
			for _, part := range inParts(random, content[same:]) {
				all = append(all, slices.Concat(content[:same], part))
			}
			return all
		},
	}
}

// sightOfState is what a look at a state finds.
func sightOfState(content []byte, saved time.Time) sight {
	if content == nil {
		return sight{err: fs.ErrNotExist}
	}
	return sightOf(Save{Data: content, ModTime: saved})
}

// TestSettlingNeverHandsOutAPart saves 1,000 times in each way, with looks and
// pauses of any length between the parts. R12
func TestSettlingNeverHandsOutAPart(t *testing.T) {
	for name, way := range ways() {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(4, 2))
			now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
			state := settling{settle: 300 * time.Millisecond, patience: 2 * time.Second,
				whole: func(data []byte) bool { return Whole("f", data) == nil }}
			var current []byte
			for n := range 1000 {
				old := current
				current = version(random, n)
				for _, content := range way(random, old, current) {
					seen := sightOfState(content, now)
					for range random.IntN(3) {
						verdict, _ := state.see(now, seen)
						// Before the save is done, nothing may be handed out but
						// a version that is complete.
						if got := state.last.Data; verdict == handOut && !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(current)) && !bytes.Equal(got, old) {
							t.Fatalf("save %d: handed out a part:\n%s", n, got)
						}
						now = now.Add(time.Duration(random.IntN(3000)) * time.Millisecond)
					}
				}
				if random.IntN(3) > 0 {
					continue // the next save comes at once
				}
				if got := settleDown(&state, &now, sightOfState(current, now)); got != handOut || !bytes.Equal(state.last.Data, current) {
					t.Fatalf("save %d: verdict %v of\n%s\nwant it handed out:\n%s", n, got, state.last.Data, current)
				}
			}
		})
	}
}

// settleDown looks at an unchanged file as often as see asks for, and returns
// the last verdict that said something.
func settleDown(s *settling, now *time.Time, seen sight) verdict {
	last := rest
	for range 20 {
		verdict, due := s.see(*now, seen)
		if verdict == rest {
			return last
		}
		last = verdict
		*now = now.Add(due)
	}
	return last
}

func TestSettlingVerdicts(t *testing.T) {
	start := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	whole := []byte("<opml><body></body></opml>")
	part := whole[:12]
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	saved := func(content []byte, ms int) sight { return sightOf(Save{Data: content, ModTime: at(ms)}) }
	gone := sight{err: fs.ErrNotExist}
	type step struct {
		ms   int
		seen sight
		want verdict
	}
	tests := []struct {
		name  string
		steps []step
	}{
		{"a save is handed out once it stood still", []step{
			{0, saved(whole, 0), wait}, {200, saved(whole, 0), wait}, {300, saved(whole, 0), handOut}, {900, saved(whole, 0), rest}}},
		{"an unchanged file saved again is handed out again", []step{
			{0, saved(whole, 0), wait}, {300, saved(whole, 0), handOut}, {9000, saved(whole, 8000), wait}, {9300, saved(whole, 8000), handOut}}},
		{"a part is waited for, then complained about, then forgotten", []step{
			{0, saved(part, 0), wait}, {1900, saved(part, 0), wait}, {2000, saved(part, 0), complain}, {9000, saved(part, 0), rest},
			{9100, saved(whole, 9100), wait}, {9400, saved(whole, 9100), handOut}}},
		{"a file that is gone is complained about once", []step{
			{0, gone, wait}, {2000, gone, complain}, {9000, gone, rest}}},
		{"another failure is complained about too", []step{
			{0, gone, wait}, {2000, gone, complain}, {3000, sight{err: errors.New("disk")}, wait}, {5000, sight{err: errors.New("disk")}, complain}}},
		{"a file that moved while it was read is looked at again", []step{
			{0, sight{Save: Save{Data: whole}, moving: true}, wait}, {300, sight{Save: Save{Data: whole}, moving: true}, wait},
			{600, saved(whole, 500), wait}, {900, saved(whole, 500), handOut}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := settling{settle: 300 * time.Millisecond, patience: 2 * time.Second,
				whole: func(data []byte) bool { return Whole("f", data) == nil }}
			for i, step := range test.steps {
				if got, _ := s.see(at(step.ms), step.seen); got != step.want {
					t.Fatalf("step %d: verdict %v, want %v", i, got, step.want)
				}
			}
		})
	}
}
