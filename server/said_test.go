package server

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"caravan"
	"caravan/index/query"
	"caravan/server/locale"
)

func TestEveryCodeHasASentenceInEveryLanguage(t *testing.T) {
	for _, code := range caravan.Codes() {
		if !locale.Has("said." + string(code)) {
			t.Errorf("%s has no message", code)
			continue
		}
		for _, l := range locale.Langs()[1:] {
			args := []any{"<1>", "<2>", "<3>"}
			own, english := l.Said(string(code), args, ""), locale.English.Said(string(code), args, "")
			if own == english || own == "" {
				t.Errorf("%s in %s is %q", code, l, own)
			}
			for _, arg := range args {
				if strings.Contains(own, arg.(string)) != strings.Contains(english, arg.(string)) {
					t.Errorf("%s in %s: %q does not speak of what %q does", code, l, own, english)
				}
			}
		}
	}
	for _, key := range locale.MessageKeys() {
		if code, ok := strings.CutPrefix(key, "said."); ok && !slices.Contains(caravan.Codes(), caravan.Code(code)) {
			t.Errorf("%s is the message of no code", key)
		}
	}
}

func TestMistakesInQueriesAreTheSameInTheTable(t *testing.T) {
	for _, q := range []string{
		strings.Repeat("ab ", 100), strings.Repeat("ab ", 25), "…", "a)", "(a", `a "b`, "a*", "tag:a*", "after:soon",
	} {
		_, err := query.Parse(q)
		bad, ok := errors.AsType[*caravan.QueryError](err)
		if !ok {
			t.Errorf("%q is understood", q)
			continue
		}
		if got := locale.English.Said(string(bad.Code), bad.Args, ""); got != bad.Message+"." {
			t.Errorf("%q: the table says %q, the error %q", q, got, bad.Message)
		}
		if got := locale.French.Said(string(bad.Code), bad.Args, bad.Message); got == bad.Message {
			t.Errorf("%q is English in French: %q", q, got)
		}
	}
}

// uncoded reports the composite literals of errors for readers in a file that say
// no code.
func uncoded(t *testing.T, name string) (found []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		sel, ok := lit.Type.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "PublicError" && sel.Sel.Name != "QueryError" {
			return true
		}
		if !slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
			kv, ok := e.(*ast.KeyValueExpr)
			return ok && fmt.Sprint(kv.Key) == "Code"
		}) {
			found = append(found, files.Position(lit.Pos()).String())
		}
		return true
	})
	return found
}

func TestEveryErrorThatAPageMayShowHasACode(t *testing.T) {
	// These are seen by programs and operators only: feeds, hubs, the start of
	// the program, the administration.
	spared := map[string]int{"feeds.go": 1, "index.go": 1, "push.go": 1, "values.go": 1}
	seen := 0
	for _, dir := range []string{".", "../index", "../store"} {
		err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			seen++
			found := uncoded(t, name)
			if n := spared[filepath.Base(name)]; len(found) > n {
				t.Errorf("errors for readers without a code: %v", found)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 50 {
		t.Errorf("looked at %d files only", seen)
	}
}

func TestFailuresAreToldInTheReadersLanguage(t *testing.T) {
	h := planetServer(t).Config.Handler
	for _, test := range []struct {
		path, accept string
		status       int
		want         string
	}{
		{"/nowhere", "fr", 404, "Il n’y a rien à cette adresse."},
		{"/nowhere", "", 404, "There is nothing at this address."},
		{"/search?q=" + strings.Repeat("x", 257), "es", 400, "Una consulta puede tener como mucho 256 bytes; esta tiene 257."},
		{"/search?q=a&limit=101", "pt", 400, "limit é um número de 1 a 100, não &#34;101&#34;."},
		{"/search?q=a&page=51", "fr", 400, "page est un nombre de 1 à 50, pas"},
		{"/search?q=a&sort=best", "es", 400, "sort puede ser relevance o newest, no"},
		{"/?after=soon", "pt", 400, "after é uma data como 2024"},
		{"/?cursor=" + strings.Repeat("x", 501), "fr", 400, "cursor n’est pas de ce site"},
		{"/c/none", "es", 404, "No"},
		{"/digest/2026-11?format=pdf", "fr", 400, "format peut être email"},
		{"/search?q=%28open", "fr", 400, "Une parenthèse n’est jamais fermée."},
		{"/search?q=%28open&lang=es", "fr", 400, "Un paréntesis no se cierra nunca."},
		{"/api/v1/search?q=a&limit=101", "fr", 400, `limit is a number from 1 to 100`},
		{"/feed.atom?cursor=%21", "fr", 400, `cursor is not one that this site gave out`},
	} {
		w := get(h, test.path, "Accept-Language: "+test.accept)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("GET %s in %q = %d, want %d and %q\n%s", test.path, test.accept, w.Code, test.status, test.want, body(w.Body.String()))
		}
	}
	w := ask(h, http.MethodPost, "/search", "Accept-Language: pt")
	if w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Body.String(), "Este endereço só responde a GET, HEAD.") {
		t.Errorf("POST = %d %s", w.Code, body(w.Body.String()))
	}
}

// body returns the main part of a page.
func body(page string) string {
	if _, after, ok := strings.Cut(page, "<main"); ok {
		page, _, _ = strings.Cut(after, "</main")
	}
	return page
}
