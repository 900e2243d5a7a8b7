// Package templates prints the views of package page as HTML. The templates
// are embedded and parsed once for each language of the interface, with the
// words of that language behind the functions t and th.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"

	"caravan/server/locale"
	"caravan/server/page"
)

//go:embed *.html
var files embed.FS

// Files are the templates as they are embedded.
func Files() fs.FS { return files }

// A Set is the parsed templates. It is safe for concurrent use.
type Set struct {
	byLang map[locale.Lang]*template.Template
}

// New parses the templates in files; asset gives the address of a static file.
func New(files fs.FS, asset func(name string) (string, error)) (*Set, error) {
	set := &Set{byLang: make(map[locale.Lang]*template.Template)}
	for _, l := range locale.Langs() {
		parsed, err := template.New("").Funcs(functions(l, asset)).ParseFS(files, "*.html")
		if err != nil {
			return nil, fmt.Errorf("parse templates: %w", err)
		}
		set.byLang[l] = parsed
	}
	return set, nil
}

// functions are what the templates of one language may call.
func functions(l locale.Lang, asset func(string) (string, error)) template.FuncMap {
	return template.FuncMap{
		"asset": asset,
		"t": func(key string, args ...any) (string, error) {
			if !locale.Has(key) {
				return "", fmt.Errorf("no message %q", key)
			}
			return l.T(key, args...), nil
		},
		"th": func(key string, hrefs []string, args ...any) (template.HTML, error) {
			if !locale.Has(key) {
				return "", fmt.Errorf("no message %q", key)
			}
			return l.HTML(key, hrefs, args...), nil
		},
		"n":      l.Number,
		"list":   func(items ...string) []string { return items },
		"schema": page.Schema,
		// What sends the letter puts the address in.
		"unsubscribe": func() template.HTMLAttr { return `href="{{.Unsubscribe}}"` },
	}
}

// Render returns the page that template name makes of view in language l. It
// is made whole before a byte of it is sent, so that an error can still be
// answered as one.
func (s *Set) Render(l locale.Lang, name string, view any) ([]byte, error) {
	set, ok := s.byLang[l]
	if !ok {
		return nil, fmt.Errorf("render %s: no language %q", name, l)
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, view); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// Names lists every template that is defined.
func (s *Set) Names() []string {
	var names []string
	for _, t := range s.byLang[locale.English].Templates() {
		if t.Name() != "" && t.Tree != nil {
			names = append(names, t.Name())
		}
	}
	return names
}
