package index

import (
	"container/list"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"time"

	"caravan"
	"caravan/index/retrieval"
)

// A rankedList is the answer to a search that its pages are cut from.
type rankedList struct {
	name   string
	key    string // of the request that made it
	made   time.Time
	result caravan.SearchResult // without hits
	hits   []listed
	asked  retrieval.Asked
	facets bool
}

// A listed is a story in a ranked list.
type listed struct {
	story string
	score float64
}

// listOf returns the stories of documents.
func listOf(e *retrieval.Evaluator, docs []retrieval.Ranked) []listed {
	stories := make([]listed, len(docs))
	for k, d := range docs {
		stories[k] = listed{e.View().Story(d.Doc), d.Score}
	}
	return stories
}

// How many lists are kept, and how long.
const (
	mostLists = 256
	listLife  = 10 * time.Minute
)

// lists keeps ranked lists for the pages after the first, the newest and most
// recently used ones.
type lists struct {
	mu     sync.Mutex
	byName map[string]*list.Element
	recent *list.List // of *rankedList; the most recently used in front
}

func newLists() *lists {
	return &lists{byName: make(map[string]*list.Element), recent: list.New()}
}

// put keeps l and gives it a name.
func (s *lists) put(l *rankedList) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.name = strings.ToLower(rand.Text()[:12])
	s.byName[l.name] = s.recent.PushFront(l)
	for s.recent.Len() > mostLists {
		s.drop(s.recent.Back())
	}
}

// get returns the list called name, if it is still kept and answers the request
// with this key.
func (s *lists) get(name, key string, now time.Time) (*rankedList, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byName[name]
	if !ok {
		return nil, false
	}
	l := e.Value.(*rankedList)
	if now.Sub(l.made) > listLife {
		s.drop(e)
		return nil, false
	}
	if l.key != key {
		return nil, false
	}
	s.recent.MoveToFront(e)
	return l, true
}

func (s *lists) drop(e *list.Element) {
	delete(s.byName, s.recent.Remove(e).(*rankedList).name)
}

// keyOf tells requests apart whose ranked lists differ.
func keyOf(r caravan.SearchRequest) string {
	f := r.Filter
	return fmt.Sprintf("%q %v %q %q %q %q %d %d %s %v %v", r.Query, r.Plain, f.Communities, f.Sources, f.Languages, f.Tags,
		f.After.UnixMilli(), f.Before.UnixMilli(), r.Sort, r.Exact, r.Typed)
}
