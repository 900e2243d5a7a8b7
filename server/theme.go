package server

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"caravan/server/locale"
	"caravan/server/page"
)

// themeFileBytes is how large a file of a theme may be.
const themeFileBytes = 1 << 20

// A Theme is what an operator changes of the pages; the zero Theme changes
// nothing. doc/theme.md describes its folder.
type Theme struct {
	Title   string // the word in the head of every page
	Tagline string // the sentence at the foot
	about   map[locale.Lang]string
	files   map[string][]byte // "theme/theme.css", "theme/logo.svg"
}

// LoadTheme reads a theme from its folder: title.txt, tagline.txt, about.md (and
// about.fr.md, about.es.md, about.pt.md), theme.css, logo.svg or logo.png. Every
// one may be missing; a folder without any of them is a mistake.
func LoadTheme(folder fs.FS) (Theme, error) {
	t := Theme{about: map[locale.Lang]string{}, files: map[string][]byte{}}
	found := 0
	read := func(name string) (string, error) {
		text, err := readThemeFile(folder, name)
		if text != "" {
			found++
		}
		return text, err
	}
	var err error
	if t.Title, err = read("title.txt"); err != nil {
		return Theme{}, err
	}
	if t.Tagline, err = read("tagline.txt"); err != nil {
		return Theme{}, err
	}
	t.Title, t.Tagline = strings.TrimSpace(t.Title), strings.TrimSpace(t.Tagline)
	for _, l := range locale.Langs() {
		name := "about." + string(l) + ".md"
		if l == locale.English {
			name = "about.md"
		}
		if t.about[l], err = read(name); err != nil {
			return Theme{}, err
		}
	}
	for _, name := range []string{"theme.css", "logo.svg", "logo.png"} {
		text, err := read(name)
		if err != nil {
			return Theme{}, err
		}
		if text != "" {
			t.files["theme/"+name] = []byte(text)
		}
	}
	if found == 0 {
		return Theme{}, errors.New("theme: none of title.txt, tagline.txt, about.md, theme.css, logo.svg is in the folder")
	}
	return t, nil
}

// readThemeFile returns a file's content, empty when there is none.
func readThemeFile(folder fs.FS, name string) (string, error) {
	info, err := fs.Stat(folder, name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("theme: %w", err)
	}
	if info.Size() > themeFileBytes {
		return "", fmt.Errorf("theme: %s is larger than %d bytes", name, themeFileBytes)
	}
	data, err := fs.ReadFile(folder, name)
	if err != nil {
		return "", fmt.Errorf("theme: %w", err)
	}
	return string(data), nil
}

// aboutText is the operator's text about the site in a language, or in the one
// that stands for all.
func (t Theme) aboutText(l locale.Lang) string {
	if text := t.about[l]; text != "" {
		return text
	}
	return t.about[locale.English]
}

// site is what the theme says of the site; address finds its files.
func (t Theme) site(address func(string) (string, error)) page.Site {
	s := page.Site{Name: "caravan", Title: "caravan", Tagline: t.Tagline}
	if t.Title != "" {
		s.Name, s.Title = t.Title, t.Title
	}
	for _, name := range []string{"theme/logo.svg", "theme/logo.png"} {
		if at, err := address(name); err == nil && s.Logo == "" {
			s.Logo = at
		}
	}
	if at, err := address("theme/theme.css"); err == nil {
		s.Theme = at
	}
	return s
}
