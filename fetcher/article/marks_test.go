package article

import (
	"fmt"
	"strings"
	"testing"

	"caravan"
)

// essay returns n words, of which those that pick chooses are others.
func essay(n int, pick func(i int) bool) string {
	var b strings.Builder
	for i := range n {
		if pick(i) {
			fmt.Fprintf(&b, "other%d ", i)
		} else {
			fmt.Fprintf(&b, "word%d ", i*7919%1000)
		}
	}
	return b.String()
}

// hashOf returns the MinHash of a text.
func hashOf(text string) []uint64 {
	return Prepare(caravan.Item{Content: "<p>" + text + "</p>"}, Options{}).MinHash
}

func TestSimilarityTellsHowMuchTwoTextsShare(t *testing.T) {
	original := hashOf(essay(400, func(int) bool { return false }))
	tests := []struct {
		name     string
		text     string
		from, to float64
	}{
		{"the same", essay(400, func(int) bool { return false }), 1, 1},
		{"the same in other tags and cases", "<b>" + strings.ToUpper(essay(400,
			func(int) bool { return false })) + "</b>", 1, 1},
		{"one word in twelve edited", essay(400, func(i int) bool { return i%12 == 0 }), 0.4, 0.85},
		{"cut to seven tenths", essay(280, func(int) bool { return false }), 0.5, 0.9},
		{"another text", essay(400, func(int) bool { return true }), 0, 0.05},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := similarity(original, hashOf(tt.text)); got < tt.from || got > tt.to {
				t.Errorf("Similarity = %.2f, want %.2f to %.2f", got, tt.from, tt.to)
			}
		})
	}
}

func TestShortTextsHaveNoMinHash(t *testing.T) {
	if h := hashOf(essay(47, func(int) bool { return false })); h != nil {
		t.Errorf("47 words have the MinHash %v", h)
	}
	if h := hashOf(essay(48, func(int) bool { return false })); len(h) != 64 {
		t.Errorf("48 words have a MinHash of %d values", len(h))
	}
	if got := similarity(nil, nil); got != 0 {
		t.Errorf("Similarity of nothing = %v", got)
	}
}

// TestMinHashNeverChanges guards what is stored: other values would make old
// and new items incomparable.
func TestMinHashNeverChanges(t *testing.T) {
	h := hashOf(essay(60, func(int) bool { return false }))
	if got, want := fmt.Sprintf("%x %x", h[0], h[63]), "1dd9e720ff00725 528f519e0957269"; got != want {
		t.Errorf("MinHash = %s, want %s", got, want)
	}
}

func TestWordsAreCounted(t *testing.T) {
	tests := map[string]int{
		"": 0, "one": 1, "one two, three": 3, "it's": 2, "l’été d'hier": 4, "3.5 million": 3, "état naïve": 2,
		"公共部门的创新": 4, "イノベーション": 4, "공공 혁신": 2, "सार्वजनिक नवाचार": 2, "a<b>b</b>c": 1, "<p>a</p><p>b</p>": 2,
		"<td>a<td>b":     2,
		"الإدارة العامة": 2, "12 comments": 2,
	}
	for in, want := range tests {
		if got := Prepare(caravan.Item{Content: in}, Options{}).Words; got != want {
			t.Errorf("Words of %q = %d, want %d", in, got, want)
		}
	}
}

// similarity estimates which share of their three-word sequences two texts
// have in common, from their MinHash values: 1 for the same text, 0 for
// unrelated ones and where either has no MinHash.
func similarity(a, b []uint64) float64 {
	if len(a) != hashes || len(b) != hashes {
		return 0
	}
	same := 0
	for i := range a {
		if a[i] == b[i] {
			same++
		}
	}
	return float64(same) / hashes
}
