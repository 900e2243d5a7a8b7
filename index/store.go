package index

import (
	"context"
	"fmt"

	"caravan"
)

// A storeError is a failure of the store: it says nothing of the index.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

// texts reads items from the store.
func (i *Index) texts(ctx context.Context, items []string) (map[string]caravan.Item, error) {
	texts, err := i.cfg.Store.Texts(ctx, items)
	if err != nil {
		return nil, storeError{fmt.Errorf("read texts: %w", err)}
	}
	return texts, nil
}

// members reads from the store where items were published.
func (i *Index) members(ctx context.Context, items []string) (map[string]caravan.DocMember, error) {
	members, err := i.cfg.Store.Members(ctx, items)
	if err != nil {
		return nil, storeError{fmt.Errorf("read members of stories: %w", err)}
	}
	return members, nil
}

// changes reads changes from the store.
func (i *Index) changes(ctx context.Context, after int64) (caravan.ChangeBatch, error) {
	batch, err := i.cfg.Store.Changes(ctx, after, readAtOnce)
	if err != nil {
		return batch, storeError{fmt.Errorf("read changes: %w", err)}
	}
	return batch, nil
}
