package polite

import (
	"net/http"
	"sync/atomic"
	"testing"

	"caravan"
)

func TestMostCountsRedirectsToo(t *testing.T) {
	var asked atomic.Int64
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path != "/c" {
			http.Redirect(w, r, string(r.URL.Path[0])+string(r.URL.Path[1]+1), http.StatusMovedPermanently)
		}
	})
	client := newClient(t)
	_, err := client.Get(t.Context(), Request{URL: server.URL + "/a", Most: 2})
	failed(t, err, caravan.FailRedirect)
	if n := asked.Load(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	if answer, err := client.Get(t.Context(), Request{URL: server.URL + "/a", Most: 3}); err != nil || answer.Hops != 2 {
		t.Errorf("three requests do not lead to the end: %v", err)
	}
}
