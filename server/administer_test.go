package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"caravan"
)

// A stubAdmin notes what it is asked to do.
type stubAdmin struct {
	did []string
	err error
}

func (a *stubAdmin) note(format string, args ...any) error {
	a.did = append(a.did, fmt.Sprintf(format, args...))
	return a.err
}

func (a *stubAdmin) Poll(_ context.Context, sources []string, again bool, progress func(any)) error {
	progress(map[string]string{"kind": "begin", "source": "alpha"})
	progress(map[string]string{"kind": "done", "source": "alpha"})
	return a.note("poll %v %t", sources, again)
}

func (a *stubAdmin) Reindex(context.Context, func(any)) error { return a.note("reindex") }

func (a *stubAdmin) Verify(_ context.Context, repair bool, progress func(any)) error {
	progress(map[string]int{"stories": 3})
	return a.note("verify %t", repair)
}

func (a *stubAdmin) Accept(context.Context) (caravan.ListReport, error) {
	return caravan.ListReport{Kept: 3}, a.note("accept")
}

func (a *stubAdmin) Hide(_ context.Context, id string, erase bool) error {
	return a.note("hide %s %t", id, erase)
}

func (a *stubAdmin) Show(_ context.Context, id string) error { return a.note("show %s", id) }

func (a *stubAdmin) Explain(_ context.Context, address string) (caravan.Explanation, error) {
	return caravan.Explanation{Address: address}, a.note("explain %s", address)
}

func TestAdministration(t *testing.T) {
	admin := &stubAdmin{}
	h := serverOf(t, newMemory(3), func(c *Config) { c.Admin = admin }).AdminHandler()
	id := caravan.PublicID("a", "b")
	for _, test := range []struct{ path, did, answer string }{
		{"/admin/poll?source=alpha&source=beta&again=1", "poll [alpha beta] true", `{"kind":"begin","source":"alpha"}` + "\n" + `{"kind":"done","source":"alpha"}` + "\n" + `{"done":true}`},
		{"/admin/poll", "poll [] false", `{"done":true}`},
		{"/admin/reindex", "reindex", `{"done":true}`},
		{"/admin/verify", "verify false", `{"stories":3}` + "\n" + `{"done":true}`},
		{"/admin/verify?repair=1", "verify true", `{"done":true}`},
		{"/admin/accept", "accept", `"Kept":3`},
		{"/admin/hide?id=" + id, "hide " + id + " false", `{"done":true}`},
		{"/admin/hide?id=" + id + "&erase=1", "hide " + id + " true", `{"done":true}`},
		{"/admin/show?id=" + id, "show " + id, `{"done":true}`},
	} {
		w := ask(h, http.MethodPost, test.path)
		if w.Code != 200 || admin.did[len(admin.did)-1] != test.did || !strings.Contains(w.Body.String(), test.answer) {
			t.Errorf("POST %s = %d %q, did %q", test.path, w.Code, w.Body, admin.did[len(admin.did)-1])
		}
	}
	did := len(admin.did)
	for path, want := range map[string]int{"/admin/hide?id=nobody": 400, "/admin/show": 400} {
		if w := ask(h, http.MethodPost, path); w.Code != want || !strings.Contains(w.Body.String(), `"message"`) {
			t.Errorf("POST %s = %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/admin/poll", "/admin/accept", "/admin/hide?id=" + id} { // S30
		if w := get(h, path); w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Header().Get("Allow"), "POST") {
			t.Errorf("GET %s = %d", path, w.Code)
		}
	}
	if len(admin.did) != did {
		t.Errorf("did %v", admin.did[did:])
	}
	if w := get(h, "/feed.atom"); w.Code != 200 {
		t.Errorf("the public part = %d", w.Code)
	}
}

// A stream that has begun tells of a failure in its last line; one that has not
// answers with a status.
func TestCommandsThatFail(t *testing.T) {
	admin := &stubAdmin{err: &caravan.PublicError{Message: "No such source.", Err: caravan.ErrNotFound}}
	h := serverOf(t, newMemory(3), func(c *Config) { c.Admin = admin }).AdminHandler()
	w := ask(h, http.MethodPost, "/admin/poll")
	if w.Code != 200 || !strings.HasSuffix(w.Body.String(), `{"done":false,"error":"No such source."}`+"\n") {
		t.Errorf("poll = %d %s", w.Code, w.Body)
	}
	if w := ask(h, http.MethodPost, "/admin/reindex"); w.Code != 404 || !strings.Contains(w.Body.String(), "No such source.") {
		t.Errorf("reindex = %d %s", w.Code, w.Body)
	}
	admin.err = errors.New("inside")
	if w := ask(h, http.MethodPost, "/admin/accept"); w.Code != 500 || strings.Contains(w.Body.String(), "inside") {
		t.Errorf("accept = %d %s", w.Code, w.Body)
	}
}

func TestWithoutAdminNothingIsAdministered(t *testing.T) {
	if w := ask(serverOf(t, newMemory(1)).AdminHandler(), http.MethodPost, "/admin/poll"); w.Code != 404 {
		t.Errorf("= %d", w.Code)
	}
}
