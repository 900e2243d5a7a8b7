package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
)

func slugs(sources []caravan.Source) []string {
	var out []string
	for _, s := range sources {
		out = append(out, s.Slug)
	}
	return out
}

func TestListBecomesCommunitiesAndSources(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	lab := folder("(011).lab (São Paulo)", "Blog https://lab.example/feed", "Blog https://lab.example/other", "https://www.lab.example/a/b.xml")
	lab.SiteURL, lab.Publications = "https://lab.example/", []caravan.Publication{{Title: "Zine", SiteURL: "https://zine.example/"}}
	lab.Sources[0].Language, lab.Sources[0].Settings = "pt-BR", caravan.Settings{Interval: 6 * time.Hour, Show: caravan.ShowExcerpt, Paused: true}
	report := w.sync(lab, folder("A / B"), folder("Other", "https://lab.example/feed"))
	if len(report.Added) != 3 || report.Kept != 0 || report.Refused || !report.AppliedAt.Equal(start) {
		t.Errorf("report = %+v", report)
	}
	cs := must(w.Communities(ctx))(t)
	if len(cs) != 3 || cs[0].Slug != "011-lab-sao-paulo" || cs[0].SiteURL != "https://lab.example/" || cs[0].Sources != 3 || cs[0].Publications[0].Title != "Zine" ||
		cs[1].Title != "A / B" || cs[1].Slug != "a-b" || cs[2].Slug != "other" || cs[2].Order != 2 || cs[0].Glyph == cs[1].Glyph {
		t.Errorf("communities = %+v", cs)
	}
	sources := must(w.Sources(ctx))(t)
	if got := slugs(sources); !slices.Equal(got, []string{"blog", "blog-2", "lab-example-a-b-xml"}) {
		t.Errorf("slugs = %q", got)
	}
	blog := sources[0]
	if len(blog.Communities) != 2 || blog.Communities[0].Slug != "011-lab-sao-paulo" || blog.Settings.Interval != 6*time.Hour || !blog.Settings.Paused ||
		blog.Settings.Show != caravan.ShowExcerpt || blog.Language != "pt-BR" || !blog.Listed || !blog.State.NextPoll.Equal(start) {
		t.Errorf("blog = %+v", blog)
	}
	if sources[2].Title != "lab.example" || sources[2].Settings.Show != caravan.ShowFull {
		t.Errorf("source without a title = %+v", sources[2])
	}
	state := must(w.ListState(ctx))(t)
	if state.Title != "Planet" || state.Hash == "" || state.Broken || !state.AppliedAt.Equal(start) {
		t.Errorf("list state = %+v", state)
	}
}

func TestSourceLeavesAndComesBack(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	blog, rest := folder("Nesta", "Blog https://nesta.example/feed"), folder("Rest", "Other https://other.example/feed")
	w.poll("blog", series("a", 3, w.clock(), time.Hour)...)
	id := w.shown("blog")[0].ID
	w.advance(time.Hour)
	report := w.sync(rest)
	if !slices.Equal(report.Removed, []string{"https://nesta.example/feed"}) || report.Hidden != 3 || len(report.Added) != 1 {
		t.Errorf("removal = %+v", report)
	}
	src := must(w.Source(ctx, "blog"))(t)
	if src.Listed || !src.RemovedAt.Equal(w.clock()) || src.Items != 0 || len(src.Communities) != 0 {
		t.Errorf("removed source = %+v", src)
	}
	if _, err := w.Item(ctx, id); !errors.Is(err, caravan.ErrNotFound) || errors.Is(err, caravan.ErrGone) {
		t.Errorf("Item of a removed source: %v, want ErrNotFound", err)
	}
	if pub, ok := errors.AsType[*caravan.PublicError](errOf(w.Item(ctx, id))); !ok || !strings.Contains(pub.Message, "not in the list") {
		t.Errorf("a reader is not told why: %v", pub)
	}
	if got := must(w.Feed(ctx, caravan.FeedQuery{}))(t); len(got) != 0 {
		t.Errorf("feed = %q", titles(got))
	}
	if _, err := w.Community(ctx, "nesta"); !errors.Is(err, caravan.ErrNotFound) {
		t.Errorf("Community that left: %v, want ErrNotFound", err)
	}
	mark := must(w.Communities(ctx))(t)
	w.advance(time.Hour)
	report = w.sync(rest, blog)
	if report.Shown != 3 || !slices.Equal(report.Added, []string{"https://nesta.example/feed"}) {
		t.Errorf("return = %+v", report)
	}
	if src := must(w.Source(ctx, "blog"))(t); !src.Listed || !src.RemovedAt.IsZero() || src.Items != 3 || src.State.FirstPoll.IsZero() {
		t.Errorf("source that came back = %+v", src)
	}
	if c := must(w.Community(ctx, "nesta"))(t); c.Items != 3 || c.Glyph == mark[0].Glyph {
		t.Errorf("community that came back = %+v", c)
	}
	if must(w.Item(ctx, id))(t).ID != id {
		t.Error("item has another id")
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestMassRemovalWaitsToBeAccepted(t *testing.T) { // R11
	ctx := context.Background()
	w := newWorld(t)
	full := folder("A", "One https://one.example/f", "Two https://two.example/f", "Three https://three.example/f")
	w.sync(full)
	small := listOf(folder("A", "One https://one.example/f"))
	give := func(list caravan.List, accept bool) caravan.ListReport {
		t.Helper()
		return must(w.SyncList(ctx, list, accept))(t)
	}
	listed := func() int { t.Helper(); return len(must(w.Sources(ctx))(t)) }
	if report := give(small, false); !report.Refused || len(report.Removed) != 2 || listed() != 3 {
		t.Errorf("mass removal = %+v with %d listed", report, listed())
	}
	if state := must(w.ListState(ctx))(t); len(state.Pending) != 2 || state.Hash == small.Hash {
		t.Errorf("state = %+v", state)
	}
	w.advance(9 * time.Second)
	if report := give(small, false); !report.Refused {
		t.Error("accepted after nine seconds")
	}
	w.advance(time.Second)
	w.reopen()
	if report := give(small, false); !report.Refused {
		t.Error("a restart counts as a confirmation")
	}
	w.advance(10 * time.Second)
	if report := give(small, false); report.Refused || listed() != 1 {
		t.Errorf("the same list again after ten seconds = %+v", report)
	}
	if state := must(w.ListState(ctx))(t); len(state.Pending) != 0 || state.Hash != small.Hash {
		t.Errorf("state = %+v", state)
	}
	if report := give(listOf(), true); report.Refused || listed() != 0 {
		t.Errorf("accepted removal of all = %+v", report)
	}
}

func TestAnUnusableListLeavesTheLastGoodOne(t *testing.T) { // R11
	ctx := context.Background()
	w := one(t)
	hash := must(w.ListState(ctx))(t).Hash
	w.advance(time.Minute)
	if err := w.NoteListProblems(ctx, []caravan.Problem{{Line: 3, Message: "cut"}}); err != nil {
		t.Fatal(err)
	}
	state := must(w.ListState(ctx))(t)
	if !state.Broken || state.Hash != hash || !state.ReadAt.Equal(w.clock()) || state.Problems[0].Line != 3 || len(must(w.Sources(ctx))(t)) != 1 {
		t.Errorf("state = %+v", state)
	}
	w.sync(folder("Nesta", "Blog https://nesta.example/feed"))
	if state := must(w.ListState(ctx))(t); state.Broken || len(state.Problems) != 0 {
		t.Errorf("state after a good list = %+v", state)
	}
}

func TestRenamedFolderKeepsItsSlug(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	lines := []string{"One https://one.example/f", "Two https://two.example/f", "Three https://three.example/f"}
	w.sync(folder("Old Name", lines...))
	before := must(w.Community(ctx, "old-name"))(t)
	w.sync(folder("New Name", lines[:2]...), folder("Third", lines[2:]...))
	after := must(w.Community(ctx, "old-name"))(t)
	if after.Title != "New Name" || after.Glyph != before.Glyph || after.Hue != before.Hue {
		t.Errorf("renamed = %+v, was %+v", after, before)
	}
	wish := folder("New Name", lines[:2]...)
	wish.Slug = "Short"
	w.poll("one", post("1", "A", lorem, start))
	last := must(w.LastChange(ctx))(t)
	w.sync(wish, folder("Third", lines[2:]...))
	if c := must(w.Community(ctx, "short"))(t); c.Title != "New Name" || c.Items != 1 {
		t.Errorf("community by its wished slug = %+v", c)
	}
	if moved, ok := errors.AsType[*caravan.MovedError](errOf(w.Community(ctx, "old-name"))); !ok || moved.Slug != "short" {
		t.Errorf("former slug leads to %+v", moved)
	}
	if docs := must(w.Changes(ctx, last, 10))(t).Docs; len(docs) != 1 || docs[0].Members[0].Communities[0] != "short" {
		t.Errorf("the index is told %+v", docs)
	}
	w.sync(folder("New Name", lines[:2]...), folder("Third", lines[2:]...), folder("Old Name"))
	if got := must(w.Communities(ctx))(t)[2].Slug; got != "old-name-2" {
		t.Errorf("a new folder of the old name has slug %q, want its own", got)
	}
	back := folder("New Name", lines[:2]...)
	back.Slug = "old-name"
	w.sync(back, folder("Third", lines[2:]...))
	if c := must(w.Community(ctx, "old-name"))(t); c.Title != "New Name" {
		t.Errorf("back to the former slug = %+v", c)
	}
	if moved, ok := errors.AsType[*caravan.MovedError](errOf(w.Community(ctx, "short"))); !ok || moved.Slug != "old-name" {
		t.Errorf("the slug between leads to %+v", moved)
	}
}

func TestSourceIsNotItsAddress(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	rest := folder("Rest", "Other https://other.example/f")
	w.sync(folder("A", "Blog http://a.example/feed"), rest)
	w.poll("blog", post("1", "A", lorem, start))
	r := w.result("blog")
	r.MovedTo = "https://b.example/feed"
	r.State.Validators = caravan.Validators{ETag: `"b"`}
	must(w.SavePoll(ctx, r))(t)
	src := must(w.Source(ctx, "blog"))(t)
	if src.URL != "https://b.example/feed" || src.ListURL != "http://a.example/feed" || src.FirstURL != "http://a.example/feed" { // E16
		t.Errorf("adopted redirect = %+v", src)
	}
	id := w.shown("blog")[0].ID
	for i, address := range []string{"http://a.example/feed", "https://b.example/feed", "HTTPS://A.example/feed", "http://b.example:80/feed"} {
		w.advance(time.Minute)
		report := w.sync(folder("A", "Renamed "+address), rest)
		if len(report.Added)+len(report.Removed) != 0 || report.Kept != 2 {
			t.Errorf("%d: line with %s = %+v, want the same source", i, address, report)
		}
		src := must(w.Source(ctx, "blog"))(t)
		if src.Title != "Renamed" || src.FirstURL != "http://a.example/feed" || w.shown("blog")[0].ID != id {
			t.Errorf("%d: source = %+v", i, src)
		}
		wantURL := []string{"https://b.example/feed", "https://b.example/feed", "HTTPS://A.example/feed", "http://b.example:80/feed"}[i]
		if src.URL != wantURL || (i < 2) != (src.State.Validators.ETag != "") {
			t.Errorf("%d: polled at %s with %q, want at %s", i, src.URL, src.State.Validators.ETag, wantURL)
		}
	}
}

func TestRedirectToAnotherListedSourceIsNotAdopted(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.sync(folder("A", "One https://one.example/f", "Two https://two.example/f"))
	r := w.result("one")
	r.MovedTo = "https://two.example/f"
	must(w.SavePoll(ctx, r))(t)
	if src := must(w.Source(ctx, "one"))(t); src.URL != "https://one.example/f" {
		t.Errorf("source one is polled at %s, want at its own address", src.URL)
	}
}

func TestNewLineContinuesASourceThatLeftLately(t *testing.T) {
	ctx := context.Background()
	items := series("a", 10, start, time.Hour)
	tests := []struct {
		name      string
		after     time.Duration
		document  []caravan.Item
		continues bool
	}{
		{"half of its items", time.Hour, append(slices.Clone(items[:5]), series("n", 5, start.Add(time.Hour), time.Minute)...), true},
		{"all but too late", 91 * 24 * time.Hour, items, false},
		{"less than half", time.Hour, append(slices.Clone(items[:4]), series("n", 5, start.Add(time.Hour), time.Minute)...), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			rest := folder("Rest", "Other https://other.example/f")
			w.sync(folder("A", "Blog https://old.example/feed"), rest)
			w.poll("blog", items...)
			before := w.shown("blog")
			w.sync(rest)
			w.advance(tt.after)
			line := folder("B", "Moved https://new.example/feed")
			line.Sources[0].Settings.Interval = 5 * time.Hour
			w.sync(line, rest)
			report := w.poll("moved", tt.document...)
			if !tt.continues {
				if report.Source != "moved" || must(w.Source(ctx, "blog"))(t).Listed {
					t.Errorf("report = %+v, want a source of its own", report)
				}
				return
			}
			if report.Source != "blog" || report.New != 5 || report.Unchanged != 5 {
				t.Errorf("report = %+v, want five new ones of blog", report)
			}
			src := must(w.Source(ctx, "blog"))(t)
			if !src.Listed || src.URL != "https://new.example/feed" || src.FirstURL != "https://old.example/feed" || src.Settings.Interval != 5*time.Hour ||
				len(src.Communities) != 1 || src.Communities[0].Slug != "b" || src.Items != 15 || !src.State.FirstPoll.Equal(start) {
				t.Errorf("continued source = %+v", src)
			}
			if _, err := w.Source(ctx, "moved"); !errors.Is(err, caravan.ErrNotFound) {
				t.Errorf("the new row is still there: %v", err)
			}
			for _, old := range before {
				if got := must(w.Item(ctx, old.ID))(t); got.Place != old.Place || got.FeedID != old.FeedID {
					t.Errorf("item %s moved: %+v", old.ID, got)
				}
			}
			if again := w.sync(line, rest); again.Kept != 2 || len(again.Added) != 0 {
				t.Errorf("the same list again = %+v", again)
			}
			if faults := must(w.Faults(ctx))(t); len(faults) > 0 {
				t.Error(faults)
			}
		})
	}
}

func TestRulesWorkBackwardsAndCanBeTakenBack(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	w.poll("blog", post("1", "Jobs", "we hire for jobs of every kind in this city", start), post("2", "Labs", "labs and their work in many a city", start.Add(-time.Minute)))
	with := func(set caravan.Settings) caravan.ListReport {
		f := folder("Nesta", "Blog https://nesta.example/feed")
		f.Sources[0].Settings = set
		return w.sync(f)
	}
	shown := func() string {
		t.Helper()
		return strings.Join(titles(must(w.Stories(ctx, caravan.Filter{}, "", 10))(t).Stories), " ")
	}
	steps := []struct {
		set           caravan.Settings
		shown, hidden int
		want          string
	}{
		{caravan.Settings{Skip: "jobs"}, 0, 1, "Labs"},
		{caravan.Settings{Only: "city", Skip: "labs"}, 1, 1, "Jobs"},
		{caravan.Settings{Only: "nothing has this"}, 0, 1, ""},
		{caravan.Settings{Only: "("}, 2, 0, "Jobs Labs"}, // a rule that is none hides nothing
		{caravan.Settings{}, 0, 0, "Jobs Labs"},
		{caravan.Settings{Skip: "jobs", Show: caravan.ShowTitle}, 0, 1, "Labs"},
	}
	for i, s := range steps {
		last := must(w.LastChange(ctx))(t)
		report := with(s.set)
		if report.Shown != s.shown || report.Hidden != s.hidden || shown() != s.want {
			t.Errorf("step %d: %+v gives %d shown, %d hidden, %q, want %d, %d, %q", i, s.set, report.Shown, report.Hidden, shown(), s.shown, s.hidden, s.want)
		}
		if must(w.LastChange(ctx))(t) == last {
			t.Errorf("step %d: no change number was given", i)
		}
	}
	w.advance(time.Hour)
	w.poll("blog", post("3", "More jobs", "jobs again", w.clock()), withText(post("2", "Labs", "", start), "labs that have jobs now"))
	if got := shown(); got != "" {
		t.Errorf("new and edited items that the rule hides are shown: %q", got)
	}
	hidden := w.itemsHidden()
	if len(hidden) != 3 {
		t.Errorf("%d hidden items, want 3", len(hidden))
	}
}

// itemsHidden returns the public ids of what is kept and not shown.
func (w *world) itemsHidden() []string {
	var out []string
	for line := range strings.Lines(must(w.Dump(context.Background(), "(SELECT public_id FROM items WHERE visibility <> 'shown')"))(w.t)) {
		out = append(out, line)
	}
	return out
}

func TestUnchangedListGivesNoChangeNumber(t *testing.T) {
	ctx := context.Background()
	w := one(t)
	before := must(w.LastChange(ctx))(t)
	applied := must(w.ListState(ctx))(t).AppliedAt
	w.advance(time.Hour)
	report := w.sync(folder("Nesta", "Blog https://nesta.example/feed"))
	if after := must(w.LastChange(ctx))(t); after != before || report.Kept != 1 || !must(w.ListState(ctx))(t).AppliedAt.Equal(applied) {
		t.Errorf("the same list took the change number from %d to %d: %+v", before, after, report)
	}
}

func TestLongListIsTakenOver(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	var lines []string
	for i := range 1500 {
		lines = append(lines, fmt.Sprintf("https://s%d.example/feed", i))
	}
	if report := w.sync(folder("A", lines...)); len(report.Added) != 1500 {
		t.Errorf("added %d", len(report.Added))
	}
	if got := must(w.Sources(ctx))(t); len(got) != 1500 || got[1499].URL != lines[1499] {
		t.Errorf("%d sources", len(got))
	}
}
