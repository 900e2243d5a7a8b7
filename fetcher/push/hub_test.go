package push

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/fetcher/polite"
)

// E25: from a feed that names its hub to an item that the hub has sent and the
// planet serves.
func TestWhatAHubSendsIsServed(t *testing.T) {
	r := newRig(t)
	var kept []caravan.Subscription
	r.hub.answer = func(w http.ResponseWriter, _ *http.Request) {
		kept = r.subs() // before the request was made
		w.WriteHeader(http.StatusAccepted)
	}
	r.poll()
	r.tended()
	form := r.hub.last()
	for name, want := range map[string]string{"hub.mode": "subscribe", "hub.topic": r.site.URL + "/self", "hub.lease_seconds": "864000"} {
		if got := form.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	token, ours := strings.CutPrefix(form.Get("hub.callback"), "https://planet.example/push/")
	if secret := form.Get("hub.secret"); !ours || len(token) != 32 || len(secret) != 32 || secret == token {
		t.Errorf("callback %q, secret %q", form.Get("hub.callback"), secret)
	}
	if len(kept) != 1 || kept[0].Token != token || kept[0].Secret != form.Get("hub.secret") || kept[0].Live(noon) {
		t.Errorf("kept when the hub was asked: %+v", kept)
	}
	if status := r.hub.deliver(form, rss("two")); status != http.StatusNotFound {
		t.Errorf("a message before anything was agreed: %d", status)
	}
	if status, body := r.hub.ask(form, 10*24*time.Hour); status != http.StatusOK || body != "<b>challenge</b>" {
		t.Errorf("the hub's question is answered with %d %q", status, body)
	}
	if src := r.source(); !src.Push.Trusted || src.Push.Until.Sub(r.clock()).Round(time.Millisecond) != 10*24*time.Hour || src.Push.Hub != r.hub.URL+"/" {
		t.Errorf("the source's push is %+v", src.Push)
	}
	for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
		body := rss("by-" + method)
		if status := r.hub.send(form, body, sign(method, form.Get("hub.secret"), body)); status < 200 || status > 299 {
			t.Errorf("%s: answered with %d", method, status)
		}
		r.settle()
		if _, feed := r.get("/feed.atom"); !strings.Contains(feed, "Post by-"+method) || !strings.Contains(feed, "Post one") {
			t.Errorf("%s: not served, or something else is not any more", method)
		}
	}
	if r.tended(); r.hub.asked() != 1 {
		t.Errorf("asked %d times", r.hub.asked())
	}
}

// E25, S40: what is forged, unsigned or unknown changes nothing, except that its
// hub is not relied on after some of it.
func TestForgedMessageChangesNothing(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	before, subs := r.source(), r.subs()
	_, feed := r.get("/feed.atom")
	body := rss("forged")
	for name, signature := range map[string]string{
		"unsigned": "", "wrong secret": sign("sha256", "guess", body), "wrong body": sign("sha256", form.Get("hub.secret"), body+"x"), "wrong method": "md5=00", "garbage": "%%%",
	} {
		if status := r.hub.send(form, body, signature); status != http.StatusAccepted {
			t.Errorf("%s: answered with %d, as if it mattered", name, status)
		}
	}
	if len(r.queue) > 0 {
		t.Error("something was taken")
	}
	after, subsAfter := r.source(), r.subs()
	if after.Push.Trusted || subsAfter[0].Trusted {
		t.Error("the hub is still relied on")
	}
	after.Push.Trusted, subsAfter[0].Trusted = true, true
	if _, now := r.get("/feed.atom"); now != feed || after.State != before.State || after.Push != before.Push || subsAfter[0] != subs[0] || r.awake != 1 {
		t.Error("something has changed")
	}
	if log := r.log.String(); strings.Count(log, "ignored") != 5 || strings.Contains(log, form.Get("hub.secret")) || strings.Contains(log, subs[0].Token) {
		t.Errorf("logged:\n%s", log)
	}
	if _, metrics := r.get("/metrics"); !strings.Contains(metrics, `caravan_push_messages_total{receipt="forged"} 2`) || !strings.Contains(metrics, `caravan_push_messages_total{receipt="unsigned"} 3`) {
		t.Error("not counted")
	}
}

// E25, S40
func TestUnknownCallbackIsNotThere(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	until := r.subs()[0].Until
	for name, change := range map[string][]string{
		"topic": {"hub.topic", r.site.URL + "/feed"}, "no topic": {"hub.topic", ""}, "mode": {"hub.mode", "unsubscribe"}, "no mode": {"hub.mode", ""}, "other mode": {"hub.mode", "publish"},
	} {
		if status, body := r.hub.ask(form, time.Hour, change...); status != http.StatusNotFound || strings.Contains(body, "challenge") {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
	unknown := map[string][]string{"hub.mode": {"subscribe"}, "hub.topic": form["hub.topic"], "hub.callback": {"https://planet.example/push/" + strings.Repeat("a", 32)}, "hub.secret": form["hub.secret"]}
	if status, _ := r.hub.ask(unknown, time.Hour); status != http.StatusNotFound {
		t.Errorf("question under an unknown callback: %d", status)
	}
	if status := r.hub.deliver(unknown, rss("two")); status != http.StatusNotFound {
		t.Errorf("message under an unknown callback: %d", status)
	}
	if got := r.subs()[0].Until; !got.Equal(until) {
		t.Errorf("the lease ends %v, was %v", got, until)
	}
}

// S40: a body over the cap is not taken, genuine or not.
func TestMessageOverTheCapIsRefused(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	if status := r.hub.deliver(form, rss("big", strings.Repeat("x", 20_000))); status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered with %d", status)
	}
	if _, feed := r.get("/feed.atom"); strings.Contains(feed, "Post big") {
		t.Error("it was taken")
	}
	if status := r.hub.deliver(form, rss("small")); status != http.StatusAccepted {
		t.Errorf("the next one is answered with %d", status)
	}
}

// E25: renewed before it ends; while there is a lease the source rests a day;
// when there is none any more it is polled as usual.
func TestLeaseIsRenewedAndLapses(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait < 23*time.Hour {
		t.Errorf("next poll in %v while a lease is live", wait)
	}
	r.later(6 * 24 * time.Hour)
	if r.tended(); r.hub.asked() != 1 {
		t.Error("renewed too early")
	}
	r.later(24*time.Hour + time.Minute)
	r.tended()
	renewal := r.hub.last()
	if r.hub.asked() != 2 || renewal.Get("hub.callback") != form.Get("hub.callback") || renewal.Get("hub.secret") != form.Get("hub.secret") {
		t.Fatalf("not renewed: %v", renewal)
	}
	since := r.subs()[0].Since
	r.hub.ask(renewal, 10*24*time.Hour)
	if sub := r.subs()[0]; sub.Until.Sub(r.clock()).Round(time.Millisecond) != 10*24*time.Hour || !sub.Since.Equal(since) {
		t.Errorf("after the renewal: %+v", sub)
	}
	for range 10 { // the hub is silent from now on
		r.later(24 * time.Hour)
		r.tended()
		r.poll()
	}
	r.later(time.Hour)
	r.poll()
	if st := r.source().State; st.NextPoll.UnixMilli() != st.Usual.UnixMilli() {
		t.Errorf("next poll at %v although the lease has lapsed, usual is %v", st.NextPoll, st.Usual)
	}
	asked := r.site.asked
	r.later(24 * time.Hour)
	if r.poll(); r.site.asked != asked+1 {
		t.Error("polling has stopped")
	}
}

// E25: everything survives a restart; nothing is asked twice for it.
func TestSubscriptionSurvivesARestart(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.restart()
	r.tended()
	if r.hub.asked() != 1 {
		t.Error("the hub was asked again")
	}
	if r.hub.deliver(form, rss("two")); r.source().Items != 2 {
		t.Error("the secret is lost")
	}
	r.restart()
	r.later(8*24*time.Hour + time.Minute)
	r.tended()
	if r.hub.asked() != 2 || r.hub.last().Get("hub.callback") != form.Get("hub.callback") {
		t.Error("not renewed after a restart")
	}
}

// E25: a hub that says yes and never asks back is asked less and less often, and
// its source is polled as if there were none.
func TestHubThatNeverVerifies(t *testing.T) {
	r := newRig(t)
	r.poll()
	end := r.clock().Add(60 * 24 * time.Hour)
	for r.clock().Before(end) {
		r.tended()
		r.later(time.Hour)
	}
	if n := r.hub.asked(); n < 8 || n > 20 {
		t.Errorf("asked %d times in two months", n)
	}
	if sub := r.subs()[0]; sub.Trouble == "" || sub.Live(r.clock()) {
		t.Errorf("kept: %+v", sub)
	}
	r.poll()
	if st := r.source().State; st.NextPoll.UnixMilli() != st.Usual.UnixMilli() {
		t.Errorf("next poll at %v, usual is %v", st.NextPoll, st.Usual)
	}
}

// E25: what is about another feed, or cannot be read, changes nothing but that
// the source is polled as soon as it may be.
func TestUselessMessageLeadsToAPoll(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	other := strings.Replace(rss("stolen"), "<title>Blog", `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="https://other.example/feed"/><title>Blog`, 1)
	for name, body := range map[string]string{
		"another feed": other, "another site": strings.ReplaceAll(rss("stolen"), "https://blog.example/<", "https://other.example/<"), "no feed": "<html>", "nothing": "", "broken": rss()[:60],
	} {
		before := r.source()
		if status := r.hub.deliver(form, body); status != http.StatusAccepted {
			t.Errorf("%s: answered with %d", name, status)
		}
		after := r.source()
		if after.Items != 1 || after.State.Validators != before.State.Validators || after.Feed.Title != before.Feed.Title || after.State.Failures > 0 {
			t.Errorf("%s: the source is now %+v", name, after)
		}
	}
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait > time.Hour || wait < 50*time.Minute || r.awake == 0 {
		t.Errorf("next poll in %v, want an hour after the last", wait)
	}
	r.site.publish("two")
	r.later(time.Hour)
	if sum := r.poll(); sum.New != 1 {
		t.Errorf("polled %+v", sum)
	}
}

// E25: part of a feed is not the feed.
func TestPartOfAFeedTakesNothingAway(t *testing.T) {
	r := newRig(t)
	r.site.publish("two", "three")
	form := r.subscribed()
	before := r.source()
	r.hub.deliver(form, rss("four"))
	after := r.source()
	if after.Items != 4 || after.State.Validators != before.State.Validators || after.State.Rhythm != before.State.Rhythm || !after.State.NextPoll.Equal(before.State.NextPoll) {
		t.Errorf("the source is now %+v", after)
	}
	r.site.publish("four")
	r.later(24 * time.Hour)
	if sum := r.poll(); sum.New != 0 || sum.Polled != 1 {
		t.Errorf("what was sent is new again: %+v", sum)
	}
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait < 23*time.Hour {
		t.Errorf("next poll in %v although nothing was missed", wait)
	}
	r.site.publish("missed")
	r.later(25 * time.Hour)
	if sum := r.poll(); sum.New != 1 || r.source().Push.Trusted {
		t.Errorf("a miss is not noticed: %+v", sum)
	}
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait > 12*time.Hour {
		t.Errorf("next poll in %v after a miss", wait)
	}
}

// E25: a hub that fails is left for the next one, and asked again later.
func TestHubThatFailsIsLeftForTheNext(t *testing.T) {
	r := newRig(t)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "out\nof order", http.StatusInternalServerError)
	}))
	defer broken.Close()
	r.site.links = append([]string{"<" + broken.URL + ">; rel=hub"}, r.site.links...)
	r.poll()
	r.tended()
	if sub := r.subs()[0]; sub.Hub != broken.URL || sub.Trouble != "the hub answers 500: out of order" || sub.NextTry.Sub(r.clock()) > time.Minute {
		t.Fatalf("kept: %+v", sub)
	}
	first := r.subs()[0].Token
	r.later(time.Minute)
	r.tended()
	form := r.hub.last()
	if sub := r.subs(); len(sub) != 1 || sub[0].Hub != r.hub.URL+"/" || sub[0].Token == first {
		t.Errorf("kept: %+v", sub)
	}
	if status, _ := r.hub.ask(form, 24*time.Hour); status != http.StatusOK {
		t.Errorf("the second hub's question: %d", status)
	}
}

func TestHubThatCannotBeReachedHoldsUpNobody(t *testing.T) {
	r := newRig(t)
	dead := httptest.NewServer(http.NotFoundHandler())
	dead.Close()
	r.site.links = []string{"<" + dead.URL + ">; rel=hub"}
	second := newStubSite(t)
	second.links = []string{"<" + r.hub.URL + "/>; rel=hub"}
	r.list("Blog "+r.site.URL+"/feed", "Third "+r.site.URL+"/third", "Second "+second.URL+"/feed")
	for range 3 {
		r.poll()
		r.later(time.Minute)
	}
	r.tended()
	if r.hub.asked() != 1 || r.hub.last().Get("hub.topic") != second.URL+"/feed" {
		t.Errorf("the other hub was asked %d times", r.hub.asked())
	}
	if subs := r.subs(); len(subs) != 2 {
		t.Errorf("a hub that does not answer was asked for another source at once: %+v", subs)
	}
}

// E25: hubs may send on to others (WebSub, 5.1.2), within bounds.
func TestHubSendsOn(t *testing.T) {
	for status, taken := range map[int]bool{301: false, 302: false, 303: false, 307: true, 308: true} {
		r := newRig(t)
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Location", r.hub.URL+"/real")
			w.WriteHeader(status)
		}))
		defer front.Close()
		r.site.links = []string{"<" + front.URL + ">; rel=hub"}
		r.poll()
		r.tended()
		if got := r.hub.asked() == 1 && r.hub.last().Get("hub.mode") == "subscribe"; got != taken {
			t.Errorf("%d: followed is %v", status, got)
		}
	}
	r := newRig(t)
	asked := 0
	circle := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked++
		w.Header().Set("Location", "/again")
		w.WriteHeader(http.StatusTemporaryRedirect)
	}))
	defer circle.Close()
	r.site.links = []string{"<" + circle.URL + ">; rel=hub"}
	r.poll()
	r.tended()
	if sub := r.subs()[0]; asked != maxHops || !strings.Contains(sub.Trouble, "too many times") || sub.NextTry.Sub(r.clock()) < 20*time.Hour {
		t.Errorf("in a circle asked %d times: %+v", asked, sub)
	}
}

// E25: a refusal is taken for one, for long.
func TestDenied(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	r.later(12 * time.Hour)
	if status, body := r.hub.ask(form, 0, "hub.mode", "denied", "hub.reason", "too many", "hub.challenge", ""); status != http.StatusOK || body != "" {
		t.Errorf("answered with %d %q", status, body)
	}
	if src := r.source(); !src.Push.Denied || !strings.Contains(src.Push.Trouble, "too many") || src.State.NextPoll.After(r.clock()) {
		t.Errorf("the source is now %+v", src)
	}
	r.later(13 * 24 * time.Hour)
	if r.tended(); r.hub.asked() != 1 {
		t.Error("asked again soon")
	}
	r.later(2 * 24 * time.Hour)
	if r.tended(); r.hub.asked() != 2 {
		t.Error("never asked again")
	}
}

// E25: the end of a subscription is asked for where it is not wanted any more,
// and confirmed only then.
func TestWhatIsNotWantedAnyMoreIsLeft(t *testing.T) {
	changes := map[string]func(r *rig){
		"source removed": func(r *rig) { r.list("Other " + newStubSite(r.t).URL + "/feed") },
		"hub changed": func(r *rig) {
			r.site.links = []string{"<" + newStubSite(r.t).URL + "/hub>; rel=hub", r.site.links[1]}
			r.site.publish("x")
			r.later(25 * time.Hour)
			r.poll()
		},
		"base changed": func(r *rig) { r.base = "https://new.example"; r.restart() },
	}
	for name, change := range changes {
		r := newRig(t)
		form := r.subscribed()
		if status, _ := r.hub.ask(form, 0, "hub.mode", "unsubscribe"); status != http.StatusNotFound {
			t.Errorf("%s: an end that nobody asked for: %d", name, status)
		}
		change(r)
		r.tended()
		var end map[string][]string
		for _, f := range r.hub.forms {
			if f.Get("hub.mode") == "unsubscribe" {
				end = f
			}
		}
		if end == nil || end["hub.callback"][0] != form.Get("hub.callback") || end["hub.secret"] != nil {
			t.Errorf("%s: asked %v", name, r.hub.forms)
			continue
		}
		if status := r.hub.deliver(form, rss("late")); status != http.StatusGone {
			t.Errorf("%s: a message after all is answered with %d", name, status)
		}
		if status, body := r.hub.ask(end, 0); status != http.StatusOK || body != "<b>challenge</b>" {
			t.Errorf("%s: the hub's question: %d %q", name, status, body)
		}
		for _, sub := range r.subs() {
			if sub.Callback == form.Get("hub.callback") {
				t.Errorf("%s: still kept", name)
			}
		}
	}
}

// E25: without an address that hubs can reach nothing is asked of any, and what
// there was is forgotten.
func TestWithoutAPublicAddressThereAreNoSubscriptions(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	r.base = "http://planet.local:8080"
	r.restart()
	r.later(time.Hour)
	r.tended()
	if len(r.subs()) != 0 || r.hub.asked() != 1 {
		t.Errorf("kept %+v, asked %d times", r.subs(), r.hub.asked())
	}
	if status := r.hub.deliver(form, rss("two")); status != http.StatusNotFound {
		t.Errorf("a message is answered with %d", status)
	}
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait > 12*time.Hour {
		t.Errorf("next poll in %v", wait)
	}
}

// E25, S01: hubs on private addresses are refused, and not asked again and again.
func TestPrivateHubIsRefused(t *testing.T) {
	guarded := polite.New(polite.Config{UserAgent: "caravan/1"})
	defer guarded.Close()
	r := newRig(t, func(c *Config) {
		c.Client, c.Allowed = guarded.Plain(), nil
	})
	r.poll()
	for range 100 {
		r.tended()
		r.later(time.Minute)
	}
	if sub := r.subs()[0]; r.hub.asked() != 0 || sub.Tries > 3 || !strings.Contains(sub.Trouble, "not public") {
		t.Errorf("asked %d times: %+v", r.hub.asked(), sub)
	}
}

func TestBlockedHubIsNotAsked(t *testing.T) {
	blocked := ""
	r := newRig(t, func(c *Config) {
		c.Blocked = func(address string) string {
			if blocked != "" && strings.HasPrefix(address, blocked) {
				return "it was asked for"
			}
			return ""
		}
	})
	blocked = r.hub.URL
	r.poll()
	if r.tended(); r.hub.asked() != 0 || len(r.subs()) != 0 {
		t.Error("a blocked hub was asked")
	}
	blocked = ""
	r.subscribed()
	blocked = r.hub.URL
	if r.tended(); r.hub.asked() != 1 || len(r.subs()) != 1 || !strings.Contains(r.subs()[0].Trouble, "it was asked for") {
		t.Errorf("kept: %+v", r.subs())
	}
}

// E25: where too much waits already the hub is thanked and the source polled.
func TestFullQueueLeadsToAPoll(t *testing.T) {
	r := newRig(t)
	form := r.subscribed()
	r.later(24 * time.Hour)
	r.poll()
	for i := range queued + 2 {
		body := rss("post-" + strconv.Itoa(i))
		if status := r.hub.send(form, body, sign("sha1", form.Get("hub.secret"), body)); status != http.StatusAccepted {
			t.Fatalf("message %d is answered with %d", i, status)
		}
	}
	if wait := r.source().State.NextPoll.Sub(r.clock()); wait > time.Hour || r.awake != 2 {
		t.Errorf("next poll in %v", wait)
	}
	if r.settle(); r.source().Items != queued+1 {
		t.Errorf("%d items, want those that had room", r.source().Items)
	}
	if !r.enqueue(parcel{message: caravan.PushMessage{Body: make([]byte, queuedBytes)}}) || r.enqueue(parcel{message: caravan.PushMessage{Body: []byte("x")}}) {
		t.Error("bytes are not counted, or never given back")
	}
}
