package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestPostsAreExplainedOnTheSocketOnly(t *testing.T) {
	admin := &stubAdmin{}
	s := serverOf(t, newMemory(3), func(c *Config) { c.Admin = admin })
	h := s.AdminHandler()
	if w := get(h, "/admin/explain?url=https%3A%2F%2Fe.org%2F%3Fa%3D1"); w.Code != 200 || !strings.Contains(w.Body.String(), `"address":"https://e.org/?a=1"`) {
		t.Errorf("explain = %d %s", w.Code, w.Body)
	}
	if w := get(h, "/admin/explain?url=+"); w.Code != http.StatusBadRequest || len(admin.did) != 1 {
		t.Errorf("explain of nothing = %d, did %v", w.Code, admin.did)
	}
	if w := get(h, "/admin/sources"); w.Code != 200 || !strings.Contains(w.Body.String(), `"Slug":"alpha"`) {
		t.Errorf("sources = %d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/admin/explain?url=x", "/admin/sources"} {
		if w := get(s.Handler(), path); w.Code != http.StatusNotFound {
			t.Errorf("the public gets %s: %d", path, w.Code)
		}
	}
}
