package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"caravan"
)

// watch knows the newest change number and wakes who waits for the next.
type watch struct {
	mu     sync.Mutex
	head   int64
	next   chan struct{} // closed when head moves
	closed bool
}

func newWatch() *watch { return &watch{next: make(chan struct{})} }

// set says that changes up to head are committed.
func (w *watch) set(head int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if head <= w.head {
		return
	}
	w.head = head
	close(w.next)
	w.next = make(chan struct{})
}

// get returns the newest number and a channel that closes when it moves or the
// store closes.
func (w *watch) get() (head int64, next <-chan struct{}, closed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.head, w.next, w.closed
}

func (w *watch) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.closed = true
		close(w.next)
		w.next = make(chan struct{})
	}
}

// LastChange returns the number of the newest change; 0 when there was none.
func (s *Store) LastChange(context.Context) (int64, error) {
	head, _, _ := s.watch.get()
	return head, nil
}

// WaitChange returns the number of the newest change as soon as it is greater
// than after. It fails when ctx ends or the store closes.
func (s *Store) WaitChange(ctx context.Context, after int64) (int64, error) {
	for {
		head, next, closed := s.watch.get()
		if head > after {
			return head, nil
		}
		if closed {
			return head, fmt.Errorf("wait for change: store closed: %w", caravan.ErrUnavailable)
		}
		select {
		case <-next:
		case <-ctx.Done():
			return head, ctx.Err()
		}
	}
}

// Changes returns the documents, as they are now, of all stories with a change
// after the number given; of not more changed items than limit (0 means 500).
// Numbers are not read twice when the next call asks with Last.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (caravan.ChangeBatch, error) {
	if limit <= 0 {
		limit = 500
	}
	batch := caravan.ChangeBatch{Last: after}
	err := s.read(ctx, func(q querier) error {
		if err := one(ctx, q, []any{&batch.Head}, `SELECT change FROM log_head WHERE id = 1`); err != nil {
			return err
		}
		var stories []int64
		seen, changes := map[int64]bool{}, 0
		err := each(ctx, q, func(rows *sql.Rows) error {
			var story int64
			if err := rows.Scan(&batch.Last, &story); err != nil {
				return err
			}
			changes++
			if !seen[story] {
				seen[story] = true
				stories = append(stories, story)
			}
			return nil
		}, `SELECT change, story_id FROM items WHERE change > $1 ORDER BY change LIMIT $2`, after, limit)
		if err != nil {
			return err
		}
		if changes < limit { // what follows are numbers that items have given up, or that were never an item's
			batch.Last = max(batch.Head, after)
		}
		batch.Docs, err = storyDocs(ctx, q, stories)
		return err
	})
	if err != nil {
		return caravan.ChangeBatch{}, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return batch, nil
}

// storyDocs builds the documents of stories for the index.
func storyDocs(ctx context.Context, q querier, stories []int64) ([]caravan.StoryDoc, error) {
	if len(stories) == 0 {
		return nil, nil
	}
	docs := make([]caravan.StoryDoc, len(stories))
	place := make(map[int64]int, len(stories))
	for i, id := range stories {
		place[id] = i
	}
	var p params
	err := each(ctx, q, func(rows *sql.Rows) error {
		var story, sortAt int64
		var id string
		if err := rows.Scan(&story, &id, &sortAt); err != nil {
			return err
		}
		docs[place[story]].ID, docs[place[story]].SortAt = id, atMs(sortAt)
		return nil
	}, `SELECT st.id, i.public_id, st.sort_at FROM stories st JOIN items i ON i.id = st.first_id WHERE st.id IN `+list(&p, stories), p...)
	if err != nil {
		return nil, err
	}
	members, err := loadMembers(ctx, q, stories, true)
	if err != nil {
		return nil, err
	}
	communities, err := communitiesOf(ctx, q, members)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		doc := &docs[place[m.story]]
		doc.Members = append(doc.Members, m.doc(communities[m.source]))
	}
	return docs, nil
}

// doc returns what the index needs of a member.
func (m member) doc(communities []caravan.CommunityRef) caravan.DocMember {
	slugs := make([]string, len(communities))
	for i, c := range communities {
		slugs[i] = c.Slug
	}
	return caravan.DocMember{
		Item: m.item.ID, Source: m.item.Source, Communities: slugs, Language: m.item.Language, Title: m.item.Title,
		Text: m.item.Text, Authors: m.item.Authors, Tags: m.item.Tags, Link: m.item.Link,
	}
}

// Texts returns Title, Summary, Language and Text of the shown items among
// those asked for, by public id.
func (s *Store) Texts(ctx context.Context, itemIDs []string) (map[string]caravan.Item, error) {
	out := make(map[string]caravan.Item, len(itemIDs))
	if len(itemIDs) == 0 {
		return out, nil
	}
	err := s.read(ctx, func(q querier) error {
		var p params
		return each(ctx, q, func(rows *sql.Rows) error {
			var item caravan.Item
			var packed []byte
			if err := rows.Scan(&item.ID, &item.Title, &item.Summary, &item.Language, &packed); err != nil {
				return err
			}
			b, err := unpack(packed)
			item.Text = b.text
			out[item.ID] = item
			return err
		}, `SELECT i.public_id, i.title, i.summary, i.language, b.body FROM items i JOIN item_bodies b ON b.item_id = i.id
			WHERE i.visibility = 'shown' AND i.public_id IN `+list(&p, itemIDs), p...)
	})
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return out, nil
}

// Members returns where the shown items among those asked for were published, by
// public id: all that a document holds of a member but its text.
func (s *Store) Members(ctx context.Context, itemIDs []string) (map[string]caravan.DocMember, error) {
	out := make(map[string]caravan.DocMember, len(itemIDs))
	if len(itemIDs) == 0 {
		return out, nil
	}
	err := s.read(ctx, func(q querier) error {
		var p params
		members, err := selectMembers(ctx, q, `WHERE i.visibility = 'shown' AND i.public_id IN `+list(&p, itemIDs), p...)
		if err != nil {
			return err
		}
		communities, err := communitiesOf(ctx, q, members)
		for _, m := range members {
			out[m.item.ID] = m.doc(communities[m.source])
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read members of stories: %w", err)
	}
	return out, nil
}
