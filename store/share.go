package store

import "slices"

// A share chooses the stories of a feed document, offered newest first, so
// that no source takes more than a quarter of it while others fill the rest.
type share struct {
	limit, quarter int
	taken, left    []placed
	bySource       map[int64]int
}

func newShare(limit int) *share {
	return &share{limit: limit, quarter: max(limit/4, 1), bySource: map[int64]int{}}
}

// offer takes a story or leaves it for the case that nothing else comes.
func (s *share) offer(p placed) {
	switch {
	case s.full():
	case s.bySource[p.source] < s.quarter:
		s.bySource[p.source]++
		s.taken = append(s.taken, p)
	case len(s.left) < s.limit:
		s.left = append(s.left, p)
	}
}

// full reports whether nothing more can be taken.
func (s *share) full() bool { return len(s.taken) >= s.limit }

// exhausted reports whether every source has given all that it may: what comes
// now changes nothing, as long as enough was left to fill the document.
func (s *share) exhausted(shown map[int64]int) bool {
	if len(s.taken)+len(s.left) < s.limit {
		return false
	}
	for source, n := range shown {
		if s.bySource[source] < min(n, s.quarter) {
			return false
		}
	}
	return true
}

// result returns what was chosen, filled up with what was left, newest first.
func (s *share) result() []placed {
	out := append(slices.Clone(s.taken), s.left[:min(len(s.left), s.limit-len(s.taken))]...)
	slices.SortFunc(out, func(a, b placed) int {
		if a.place > b.place {
			return -1
		}
		return 1
	})
	return out
}
