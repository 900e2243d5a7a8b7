package view

import (
	"context"
	"fmt"
	"strings"

	segment "github.com/blevesearch/scorch_segment_api/v2"

	"caravan/index/schema"
)

// Hashes returns the state of every story in the index, as [schema.Hash] has it,
// by public id.
func (v *View) Hashes(ctx context.Context) (map[string]string, error) {
	byID := make(map[string]string, v.docs)
	for _, s := range v.segments {
		values, ok := s.Segment().(segment.DocValueVisitable)
		if !ok {
			return nil, fmt.Errorf("segment %d is a %T", s.Id(), s.Segment())
		}
		var state segment.DocVisitState
		var err error
		for doc := range uint32(s.FullSize()) {
			if doc%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if deleted := s.Deleted(); deleted != nil && deleted.Contains(doc) {
				continue
			}
			state, err = values.VisitDocValues(uint64(doc), []string{schema.FieldMeta}, func(_ string, term []byte) {
				byID[s.column.id(doc)] = strings.Clone(schema.ParseMeta(string(term)).Hash)
			}, state)
			if err != nil {
				return nil, fmt.Errorf("read states of stories: %w", err)
			}
		}
	}
	return byID, nil
}
