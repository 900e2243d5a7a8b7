package store

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

func TestVisibility(t *testing.T) {
	tests := []struct {
		in   standing
		want caravan.Visibility
	}{
		{standing{listed: true}, caravan.Shown},
		{standing{}, caravan.Unlisted},
		{standing{listed: true, rule: caravan.Skipped}, caravan.Skipped},
		{standing{listed: true, rule: caravan.NotOnly}, caravan.NotOnly},
		{standing{rule: caravan.Skipped}, caravan.Unlisted},
		{standing{takenDown: true, listed: true, rule: caravan.NotOnly}, caravan.Takedown},
		{standing{takenDown: true}, caravan.Takedown},
	}
	for _, tt := range tests {
		if got := visibility(tt.in); got != tt.want {
			t.Errorf("visibility(%+v) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestStoryKeys(t *testing.T) {
	tests := []struct {
		name    string
		members []keyMember
		want    string
	}{
		{"nothing shown", nil, ""},
		{"one", []keyMember{{source: 1, communities: []int64{2, 3}, language: "pt-BR", tags: []string{"Inovação  Pública"}}}, "a c:2 c:3 l:pt s:1 t:inovacao publica"},
		{"undated stands with its source only", []keyMember{{source: 1, communities: []int64{2}, language: "fr", undated: true}}, "s:1 ua uc:2 ul:fr"},
		{"union", []keyMember{{source: 1, communities: []int64{2}, language: "en"}, {source: 4, communities: []int64{2}, language: "es", undated: true}}, "a c:2 l:en s:1 s:4 ul:es"},
		{"no language", []keyMember{{source: 1}}, "a s:1"},
	}
	for _, tt := range tests {
		if got := strings.Join(storyKeys(tt.members), " "); got != tt.want {
			t.Errorf("%s: storyKeys = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestMarksMeetWithinThirtyDays checks that the marks of two items meet
// whenever their dates are within the window, wherever the periods begin.
func TestMarksMeetWithinThirtyDays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	day := 24 * time.Hour
	for range 2000 {
		a := time.UnixMilli(r.Int64N(60 * 365 * day.Milliseconds())).UTC()
		b := a.Add(time.Duration(r.Int64N(int64(2*storyWindow+1))) - storyWindow)
		if b.Before(time.Unix(0, 0)) {
			continue
		}
		n, _ := period(b.UnixMilli())
		if !slices.Contains(nearMarks([]int64{5}, a.UnixMilli()), n<<markBits|5) {
			t.Fatalf("marks of %v and %v do not meet", a, b)
		}
	}
	if n, _ := period(-1); n != 0 {
		t.Errorf("period(-1) = %d, want 0", n)
	}
}

func TestStoryMarksShareABandWhenAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	found := 0
	const tries = 500
	for range tries {
		a, b := make([]uint64, 64), make([]uint64, 64)
		for i := range a {
			a[i] = r.Uint64()
			if b[i] = a[i]; r.Float64() > 0.6 {
				b[i] = r.Uint64()
			}
		}
		marks := storyMarks(caravan.Item{MinHash: a})
		if len(marks) != bands {
			t.Fatalf("storyMarks = %d marks, want %d", len(marks), bands)
		}
		for _, m := range storyMarks(caravan.Item{MinHash: b}) {
			if slices.Contains(marks, m) {
				found++
				break
			}
		}
	}
	if found < tries*95/100 {
		t.Errorf("%d of %d pairs of likeness 0.6 found", found, tries)
	}
	if got := storyMarks(caravan.Item{Undated: true, MinHash: make([]uint64, 64)}); got != nil {
		t.Errorf("an undated item has marks: %v", got)
	}
}

func TestBodySurvivesPacking(t *testing.T) {
	for _, b := range []body{
		{},
		{text: "text", html: "<p>text</p>"},
		{text: "a", html: "b", raw: []byte("c"), links: []string{"https://x.example/", "https://y.example/"}},
		{raw: []byte{0, 1, 2}, links: []string{"l"}},
		{text: strings.Repeat("long text ", 1e5)},
	} {
		got, err := unpack(b.pack())
		if err != nil || !reflect.DeepEqual(got, b) {
			t.Errorf("unpack(pack(%.40v)) = %.40v, %v", b, got, err)
		}
	}
	if _, err := unpack([]byte("no body")); err == nil {
		t.Error("unpack of something else gives no error")
	}
	for _, values := range [][]uint64{nil, {1, 2, 1<<16 - 1}} {
		if got := unpackMinHash(packMinHash(values)); !slices.Equal(got, values) {
			t.Errorf("unpackMinHash(packMinHash(%v)) = %v", values, got)
		}
	}
}

func TestShortMinHashKeepsLikeness(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	a, b := make([]uint64, 64), make([]uint64, 64)
	for i := range a {
		a[i], b[i] = r.Uint64(), r.Uint64()
		if i%2 == 0 {
			b[i] = a[i]
		}
	}
	x, y, equal := shortMinHash(a), unpackMinHash(packMinHash(shortMinHash(b))), 0
	for i := range x {
		if x[i] == y[i] {
			equal++
		}
	}
	if equal != 32 || a[0] < 1<<16 {
		t.Errorf("%d of 64 short values are equal, want 32, and the long ones untouched", equal)
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(body{text: "t", html: "h", raw: []byte("r"), links: []string{"l"}}.pack())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := unpack(data); err == nil && len(data) > 0 {
			if again, err := unpack(b.pack()); err != nil || again.text != b.text || again.html != b.html {
				t.Errorf("pack of %q does not come back: %v", data, err)
			}
		}
	})
}

func TestHexKeysSurvivePacking(t *testing.T) {
	for _, s := range []string{"", "00", "00ff", "deadbeef", "DEADBEEF", "no hex", "abc", "\x00"} {
		if got := unpackHex(packHex(s)); got != s {
			t.Errorf("unpackHex(packHex(%q)) = %q", s, got)
		}
	}
}

func TestSaneTextsCanBeStoredAnywhere(t *testing.T) { // S15
	for in, want := range map[string]string{"a\x00b": "ab", "a\xffb": "a\uFFFDb", "é": "é", "": ""} {
		if got := sane(in); got != want {
			t.Errorf("sane(%q) = %q, want %q", in, got, want)
		}
	}
	it := saneItem(caravan.Item{Title: "a\x00", Tags: []string{"\x00", "t\xff"}, Enclosures: []caravan.Enclosure{{URL: "u\x00"}}})
	if it.Title != "a" || !slices.Equal(it.Tags, []string{"t\uFFFD"}) || it.Enclosures[0].URL != "u" {
		t.Errorf("saneItem = %+v", it)
	}
}

func TestMergeKeepsOrderAndDropsRepeats(t *testing.T) {
	rows := func(ids ...int64) (out []listed) {
		for _, id := range ids {
			out = append(out, listed{sortAt: id / 10, id: id})
		}
		return out
	}
	tests := []struct {
		in, want []listed
		back     bool
		more     bool
	}{
		{rows(35, 20, 34, 35), rows(35, 34, 20), false, false},
		{rows(50, 40, 30, 45), rows(50, 45, 40), false, true},
		{rows(50, 40, 30, 45), rows(45, 40, 30), true, true},
		{nil, nil, false, false},
	}
	for _, tt := range tests {
		if got, more := merge(slices.Clone(tt.in), tt.back, 3); !slices.Equal(got, tt.want) || more != tt.more {
			t.Errorf("merge(%v, %v) = %v, %v, want %v, %v", tt.in, tt.back, got, more, tt.want, tt.more)
		}
	}
}

func TestShareLeavesRoomForOthers(t *testing.T) {
	tests := []struct {
		name  string
		offer string // a letter a source, newest first
		want  string
	}{
		{"nobody else", "aaaaaaaaaaaa", "aaaaaaaa"},
		{"a quarter while others fill", "aaaaaabbbccccd", "aabbccd" + "a"},
		{"others fill all", "aaaabbccddee", "aabbccdd"},
		{"few", "ab", "ab"},
	}
	for _, tt := range tests {
		s := newShare(8)
		for i, c := range tt.offer {
			s.offer(placed{place: int64(1000 - i), story: int64(i), source: int64(c)})
		}
		count := map[rune]int{}
		got := s.result()
		for i, p := range got {
			count[rune(p.source)]++
			if i > 0 && p.place >= got[i-1].place {
				t.Errorf("%s: places out of order", tt.name)
			}
		}
		want := map[rune]int{}
		for _, c := range tt.want {
			want[c]++
		}
		if fmt.Sprint(count) != fmt.Sprint(want) {
			t.Errorf("%s: share of %q = %v, want %v", tt.name, tt.offer, count, want)
		}
	}
}

func TestContinues(t *testing.T) {
	it := func(guid, link, title string) caravan.Item {
		return caravan.Item{Title: title, Keys: caravan.Keys{GUID: guid, Link: link}}
	}
	holds := func(source int64, items ...caravan.Item) (out []holding) {
		for _, i := range items {
			hashes := hashKeys(i.Keys)
			for _, h := range hashes[:2] {
				if h != 0 {
					out = append(out, holding{source: source, hash: h, title: i.Title})
				}
			}
		}
		return out
	}
	a, b, c := it("https://e.example/1", "e.example/1", "One"), it("https://e.example/2", "e.example/2", "Two"), it("3", "e.example/3", "Three")
	tests := []struct {
		name     string
		document []caravan.Item
		holdings []holding
		want     int64
	}{
		{"half of them", []caravan.Item{a, b}, holds(7, a), 7},
		{"less than half", []caravan.Item{a, b, c}, holds(7, a), 0},
		{"none", []caravan.Item{a}, nil, 0},
		{"the one that holds most", []caravan.Item{a, b}, append(holds(7, a), holds(8, a, b)...), 8},
		{"a moved site keeps its GUIDs", []caravan.Item{it("https://e.example/1", "new.example/1", "Un")}, holds(7, a), 7},
		{"a GUID that is no address needs the title", []caravan.Item{it("3", "new.example/3", "Three")}, holds(7, c), 7},
		{"the same number elsewhere", []caravan.Item{it("3", "new.example/3", "Trois")}, holds(7, c), 0},
	}
	for _, tt := range tests {
		if got := continues(tt.document, tt.holdings); got != tt.want {
			t.Errorf("%s: continues = %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestPublicKeyGrowsWhereAnIDIsTaken(t *testing.T) {
	k := caravan.Keys{GUID: "g", Link: "l", Fingerprint: "f"}
	seen := map[string]bool{}
	for try := range 5 {
		key := publicKey(k, try)
		if seen[key] || try == 0 && key != k.IdentityKey() {
			t.Errorf("publicKey(%d) = %q", try, key)
		}
		seen[key] = true
	}
}

func TestBareAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://www.example.org/a/#x": "example.org/a", "example.org/a": "example.org/a", "http://example.org/a?b=1": "example.org/a?b=1",
	} {
		if got := bareAddress(in); got != want {
			t.Errorf("bareAddress(%q) = %q, want %q", in, got, want)
		}
	}
}
