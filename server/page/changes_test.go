package page

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/server/locale"
)

// changed is an article that said first one thing, then another, then a third.
func changed(t *testing.T) (StoryInput, Context) {
	t.Helper()
	in, c := everything(t)
	first := now.Add(-50 * time.Hour)
	in.Item.Language, in.Item.Title, in.Item.Text, in.Item.Changed = "en", "Three forms", "We closed three old forms, and nobody came.", now.Add(-time.Hour)
	in.Revisions = []caravan.Revision{
		{Number: 2, At: first.Add(time.Hour), Title: "Two forms", Text: "We closed three old forms, and nobody came."},
		{Number: 1, At: first, Title: "Two forms", Text: "We closed two old forms, and nobody came."},
	}
	return in, c
}

func TestItemPageShowsWhatChanged(t *testing.T) {
	in, c := changed(t)
	v := c.Story(in)
	want := []Change{
		{Stamp: "2026-11-25T11:00:00Z", When: "25 Nov 2026, 11:00 UTC", What: "title only", Title: []Words{{Text: "Two", Del: true}, {Text: "Three", Ins: true}, {Text: "forms"}}},
		{
			Stamp: "2026-11-23T11:00:00Z", When: "23 Nov 2026, 11:00 UTC", What: "text only", Note: "1 word removed, 1 added",
			Text: []Words{{Text: "We closed"}, {Text: "two", Del: true}, {Text: "three", Ins: true}, {Text: "old forms, and nobody came."}},
		},
	}
	if !reflect.DeepEqual(v.Changes, want) {
		t.Errorf("changes = %+v, want %+v", v.Changes, want)
	}
	if v.Changed != "Changed after publishing, 11:00" {
		t.Errorf("note = %q", v.Changed)
	}
	for _, f := range v.Facts {
		if f.Name == "Changed" && f.Text != "25 Nov 2026, 11:00 UTC, title only" || f.Name == "Revisions" && f.Href != "#changes" {
			t.Errorf("fact %+v", f)
		}
	}
}

func TestChangesOfEveryKind(t *testing.T) {
	for _, tt := range []struct{ title, text, what, note string }{
		{"Three forms", "Something else altogether.", "text only", "3 words removed, 8 added"},
		{"Old", "Old.", "title and text", "1 word removed, 8 added"},
		{"Three  forms", "We closed three old forms,\nand nobody came.", "punctuation or layout only", ""},
	} {
		in, c := changed(t)
		in.Revisions = []caravan.Revision{{Number: 1, At: now.Add(-9 * time.Hour), Title: tt.title, Text: tt.text}}
		if got := c.Story(in).Changes[0]; got.What != tt.what || got.Note != tt.note {
			t.Errorf("from %q, %q: %q, %q", tt.title, tt.text, got.What, got.Note)
		}
	}
	in, c := changed(t)
	var words strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&words, "word%d ", i)
	}
	in.Revisions = []caravan.Revision{{Number: 1, At: now.Add(-9 * time.Hour), Title: in.Item.Title, Text: words.String()}}
	if got := c.Story(in).Changes[0]; got.Text != nil || got.Note != "Rewritten: 3,000 words before, 8 after." {
		t.Errorf("a rewritten text: %+v", got)
	}
	in.Revisions = make([]caravan.Revision, 20)
	if got := c.Story(in).Changes; len(got) != changesShown {
		t.Errorf("%d changes shown", len(got))
	}
}

// What a source's policy keeps back of an article is kept back of what it said
// before.
func TestRevisionsShowWhatThePolicyAllows(t *testing.T) {
	for _, show := range []caravan.Show{caravan.ShowExcerpt, caravan.ShowTitle} {
		in, c := changed(t)
		in.Source.Settings.Show = show
		for _, change := range c.Story(in).Changes {
			if change.Text != nil || change.What == "text only" && !strings.HasPrefix(change.Note, "The text changed too") {
				t.Errorf("of a source that shows %s: %+v", show, change)
			}
		}
	}
}

func TestWithoutRevisionsNothingIsShownToHaveChanged(t *testing.T) {
	p, c := sample(t, locale.English)
	s := p.AllStories()[0]
	revisions, err := p.Revisions(context.Background(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if v := c.Story(StoryInput{Item: s.Head, Story: s, Source: s.Source, Revisions: revisions}); v.Changes != nil || v.Changed != "" {
		t.Errorf("%+v %q", v.Changes, v.Changed)
	}
	in, c := changed(t)
	in.Revisions = nil // the store has forgotten them
	if v := c.Story(in); v.Changes != nil || v.Changed == "" {
		t.Errorf("%+v %q", v.Changes, v.Changed)
	}
}
