package server

import (
	"container/list"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"caravan"
)

// A Limit is how many requests one address may make.
type Limit struct {
	PerSecond float64
	Burst     int
}

// The limits where none are given. Searches cost more than pages.
const (
	usualPerSecond, usualBurst   = 20, 100
	searchPerSecond, searchBurst = 4, 30
	limitedAddresses             = 10_000 // that a limiter remembers
)

// A limiter counts the requests of each address. It remembers as many addresses
// as it has room for; the one unseen for the longest starts afresh.
type limiter struct {
	limit Limit
	room  int

	mu    sync.Mutex
	order *list.List // of *counted, most recently seen first
	byKey map[netip.Prefix]*list.Element
}

// A counted address and what it may still ask.
type counted struct {
	key    netip.Prefix
	tokens *rate.Limiter
}

// newLimiter returns a limiter that has seen nobody.
func newLimiter(l Limit, room int) *limiter {
	return &limiter{limit: l, room: room, order: list.New(), byKey: map[netip.Prefix]*list.Element{}}
}

// wait returns how long the address has to wait before its request at now may
// be answered; zero lets it through and counts it.
func (l *limiter) wait(address netip.Addr, now time.Time) time.Duration {
	key := neighbourhood(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	if ok {
		l.order.MoveToFront(e)
	} else {
		e = l.order.PushFront(&counted{key, rate.NewLimiter(rate.Limit(l.limit.PerSecond), l.limit.Burst)})
		l.byKey[key] = e
		if l.order.Len() > l.room {
			last := l.order.Remove(l.order.Back()).(*counted)
			delete(l.byKey, last.key)
		}
	}
	tokens := e.Value.(*counted).tokens
	reservation := tokens.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	if delay > 0 {
		reservation.CancelAt(now)
	}
	return delay
}

// neighbourhood is what counts as one address: an IPv4 address, and the /64 of
// an IPv6 one, which is one household's.
func neighbourhood(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // fails for bits that the family does not have only
	return p
}

// clientAddress returns whose request r is, and whether it is to be limited. The
// word of a proxy is taken only if it is one of trusted; while none are known,
// private peers are not limited: one of them may be a proxy for everybody.
func clientAddress(remote, forwarded string, trusted []netip.Prefix) (netip.Addr, bool) {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}, false // the socket of the data directory
	}
	address := peer.Addr().Unmap()
	if len(trusted) == 0 {
		return address, !address.IsLoopback() && !address.IsPrivate() && !address.IsLinkLocalUnicast()
	}
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0 && contains(trusted, address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap()
	}
	return address, !contains(trusted, address)
}

// contains reports whether one of prefixes holds a.
func contains(prefixes []netip.Prefix, a netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// withLimits answers 429 to who asks too much.
func (s *Server) withLimits(next http.Handler) http.Handler {
	refuse := func(wait time.Duration) http.Handler {
		return s.withRequestID(s.withSecurity(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.tooMany(w, r, wait) })))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, limited := clientAddress(r.RemoteAddr, strings.Join(r.Header.Values("X-Forwarded-For"), ","), s.TrustedProxies)
		// What a page needs to look like one costs nothing, and is needed by the
		// page that says no, too.
		if limited && !s.face.files.Has(r.URL.Path) {
			now := s.Now()
			wait := s.usual.wait(address, now)
			switch {
			case wait > 0:
			case searches(r.URL.Path):
				wait = s.searching.wait(address, now)
			case completes(r.URL.Path):
				wait = s.completing.wait(address, now)
			}
			if wait > 0 {
				s.metrics.limited.Inc()
				refuse(wait).ServeHTTP(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// searches reports whether the path is one that asks the index.
func searches(path string) bool {
	return path == "/search" || strings.HasPrefix(path, "/search.") || strings.HasPrefix(path, "/api/v1/search")
}

// completes reports whether the path is one that is asked while somebody types:
// letter by letter, and answered in a fraction of a search.
func completes(path string) bool {
	return strings.HasPrefix(path, "/api/v1/complete") || strings.HasPrefix(path, "/api/v1/suggest")
}

// perSearch is how many completions count as one search.
const perSearch = 4

// times returns a limit that lets n times as much through.
func (l Limit) times(n int) Limit { return Limit{l.PerSecond * float64(n), l.Burst * n} }

// tooMany answers who has to wait.
func (s *Server) tooMany(w http.ResponseWriter, r *http.Request, wait time.Duration) {
	seconds := int(math.Ceil(wait.Seconds()))
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	w.Header().Set("Cache-Control", "no-store")
	s.failureFor(r.URL.Path)(w, r, http.StatusTooManyRequests,
		sentenceOf(caravan.TooManyAtOnce, seconds))
}
