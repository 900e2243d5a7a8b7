package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"caravan"
	"caravan/server/page"
)

// How much of the link graph pages show.
const (
	linkedAsked  = 5  // most linked stories that a list chooses from
	linksShown   = 12 // stories that link to an item
	linksCounted = 50 // of them, whose languages a digest counts
)

// mostLinkedThisWeek returns the stories of a filter that most communities
// linked to in the last seven days, today's among them.
func (s *Server) mostLinkedThisWeek(ctx context.Context, f caravan.Filter, now time.Time) ([]caravan.Story, error) {
	today := now.In(s.TimeZone)
	until := time.Date(today.Year(), today.Month(), today.Day()+1, 0, 0, 0, 0, s.TimeZone)
	f.After, f.Before = time.Time{}, time.Time{}
	stories, err := s.Store.MostLinked(ctx, f, until.AddDate(0, 0, -7), until, linkedAsked)
	if err != nil {
		return nil, fmt.Errorf("read most linked of the week: %w", err)
	}
	return stories, nil
}

// readAround reads what links to an item and what it said before.
func (s *Server) readAround(ctx context.Context, in *page.StoryInput) error {
	var err error
	if in.LinksTo, err = s.Store.LinksTo(ctx, in.Item.ID, linksShown); err != nil {
		return fmt.Errorf("read links to %s: %w", in.Item.ID, err)
	}
	for i := range in.LinksTo {
		head := &in.LinksTo[i].Head
		if head.Content != "" {
			continue
		}
		item, err := s.Store.Item(ctx, head.ID)
		switch {
		case errors.Is(err, caravan.ErrNotFound) || errors.Is(err, caravan.ErrGone): // hidden just now
		case err != nil:
			return fmt.Errorf("read item %s, which links here: %w", head.ID, err)
		default:
			head.Content = item.Content
		}
	}
	if in.Item.Revisions == 0 {
		return nil
	}
	if in.Revisions, err = s.Store.Revisions(ctx, in.Item.ID); err != nil {
		return fmt.Errorf("read revisions of %s: %w", in.Item.ID, err)
	}
	return nil
}
