package sourcelist

import (
	"bytes"
	"fmt"

	"caravan"
	"caravan/cmd/caravan/internal/replace"
	"caravan/opml"
)

// Edit replaces the list at path by what edit makes of it. The new file
// takes the old one's place in one step, with its mode; where path is a link,
// the file that it leads to is replaced.
func Edit(path string, edit func(data []byte) ([]byte, error)) error {
	save, err := opml.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%w (give --feeds the OPML file that lists your sources)", err)
	}
	edited, err := edit(save.Data)
	if err != nil || bytes.Equal(edited, save.Data) {
		return err
	}
	if err := replace.File(path, edited); err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}

// Where returns the sources of a list that is reports, of one listed twice the
// first line.
func Where(list caravan.List, is func(caravan.ListSource) bool) []caravan.ListSource {
	var found []caravan.ListSource
	seen := map[string]bool{}
	for _, community := range list.Communities {
		for _, s := range community.Sources {
			if key := caravan.SourceKey(s.URL); !seen[key] && is(s) {
				seen[key] = true
				found = append(found, s)
			}
		}
	}
	return found
}
