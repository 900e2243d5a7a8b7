package index

import (
	"encoding/json"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
)

// members reads what is stored of a document.
func (v *view) members(doc uint32) (members, error) {
	var m members
	id := v.story(doc)
	d, err := v.r.Document(id)
	if err != nil {
		return m, fmt.Errorf("read members of %s: %w", id, err)
	}
	if d == nil {
		return m, nil
	}
	d.VisitFields(func(f index.Field) {
		if f.Name() == fieldMembers {
			err = json.Unmarshal(f.Value(), &m)
		}
	})
	if err != nil {
		return m, fmt.Errorf("read members of %s: %w", id, err)
	}
	return m, nil
}

// document returns the number of a story's document; ok is false when there is
// none.
func (v *view) document(story string) (doc uint32, ok bool, err error) {
	id, err := v.r.InternalID(story)
	if err != nil {
		return 0, false, fmt.Errorf("find story %s: %w", story, err)
	}
	if id == nil {
		return 0, false, nil
	}
	return uint32(id.Value()), true, nil
}

// membersOf reads what is stored of a story; nothing for one that is not there.
func (v *view) membersOf(story string) (members, error) {
	doc, ok, err := v.document(story)
	if err != nil || !ok {
		return members{}, err
	}
	return v.members(doc)
}
