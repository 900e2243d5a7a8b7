package view

import (
	"encoding/json"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"

	"caravan/index/schema"
)

// Members reads what is stored of a document.
func (v *View) Members(doc uint32) (schema.Members, error) {
	var m schema.Members
	id := v.Story(doc)
	d, err := v.r.Document(id)
	if err != nil {
		return m, fmt.Errorf("read members of %s: %w", id, err)
	}
	if d == nil {
		return m, nil
	}
	d.VisitFields(func(f index.Field) {
		if f.Name() == schema.FieldMembers {
			err = json.Unmarshal(f.Value(), &m)
		}
	})
	if err != nil {
		return m, fmt.Errorf("read members of %s: %w", id, err)
	}
	return m, nil
}

// Document returns the number of a story's document; ok is false when there is
// none.
func (v *View) Document(story string) (doc uint32, ok bool, err error) {
	id, err := v.r.InternalID(story)
	if err != nil {
		return 0, false, fmt.Errorf("find story %s: %w", story, err)
	}
	if id == nil {
		return 0, false, nil
	}
	return uint32(id.Value()), true, nil
}

// MembersOf reads what is stored of a story; nothing for one that is not there.
func (v *View) MembersOf(story string) (schema.Members, error) {
	doc, ok, err := v.Document(story)
	if err != nil || !ok {
		return schema.Members{}, err
	}
	return v.Members(doc)
}
