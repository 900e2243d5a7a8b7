package language

import (
	"cmp"
	"fmt"
	"os"
	"sort"
	"testing"

	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/hyperlink"
	"caravan/internal/corpus"
)

// accuracy counts how often a language was found.
type accuracy struct {
	right, total int
	wrong        map[string]int // "en as de"
}

func (a *accuracy) note(want, got string) {
	a.total++
	if want == got {
		a.right++
		return
	}
	if a.wrong == nil {
		a.wrong = map[string]int{}
	}
	a.wrong[want+" as "+got]++
}

func (a *accuracy) share() float64 { return 100 * float64(a.right) / float64(max(a.total, 1)) }

func (a *accuracy) String() string {
	var pairs []string
	for p, n := range a.wrong {
		pairs = append(pairs, fmt.Sprintf("%s %d", p, n))
	}
	sort.Strings(pairs)
	return fmt.Sprintf("%d of %d, %.2f %%; %v", a.right, a.total, a.share(), pairs)
}

// TestLanguageOfTheCorpus measures the detector on the items of at least 200
// characters of the feeds whose language is known.
func TestLanguageOfTheCorpus(t *testing.T) {
	verbose := os.Getenv("LANGUAGE_MISSES") != ""
	var without, wrong, right accuracy
	for _, s := range corpus.Feeds(t) {
		if s.Language == "und" {
			continue
		}
		want := Base(s.Language)
		misled := "de"
		if want == "de" {
			misled = "en"
		}
		for _, item := range s.Document.Items {
			text := clean.Words(cmp.Or(item.Content, item.Summary), &hyperlink.Resolver{}).Text
			if len([]rune(text)) < 200 {
				continue
			}
			got := Detect(item.Title, text, Prior{})
			without.note(want, got)
			wrong.note(want, Detect(item.Title, text, Prior{Feed: misled}))
			right.note(want, Detect(item.Title, text, Prior{Feed: want}))
			if verbose && got != want {
				t.Logf("%s want %s got %q: %s | %.200s", s.ID, want, got, item.Title, text)
			}
		}
	}
	t.Logf("no prior:    %v", &without)
	t.Logf("wrong prior: %v", &wrong)
	t.Logf("right prior: %v", &right)
	if without.share() < 95 || wrong.share() < 90 || right.share() < without.share() {
		t.Errorf("right are %.2f %% without a prior, %.2f %% with a wrong one, %.2f %% with the right one; want 95, 90 and more",
			without.share(), wrong.share(), right.share())
	}
}
