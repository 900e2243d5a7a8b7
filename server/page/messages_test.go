package page

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"caravan/server/locale"
)

// sources are the texts of this package and of the templates.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, glob := range []string{"*.go", "../locale/times.go", "../templates/*.html"} {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			t.Fatalf("glob %s: %v %v", glob, names, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

func TestEveryKeyThatIsUsedExists(t *testing.T) {
	used := regexp.MustCompile(`(?:\bT\(|\bHTML\(|\bth? |"[a-z]+", )"([a-z]+\.[a-z0-9-]+[a-z0-9])"`)
	n := 0
	for _, m := range used.FindAllStringSubmatch(sources(t), -1) {
		n++
		if !locale.Has(m[1]) {
			t.Errorf("%s is used and not there", m[1])
		}
	}
	if n < 100 {
		t.Errorf("found %d uses only", n)
	}
}

func TestEveryMessageIsUsed(t *testing.T) {
	text := sources(t)
	made := []string{
		"status.", "lang.", "error.", "time.ago-", "time.until-", "time.length-", "source.answer-", "source.show-",
		"sources.column-", "search.facet-", "home.after", "home.before", "digest.heading-", "about.", "source.where-", "said.",
	}
	for _, key := range locale.MessageKeys() {
		if slices.ContainsFunc(made, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			continue
		}
		if !strings.Contains(text, `"`+key+`"`) {
			t.Errorf("%s is not used anywhere", key)
		}
	}
}
