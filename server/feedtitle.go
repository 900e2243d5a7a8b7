package server

import (
	"cmp"
	"strings"
	"time"

	"caravan"
)

// choiceOf says what a search is for: its query, and what it is narrowed to, by
// the names that labels has (see [Server.readLabels]).
func choiceOf(query string, f caravan.Filter, labels map[string]string) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(query)
	for _, slug := range f.Communities {
		add(cmp.Or(labels["community "+slug], slug))
	}
	for _, slug := range f.Sources {
		add(cmp.Or(labels["source "+slug], slug))
	}
	for _, tag := range f.Languages {
		add(languageName(tag))
	}
	for _, tag := range f.Tags {
		add("#" + tag)
	}
	switch after, before := f.After.Format(time.DateOnly), f.Before.Format(time.DateOnly); {
	case !f.After.IsZero() && !f.Before.IsZero():
		add(after + "/" + before) // ISO 8601
	case !f.After.IsZero():
		add("from " + after)
	case !f.Before.IsZero():
		add("before " + before)
	}
	return strings.Join(parts, " · ")
}
