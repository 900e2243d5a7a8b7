package sourcelist

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"caravan"
	"caravan/cmd/caravan/internal/wording"
)

// mostProblems is how many problems are shown of one included list.
const mostProblems = 20

// An included list is what is known of a list that another one includes.
type included struct {
	Address string // as it may be shown
	State   includeState
	List    caravan.List // the last good copy
	Known   bool         // there is one
	TooMany bool         // it is beyond the most that are included
}

// merge returns a list with what it includes: the included sources follow
// its own, in the communities of the same names or in new ones. A source that
// the list has itself, or an earlier included list has, stays as it is there.
// Slugs are the list's own to give.
func merge(own caravan.List, file string, all []included) caravan.List {
	if len(all) == 0 {
		return own
	}
	m := merger{List: own, taken: map[string]bool{}}
	m.Communities, m.Problems = nil, slices.Clone(own.Problems)
	for _, c := range own.Communities {
		c.Sources, c.Publications = slices.Clone(c.Sources), slices.Clone(c.Publications)
		m.Communities = append(m.Communities, c)
		for _, s := range c.Sources {
			m.take(s.URL)
		}
	}
	hash := sha256.New()
	hash.Write([]byte(own.Hash))
	for _, inc := range all {
		m.include(inc)
		m.report(inc, file)
		// The failure is part of it: taking the same bytes over again means that
		// the curator insists (see SyncList), and an answer that fails does not.
		hash.Write([]byte("\x00" + inc.List.Hash + "\x00" + inc.State.Failure))
	}
	m.Hash = hex.EncodeToString(hash.Sum(nil))
	return m.List
}

// A merger is a list in the making.
type merger struct {
	caravan.List
	taken map[string]bool // keys of the sources that are in it
}

// take notes a source and reports whether it was not there before, under http
// or https.
func (m *merger) take(address string) bool {
	key := caravan.SourceKey(address)
	if m.taken[key] || m.taken[caravan.TwinKey(address)] {
		return false
	}
	m.taken[key] = true
	return true
}

// include adds the sources and publications of an included list.
func (m *merger) include(inc included) {
	listed := map[string]bool{} // by this very list, perhaps in another community
	for _, c := range inc.List.Communities {
		var sources []caravan.ListSource
		for _, s := range c.Sources {
			if key := caravan.SourceKey(s.URL); listed[key] || m.take(s.URL) {
				listed[key] = true
				s.Line, s.Column, s.Settings.Slug = 0, 0, ""
				sources = append(sources, s)
			}
		}
		if len(sources)+len(c.Publications) == 0 {
			continue
		}
		home := m.home(c, inc.List.Title)
		home.Sources = append(home.Sources, sources...)
		for _, p := range c.Publications {
			if !slices.Contains(home.Publications, p) {
				home.Publications = append(home.Publications, p)
			}
		}
	}
}

// home returns the community that an included one goes to. What stands outside
// folders there goes to one with the included list's title.
func (m *merger) home(c caravan.ListCommunity, title string) *caravan.ListCommunity {
	path := c.Path
	if isOther(path) && strings.TrimSpace(title) != "" {
		path = []string{title}
	}
	name := caravan.Fold(strings.Join(path, "\x00"))
	at := slices.IndexFunc(m.Communities, func(o caravan.ListCommunity) bool { return caravan.Fold(strings.Join(o.Path, "\x00")) == name })
	if at < 0 {
		at = len(m.Communities)
		if at > 0 && isOther(m.Communities[at-1].Path) {
			at--
		}
		m.Communities = slices.Insert(m.Communities, at, caravan.ListCommunity{Path: path, SiteURL: c.SiteURL})
	}
	return &m.Communities[at]
}

// isOther reports whether path is that of what stands outside all folders.
func isOther(path []string) bool { return len(path) == 1 && path[0] == "Other" }

// report adds what is wrong with an included list to the problems.
func (m *merger) report(inc included, file string) {
	p := caravan.Problem{File: file, Severity: caravan.SeverityWarning}
	switch {
	case inc.TooMany:
		p.Severity = caravan.SeverityError
		p.Message = fmt.Sprintf("The list at %s is not included: a list may include %d others. Put some together.", inc.Address, mostIncludes)
	case inc.State.Failure != "" && inc.Known:
		p.Message = fmt.Sprintf("The included list at %s cannot be read: %s. The copy of %s is used; it is asked for again at %s.",
			inc.Address, inc.State.Failure, wording.Moment(inc.State.Good), wording.Moment(inc.State.Next))
	case inc.State.Failure != "":
		p.Severity = caravan.SeverityError
		p.Message = fmt.Sprintf("The included list at %s cannot be read: %s. Correct the address, or delete the line.", inc.Address, inc.State.Failure)
	case !inc.Known:
		p.Message = fmt.Sprintf("The included list at %s was not read yet. 'caravan serve' and 'caravan poll' ask for it.", inc.Address)
	}
	if p.Message != "" {
		m.Problems = append(m.Problems, p)
	}
	shown := inc.List.Problems[:min(len(inc.List.Problems), mostProblems)]
	m.Problems = append(m.Problems, shown...)
	if left := len(inc.List.Problems) - len(shown); left > 0 {
		p.Message = fmt.Sprintf("The included list at %s has %d more problems. Tell its owner.", inc.Address, left)
		p.Severity = caravan.SeverityWarning
		m.Problems = append(m.Problems, p)
	}
}
