package polite

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"caravan"
)

func TestRedirectIsFollowedOnlyWhereTheCallerLetsIt(t *testing.T) {
	var asked []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		if r.URL.Path != "/c" {
			http.Redirect(w, r, string([]byte{'/', r.URL.Path[1] + 1}), http.StatusMovedPermanently)
		}
	})
	client := newClient(t)
	var offered []string
	until := func(last string) func(context.Context, string) bool {
		return func(_ context.Context, address string) bool {
			offered = append(offered, strings.TrimPrefix(address, server.URL))
			return !strings.HasSuffix(address, last)
		}
	}
	_, err := client.Get(t.Context(), Request{URL: server.URL + "/a", Follow: until("/c")})
	if e := failed(t, err, caravan.FailRedirect); !e.Sent || !errors.Is(err, errAstray) {
		t.Errorf("failure = %+v", e)
	}
	if !slices.Equal(asked, []string{"/a", "/b"}) || !slices.Equal(offered, []string{"/b", "/c"}) {
		t.Errorf("asked for %q and was asked about %q", asked, offered)
	}
	if answer, err := client.Get(t.Context(), Request{URL: server.URL + "/a", Follow: until("/d")}); err != nil || answer.Hops != 2 {
		t.Errorf("a chain that is let through fails: %v", err)
	}
}
