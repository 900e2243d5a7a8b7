package push

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher"
	"caravan/fetcher/polite"
	"caravan/server"
	"caravan/store"
)

// A rig is what the program is made of: a store, a server, a poller and a
// subscriber, beside a publisher and a hub on loopback. Its clock is moved by
// hand; hubs reach the server although its address is of the public web.
type rig struct {
	*Subscriber
	t      *testing.T
	path   string
	base   string
	client *polite.Client
	store  *store.Store
	poller *fetcher.Poller
	web    *httptest.Server // the planet
	hub    *stubHub
	site   *stubSite
	log    bytes.Buffer
	change []func(*Config)

	mu    sync.Mutex
	now   time.Time
	awake int // how often the poller was woken
}

func newRig(t *testing.T, change ...func(*Config)) *rig {
	t.Helper()
	r := &rig{t: t, path: filepath.Join(t.TempDir(), "caravan.db"), base: "https://planet.example", now: noon.Add(123456 * time.Nanosecond), change: change}
	r.client = polite.New(polite.Config{
		UserAgent: "caravan/1 (+https://planet.example/about)", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: r.clock, Wait: r.wait,
	})
	t.Cleanup(r.client.Close)
	r.hub, r.site = newStubHub(r), newStubSite(t)
	r.site.links = []string{"<" + r.hub.URL + "/>; rel=hub", "<" + r.site.URL + "/self>; rel=self"}
	r.open()
	t.Cleanup(func() { r.web.Close(); r.store.Close() })
	r.list("Blog " + r.site.URL + "/feed")
	return r
}

// open opens what is in the data directory, as at a start of the program.
func (r *rig) open() {
	r.t.Helper()
	var err error
	r.store, err = store.Open(context.Background(), store.Config{
		Path: r.path, Now: r.clock, Log: slog.New(slog.DiscardHandler), Floor: time.Hour, HostKey: r.client.HostKey, Match: fetcher.Match, SameStory: fetcher.SameStory,
		Rule: func(string, caravan.Item) (bool, error) { return true, nil },
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.poller = fetcher.New(fetcher.Config{Store: r.store, Client: r.client, Now: r.clock, Wait: r.wait, Jitter: func(string, time.Time) float64 { return 0 }})
	c := Config{
		Store: r.store, Client: r.client.Plain(), Base: ReachableBase(r.base, r.client.Allowed), UserAgent: "caravan/1", Allowed: r.client.Allowed, Now: r.clock, Wait: r.wait,
		Log: slog.New(slog.NewTextHandler(&r.log, nil)), Wake: func() { r.awake++ },
		Read: func(body []byte, contentType string, s caravan.Source) (caravan.Document, error) {
			return fetcher.Read(fetcher.Raw{Body: body, ContentType: contentType, URL: s.URL, SourceLanguage: s.Language, Now: r.clock()})
		},
	}
	for _, f := range r.change {
		f(&c)
	}
	r.Subscriber = New(c)
	planet, err := server.New(server.Config{Store: r.store, Index: noIndex{}, Push: r.Subscriber, PushBytes: 10_000, BaseURL: r.base, Now: r.clock})
	if err != nil {
		r.t.Fatal(err)
	}
	r.web = httptest.NewServer(planet.Handler())
}

// restart closes everything and opens it again.
func (r *rig) restart() {
	r.t.Helper()
	r.web.Close()
	if err := r.store.Close(); err != nil {
		r.t.Fatal(err)
	}
	r.open()
}

// noIndex finds nothing.
type noIndex struct{}

func (noIndex) Search(context.Context, caravan.SearchRequest) (caravan.SearchResult, error) {
	return caravan.SearchResult{}, nil
}

func (r *rig) clock() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

// wait moves the clock by what is waited for.
func (r *rig) wait(ctx context.Context, d time.Duration) error {
	r.later(d)
	return ctx.Err()
}

// later moves the clock.
func (r *rig) later(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// list takes over a list of "title address" lines; none is an empty list.
func (r *rig) list(lines ...string) {
	r.t.Helper()
	c := caravan.ListCommunity{Path: []string{"Labs"}}
	for i, l := range lines {
		title, address, _ := strings.Cut(l, " ")
		c.Sources = append(c.Sources, caravan.ListSource{Title: title, URL: address, Line: i + 1})
	}
	if _, err := r.store.SyncList(r.t.Context(), caravan.List{Title: "Planet", Hash: fmt.Sprint(lines), Communities: []caravan.ListCommunity{c}}, true); err != nil {
		r.t.Fatal(err)
	}
}

// poll polls what is due.
func (r *rig) poll() fetcher.Summary {
	r.t.Helper()
	sum, err := r.poller.Pass(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return sum
}

// tended does what is due with hubs.
func (r *rig) tended() {
	r.t.Helper()
	if _, err := r.tend(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// settle reads what hubs have sent, as Run does meanwhile.
func (r *rig) settle() {
	for len(r.queue) > 0 {
		r.read(r.t.Context(), <-r.queue)
	}
}

// subs returns the subscriptions that are kept.
func (r *rig) subs() []caravan.Subscription {
	r.t.Helper()
	subs, err := r.store.Subscriptions(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return subs
}

func (r *rig) source() caravan.Source {
	r.t.Helper()
	s, err := r.store.Source(r.t.Context(), "blog")
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

// subscribed polls, subscribes, and lets the hub confirm a lease of ten days.
func (r *rig) subscribed() url.Values {
	r.t.Helper()
	r.poll()
	r.tended()
	form := r.hub.last()
	if status, _ := r.hub.ask(form, 10*24*time.Hour); status != http.StatusOK {
		r.t.Fatalf("the hub's question is answered with %d", status)
	}
	return form
}

// get asks the planet for a page.
func (r *rig) get(path string) (int, string) {
	r.t.Helper()
	return r.answer(http.Get(r.web.URL + path))
}

func (r *rig) answer(resp *http.Response, err error) (int, string) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// A stubHub notes what it is asked. It asks back and sends when it is told to.
type stubHub struct {
	*httptest.Server
	rig    *rig
	answer func(w http.ResponseWriter, r *http.Request) // nil: 202

	mu    sync.Mutex
	forms []url.Values
}

func newStubHub(r *rig) *stubHub {
	h := &stubHub{rig: r}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := req.ParseForm(); err != nil || req.Method != http.MethodPost || req.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || req.UserAgent() != "caravan/1" {
			r.t.Errorf("%s %v %v", req.Method, req.Header, err)
		}
		h.mu.Lock()
		h.forms = append(h.forms, req.PostForm)
		h.mu.Unlock()
		if h.answer != nil {
			h.answer(w, req)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	r.t.Cleanup(h.Close)
	return h
}

// asked returns how many requests there were.
func (h *stubHub) asked() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.forms)
}

// last returns the newest request.
func (h *stubHub) last() url.Values {
	h.rig.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.forms) == 0 {
		h.rig.t.Fatal("the hub was not asked")
	}
	return h.forms[len(h.forms)-1]
}

// at is where the planet really answers for a callback.
func (h *stubHub) at(callback string) string {
	return h.rig.web.URL + "/push/" + callback[strings.LastIndexByte(callback, '/')+1:]
}

// ask asks back about a request, with changes given as name and value.
func (h *stubHub) ask(form url.Values, lease time.Duration, change ...string) (int, string) {
	h.rig.t.Helper()
	q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {"<b>challenge</b>"}, "hub.lease_seconds": {fmt.Sprint(int(lease.Seconds()))}}
	for i := 0; i < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	resp, err := http.Get(h.at(form.Get("hub.callback")) + "?" + q.Encode())
	if err == nil && resp.StatusCode == http.StatusOK && resp.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		h.rig.t.Errorf("answered as %s", resp.Header.Get("Content-Type"))
	}
	return h.rig.answer(resp, err)
}

// send sends a body under a callback, with the signature given.
func (h *stubHub) send(form url.Values, body, signature string) int {
	h.rig.t.Helper()
	req, err := http.NewRequest(http.MethodPost, h.at(form.Get("hub.callback")), strings.NewReader(body))
	if err != nil {
		h.rig.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/rss+xml")
	if signature != "" {
		req.Header.Set("X-Hub-Signature", signature)
	}
	status, _ := h.rig.answer(http.DefaultClient.Do(req))
	return status
}

// deliver sends a body as a hub should, and lets it be read.
func (h *stubHub) deliver(form url.Values, body string) int {
	h.rig.t.Helper()
	status := h.send(form, body, sign("sha256", form.Get("hub.secret"), body))
	h.rig.settle()
	return status
}

// A stubSite publishes one feed.
type stubSite struct {
	*httptest.Server
	mu    sync.Mutex
	links []string // Link headers
	posts []string
	asked int
}

func newStubSite(t *testing.T) *stubSite {
	s := &stubSite{posts: []string{"one"}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked++
		tag := fmt.Sprintf(`"%d"`, len(s.posts))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for _, l := range s.links {
			w.Header().Add("Link", l)
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		io.WriteString(w, rss(s.posts...))
	}))
	t.Cleanup(s.Close)
	return s
}

// publish adds posts.
func (s *stubSite) publish(posts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = append(s.posts, posts...)
}

// rss is a feed of posts.
func rss(posts ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link>`)
	for i, p := range posts {
		fmt.Fprintf(&b, `<item><guid>https://blog.example/%s</guid><link>https://blog.example/%s</link><title>Post %s</title><description>The words of post %s, which are its own.</description><pubDate>%s</pubDate></item>`,
			p, p, p, p, noon.Add(time.Duration(i-100)*time.Hour).Format(time.RFC1123Z))
	}
	return b.String() + `</channel></rss>`
}
