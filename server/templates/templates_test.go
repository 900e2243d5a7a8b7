package templates_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"caravan"
	"caravan/server/locale"
	"caravan/server/page"
	"caravan/server/templates"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestPagesPrintInEveryLanguage(t *testing.T) {
	s := set(t)
	for _, l := range locale.Langs() {
		c := pageContext(t, l)
		for i, r := range renderings(t) {
			html, err := s.Render(l, r.name, r.view(c))
			if err != nil {
				t.Errorf("%s %d in %s: %v", r.name, i, l, err)
				continue
			}
			text := string(html)
			if !strings.Contains(text, `<html lang="`+string(l)+`">`) || strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "<no value>") || strings.Contains(text, "{0") {
				t.Errorf("%s %d in %s: a hole in the page", r.name, i, l)
			}
			if strings.Contains(text, "<script>alert") || strings.Contains(text, "<img src=x") || strings.Contains(text, "<svg onload") || strings.Contains(text, `href="javascript:`) { // S19, S20
				t.Errorf("%s %d in %s: markup where plain words belong", r.name, i, l)
			}
			if r.name == "digest-email" { // has styles, and is served as an attachment only
				continue
			}
			if strings.Contains(text, " style=") || strings.Contains(text, "<style") || strings.Contains(text, " onclick=") { // S24
				t.Errorf("%s %d in %s: inline style or script", r.name, i, l)
			}
		}
	}
}

func TestMainPagesAreAsTheGoldenOnes(t *testing.T) {
	s, c := set(t), pageContext(t, locale.English)
	for _, r := range renderings(t) {
		if r.as == "" {
			continue
		}
		html, err := s.Render(locale.English, r.name, r.view(c))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", r.as+".html")
		if *update {
			if err := os.WriteFile(file, html, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(html) != string(want) {
			t.Errorf("%s differs from %s from line %d on; go test ./server/templates -update writes it anew", r.as, file, firstDifference(string(html), string(want)))
		}
	}
}

// firstDifference is the number of the first line in which two texts differ.
func firstDifference(a, b string) int {
	left, right := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range left {
		if i >= len(right) || left[i] != right[i] {
			return i + 1
		}
	}
	return len(left) + 1
}

func TestEveryTemplateIsExecuted(t *testing.T) {
	define := regexp.MustCompile(`\{\{define "([a-z-]+)"\}\}`)
	instrumented := fstest.MapFS{}
	waiting := map[string]bool{}
	err := fs.WalkDir(templates.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templates.Files(), name)
		if err != nil {
			return err
		}
		for _, m := range define.FindAllStringSubmatch(string(text), -1) {
			waiting[m[1]] = true
		}
		// asset is called by name with what stands in for it: the define's name.
		marked := define.ReplaceAllString(string(text), `{{define "$1"}}{{with asset "seen:$1"}}{{end}}`)
		instrumented[name] = &fstest.MapFile{Data: []byte(marked)}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := templates.New(instrumented, func(name string) (string, error) {
		if seen, ok := strings.CutPrefix(name, "seen:"); ok {
			delete(waiting, seen)
			return "", nil
		}
		return "/" + name, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c := pageContext(t, locale.English)
	for _, r := range renderings(t) {
		for _, name := range slices.Concat([]string{r.name}, parts[r.name]) {
			if _, err := s.Render(locale.English, name, r.view(c)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	for name := range waiting {
		t.Errorf("template %s is never executed", name)
	}
}

func TestRenderFailsWhole(t *testing.T) {
	s := set(t)
	if _, err := s.Render(locale.English, "home", struct{}{}); err == nil {
		t.Error("a view of the wrong type prints")
	}
	if _, err := s.Render("xx", "home", page.Home{}); err == nil {
		t.Error("an unknown language prints")
	}
	if _, err := templates.New(fstest.MapFS{"a.html": {Data: []byte("{{")}}, asset); err == nil {
		t.Error("a broken template parses")
	}
	broken, err := templates.New(fstest.MapFS{"a.html": {Data: []byte(`{{define "a"}}{{t "no.such"}}{{end}}{{define "b"}}{{th "no.such" nil}}{{end}}`)}}, asset)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		if _, err := broken.Render(locale.English, name, nil); err == nil {
			t.Errorf("%s: an unknown message prints", name)
		}
	}
}

// TestPagesAreLight keeps a page of 24 items within its weight.
func TestPagesAreLight(t *testing.T) {
	p, c := sampler{t, newPlanet(t)}, pageContext(t, locale.English)
	stories := p.stories(caravan.Filter{}, "", 24)
	if len(stories.Stories) != 24 {
		t.Fatalf("%d stories", len(stories.Stories))
	}
	html, err := set(t).Render(locale.English, "home", c.Home(page.HomeInput{Page: stories, Sources: p.Feeds}))
	if err != nil {
		t.Fatal(err)
	}
	total := len(html)
	for _, name := range []string{"../static/caravan.css", "../static/caravan.js"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		total += int(info.Size())
	}
	if total > 100_000 {
		t.Errorf("the home page with its stylesheet and script is %d bytes", total)
	}
	t.Logf("home page: %d bytes of HTML, %d with stylesheet and script", len(html), total)
}

func BenchmarkRenderHome(b *testing.B) {
	p, s, c := sampler{b, newPlanet(b)}, set(b), pageContext(b, locale.English)
	stories := p.stories(caravan.Filter{}, "", 24)
	for b.Loop() {
		if _, err := s.Render(locale.English, "home", c.Home(page.HomeInput{Page: stories, Sources: p.Feeds})); err != nil {
			b.Fatal(err)
		}
	}
}
