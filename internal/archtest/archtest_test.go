package archtest_test

import (
	"slices"
	"strings"
	"testing"

	"caravan/internal/archtest"
)

// allowed is the whole direction of imports. A package that is not here, or
// that imports what its row does not name, fails the test; so does a row
// without a package.
var allowed = map[string][]string{
	"":                                 {},
	"/opml":                            {"", "/opml/internal/markup"},
	"/opml/internal/markup":            {""},
	"/fetcher":                         {"", "/internal/wait", "/fetcher/polite", "/fetcher/document", "/fetcher/article"},
	"/fetcher/polite":                  {"", "/internal/wait"},
	"/fetcher/document":                {"", "/fetcher/document/canonical", "/fetcher/document/charset", "/fetcher/document/dates", "/fetcher/document/href", "/fetcher/document/limits", "/fetcher/document/markup"},
	"/fetcher/document/canonical":      {"/fetcher/document/charset", "/fetcher/document/dates", "/fetcher/document/href", "/fetcher/document/limits", "/fetcher/document/markup"},
	"/fetcher/document/charset":        {},
	"/fetcher/document/dates":          {"", "/fetcher/document/markup"},
	"/fetcher/document/href":           {"/fetcher/document/limits"},
	"/fetcher/document/limits":         {},
	"/fetcher/document/markup":         {"/fetcher/document/limits"},
	"/fetcher/discover":                {""},
	"/fetcher/push":                    {"", "/internal/wait"},
	"/fetcher/robots":                  {},
	"/fetcher/article":                 {"", "/fetcher/article/boilerplate", "/fetcher/article/clean", "/fetcher/article/hyperlink", "/fetcher/article/language", "/fetcher/article/plaintext"},
	"/fetcher/article/boilerplate":     {"/fetcher/article/plaintext"},
	"/fetcher/article/clean":           {"/fetcher/article/boilerplate", "/fetcher/article/hyperlink", "/fetcher/article/plaintext"},
	"/fetcher/article/hyperlink":       {"/fetcher/article/plaintext"},
	"/fetcher/article/language":        {"/fetcher/article/plaintext"},
	"/fetcher/article/plaintext":       {},
	"/index":                           {"", "/internal/wait", "/index/query", "/index/retrieval", "/index/schema", "/index/snippet", "/index/thesaurus", "/index/view", "/index/words", "/index/zapfile"},
	"/index/query":                     {"", "/index/words"},
	"/index/retrieval":                 {"", "/index/query", "/index/schema", "/index/thesaurus", "/index/view", "/index/words", "/index/zapfile"},
	"/index/schema":                    {"", "/index/query", "/index/words"},
	"/index/schema/schematest":         {"", "/index/schema"},
	"/index/snippet":                   {"", "/index/query", "/index/words"},
	"/index/thesaurus":                 {"", "/index/words"},
	"/index/view":                      {"", "/index/schema", "/index/words", "/index/zapfile"},
	"/index/words":                     {""},
	"/index/zapfile":                   {},
	"/store":                           {""},
	"/server":                          {"", "/internal/wait", "/index/query", "/server/feed", "/server/locale", "/server/page", "/server/static", "/server/templates"},
	"/server/feed":                     {""},
	"/server/locale":                   {},
	"/server/page":                     {"", "/index/query", "/server/locale", "/server/page/worddiff"},
	"/server/page/worddiff":            {},
	"/server/static":                   {},
	"/server/templates":                {"/server/locale", "/server/page"},
	"/cmd/caravan":                     {"", "/cmd/caravan/internal/blocklist", "/cmd/caravan/internal/sourcelist", "/cmd/caravan/internal/trial", "/cmd/caravan/internal/wording", "/opml", "/fetcher", "/fetcher/polite", "/fetcher/document", "/fetcher/article", "/fetcher/discover", "/fetcher/push", "/fetcher/robots", "/index", "/index/query", "/index/thesaurus", "/store", "/server", "/server/locale", "/server/page", "/internal/publisher", "/internal/wait"},
	"/cmd/caravan/internal/blocklist":  {""},
	"/cmd/caravan/internal/replace":    {},
	"/cmd/caravan/internal/sourcelist": {"", "/cmd/caravan/internal/replace", "/cmd/caravan/internal/wording", "/fetcher", "/fetcher/polite", "/index/query", "/opml"},
	"/cmd/caravan/internal/trial":      {"", "/cmd/caravan/internal/replace", "/cmd/caravan/internal/wording", "/opml"},
	"/cmd/caravan/internal/wording":    {""},
}

func TestImportsPointOneWay(t *testing.T) {
	imports, err := archtest.Imports("../..")
	if err != nil {
		t.Fatal(err)
	}
	for pkg, found := range imports {
		if strings.HasPrefix(pkg, "/internal/") {
			if slices.Contains(found, "/cmd/caravan") {
				t.Errorf("%s imports the command", pkg)
			}
			continue
		}
		may, ok := allowed[pkg]
		if !ok {
			t.Errorf("package caravan%s is not in the plan of imports", pkg)
			continue
		}
		for _, p := range found {
			if !slices.Contains(may, p) {
				t.Errorf("caravan%s imports caravan%s, which it may not", pkg, p)
			}
		}
	}
	for pkg := range allowed {
		if _, ok := imports[pkg]; !ok {
			t.Errorf("the plan names caravan%s, which does not exist", pkg)
		}
	}
}
