package page

import (
	"slices"
	"sort"
	"time"

	"caravan"
)

// RunInput is what the page of the first run is made from.
type RunInput struct {
	Sources []caravan.Source
	Stories []caravan.Story // the newest that have arrived
	List    caravan.ListState
	Floor   time.Duration // the least time between two polls of a source
}

// A Run is the page of the first run: how far the first polls are.
type Run struct {
	Frame
	Shapes     []Symbol // of what the script swaps
	Heading    string
	Procession []Walker
	Done, All  int
	Progress   string
	Left       string
	Poll       bool // the script asks again
	Failed     *Link
	Ticks      []Tick
	Items      []Item
	Refresh    string
	Empty      bool
}

// A Walker is a community in a procession, sized by what it published.
type Walker struct {
	Link
	Size int // 2 to 9
	Off  bool
}

// A Tick is a source on the list of the first run.
type Tick struct {
	Source Link
	State  string // ok, bad, now or wait
	Note   string
}

// FirstRun reports whether sources are being read for the first time and most
// of them still wait, so that the home page shows how far that is.
func FirstRun(sources []caravan.Source, stories int) bool {
	read, all := readOnce(sources)
	if all == 0 {
		return stories == 0
	}
	return read < all && (stories == 0 || 2*read < all)
}

// readOnce counts the sources that have been polled, and those that are.
func readOnce(sources []caravan.Source) (read, all int) {
	for _, s := range sources {
		if s.Settings.Paused {
			continue
		}
		all++
		if !s.State.LastPoll.IsZero() {
			read++
		}
	}
	return read, all
}

// Run makes the page of the first run.
func (c Context) Run(in RunInput) Run {
	b := c.builder()
	l := c.Lang
	read, all := readOnce(in.Sources)
	v := Run{Heading: l.T("run.heading"), Done: read, All: all, Poll: read < all || all == 0, Refresh: b.href("/", nil), Empty: all == 0}
	articles, failed := 0, 0
	for _, s := range in.Sources {
		articles += s.Items
		v.Ticks = append(v.Ticks, b.tick(s, in.Floor, &failed))
	}
	v.Progress = l.T("run.progress", read, all, articles)
	if left := timeLeft(in.Sources, c.Now); left > 0 {
		v.Left = l.T("run.left", l.Length(left))
	}
	if failed > 0 {
		v.Failed = &Link{Text: l.T("run.failed", failed), Href: b.href("/sources", nil) + "#care"}
	}
	count := map[string]int{}
	for _, community := range c.Communities {
		count[community.Slug] = community.Items
	}
	v.Procession = b.procession(count, "run.not-read")
	for _, s := range in.Stories {
		v.Items = append(v.Items, b.item(s, listing{when: b.date}))
	}
	v.Frame = b.frame(v.Heading+", "+c.Site.Title, "/")
	v.Shapes, v.Symbols = v.Symbols, nil
	return v
}

// tick is one source of the list.
func (b *builder) tick(s caravan.Source, floor time.Duration, failed *int) Tick {
	t := Tick{Source: b.sourceLink(s), State: "wait", Note: b.Lang.T("run.waiting")}
	switch st := SourceStatus(s, b.Now); {
	case st.Code == StatusPaused:
		t.Note = st.Word(b.Lang)
	case readingNow(s, floor, b.Now):
		t.State, t.Note = "now", b.Lang.T("run.reading")
	case st.Code == StatusNew:
	case st.Code == StatusFailing, st.Code == StatusBlocked, st.Code == StatusGone:
		*failed++
		t.State, t.Note = "bad", b.Lang.T("run.tick-failed")
		b.use(Symbol{ID: "s-bad", Path: states["bad"]})
	default:
		t.State, t.Note = "ok", b.Lang.Number(s.Items)
		b.use(Symbol{ID: "s-ok", Path: states["ok"]})
	}
	return t
}

// longestRequest is how long a source may be taken to be read after its poll
// began; then it rather was cut off.
const longestRequest = 2 * time.Minute

// readingNow reports whether the first poll of a source has begun and not ended:
// a claim puts the next poll a floor away.
func readingNow(s caravan.Source, floor time.Duration, now time.Time) bool {
	begun := s.State.NextPoll.Add(-floor)
	return s.State.LastPoll.IsZero() && floor > 0 && !begun.After(now) && now.Sub(begun) < longestRequest
}

// timeLeft estimates how long the rest of the first polls takes, from how long
// those that were made took; zero while that cannot be told.
func timeLeft(sources []caravan.Source, now time.Time) time.Duration {
	var first time.Time
	for _, s := range sources {
		if at := s.State.LastPoll; !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	read, all := readOnce(sources)
	if read < 3 || read == all || !now.After(first) {
		return 0
	}
	left := now.Sub(first) * time.Duration(all-read) / time.Duration(read)
	return max(left, time.Minute)
}

// procession lines up the communities, the smallest first, so that the leader
// walks ahead; those without articles are off and say so with the message of
// key none.
func (b *builder) procession(count map[string]int, none string) []Walker {
	var line []Walker
	for _, c := range b.Communities {
		n := count[c.Slug]
		if n == 0 && c.Sources == 0 {
			continue
		}
		w := Walker{Size: walkerSize(n), Off: n == 0}
		text := b.Lang.T("run.walker", c.Title, n)
		if n == 0 {
			text = b.Lang.T(none, c.Title)
		}
		w.Link = Link{Text: text, Href: b.href("/c/"+c.Slug, nil), Count: n, Mark: b.mark(c.Slug)}
		line = append(line, w)
	}
	sort.SliceStable(line, func(i, j int) bool { return line[i].Count < line[j].Count })
	if len(line) > chipsShown {
		line = slices.Clone(line[len(line)-chipsShown:])
	}
	return line
}

// walkerSize is round(1.25 √n), between 2 and 9.
func walkerSize(n int) int {
	size := 2
	for size < 9 && (2*size+1)*(2*size+1)*16 <= 4*25*n {
		size++
	}
	return size
}
