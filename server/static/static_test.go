package static

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAddressesNameTheirContent(t *testing.T) {
	one, err := New("/far", map[string][]byte{"theme/theme.css": []byte("a{}")})
	if err != nil {
		t.Fatal(err)
	}
	two, err := New("/far", map[string][]byte{"theme/theme.css": []byte("b{}")})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"caravan.css", "caravan.js", "icon.svg", "fonts/piazzolla-latin.woff2", "theme/theme.css"} {
		a, err := one.Address(name)
		if err != nil || !strings.HasPrefix(a, "/far/static/") {
			t.Errorf("Address(%s) = %q, %v", name, a, err)
		}
		b, err := two.Address(name)
		if err != nil || (a == b) != (name != "theme/theme.css") {
			t.Errorf("Address(%s) = %q and %q, %v", name, a, b, err)
		}
		path := strings.TrimPrefix(a, "/far")
		w := httptest.NewRecorder()
		one.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if !one.Has(path) || w.Code != 200 || w.Body.Len() != one.Size(name) || w.Header().Get("Content-Type") == "" {
			t.Errorf("GET %s = %d, %d bytes", path, w.Code, w.Body.Len())
		}
	}
	if _, err := one.Address("nothing.css"); err == nil || one.Has("/static/caravan.css") {
		t.Error("a file is there that is not")
	}
}

func TestStylesheetLoadsFontsByTheirAddress(t *testing.T) {
	f, err := New("", nil)
	if err != nil {
		t.Fatal(err)
	}
	address, err := f.Address("caravan.css")
	if err != nil {
		t.Fatal(err)
	}
	font, err := f.Address("fonts/piazzolla-latin.woff2")
	if err != nil {
		t.Fatal(err)
	}
	if css := string(f.content[address].data); !strings.Contains(css, "url("+font+")") || strings.Contains(css, "url(fonts/") {
		t.Error("the stylesheet names fonts without their content's name")
	}
}
