package page

import (
	"context"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/server/locale"
)

func TestPeriods(t *testing.T) {
	for _, test := range []struct{ name, start, end, before, after string }{
		{"2026-11", "2026-11-01", "2026-12-01", "2026-10", "2026-12"},
		{"2026-01", "2026-01-01", "2026-02-01", "2025-12", "2026-02"},
		{"2026-W47", "2026-11-16", "2026-11-23", "2026-W46", "2026-W48"},
		{"2026-W01", "2025-12-29", "2026-01-05", "2025-W52", "2026-W02"},
		{"2020-W53", "2020-12-28", "2021-01-04", "2020-W52", "2021-W01"},
	} {
		p, err := ParsePeriod(test.name, time.UTC)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if p.Name != test.name || p.Start.Format(time.DateOnly) != test.start || p.End.Format(time.DateOnly) != test.end || p.Before().Name != test.before || p.After().Name != test.after {
			t.Errorf("%s: %+v, before %s, after %s", test.name, p, p.Before().Name, p.After().Name)
		}
	}
	for _, bad := range []string{"", "2026", "2026-13", "2026-00", "2026-W00", "2026-W54", "2021-W53", "1900-01", "2026-W4x", "x026-W04", "2026-11-01"} {
		if p, err := ParsePeriod(bad, time.UTC); err == nil {
			t.Errorf("%q is %+v", bad, p)
		}
	}
}

func TestPeriodsFollowTheZone(t *testing.T) {
	zone := time.FixedZone("west", -5*3600)
	p, err := ParsePeriod("2026-11", zone)
	if err != nil || !p.Start.Equal(time.Date(2026, 11, 1, 5, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v %v", p, err)
	}
}

// digestInput is what the store gives for November.
func digestInput(t *testing.T, change ...func(*DigestInput)) (DigestInput, Context) {
	t.Helper()
	p, c := sample(t, locale.English)
	period, err := ParsePeriod("2026-11", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	stories, err := p.Stories(context.Background(), period.Filter(caravan.Filter{}), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	in := DigestInput{Period: period, Stories: stories.Stories, Sources: p.Feeds, Earlier: true}
	if in.Linked, err = p.MostLinked(context.Background(), caravan.Filter{}, period.Start, period.End, 5); err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(&in)
	}
	return in, c
}

func TestDigestTellsEachStoryOnce(t *testing.T) {
	in, c := digestInput(t)
	v := c.Digest(in)
	if v.Opening != "27 articles came in from 13 communities: 13 in English, 4 in Spanish, 4 in Portuguese, 3 in French, 1 in Arabic and 1 in German. What the others linked to stands at the top." {
		t.Errorf("opening = %q", v.Opening)
	}
	seen := map[string]bool{}
	count := func(picks []Pick) {
		for _, p := range picks {
			if seen[p.ID] {
				t.Errorf("%s stands twice", fragmentText(p.Title))
			}
			seen[p.ID] = true
			if !strings.HasPrefix(p.Href, "https://") {
				t.Errorf("%s leads to %s", fragmentText(p.Title), p.Href)
			}
		}
	}
	count(v.Top)
	for _, g := range v.Groups {
		count(g.Picks)
		if len(g.Picks) > digestPicks {
			t.Errorf("%s has %d", g.Title, len(g.Picks))
		}
	}
	count(v.Others)
	if len(v.Top) != digestTop || v.TopTitle != "Most linked by other communities" || v.Top[0].Note != "Ingrid Solheim. Linked by 3 communities." || v.Top[4].Rank != 5 {
		t.Errorf("top %q %+v", v.TopTitle, v.Top)
	}
	if len(v.Groups) != digestGroups || len(v.Others) != 2 || v.Groups[0].Count != "6 this month" {
		t.Errorf("%d groups, %d others, the first %s", len(v.Groups), len(v.Others), v.Groups[0].Count)
	}
	if v.Procession[0].Count > v.Procession[len(v.Procession)-1].Count || v.Following != nil || v.Previous.Href != "/digest/2026-10" {
		t.Errorf("procession %+v, next %+v", v.Procession, v.Following)
	}
	if v.Other == nil || v.Other.Href != "/digest/2026-W48" || v.Other.Text != "Week 48" {
		t.Errorf("its newest week is %+v", v.Other)
	}
	if len(v.Left) != 1 || len(v.Joined) != 0 {
		t.Errorf("joined %+v, left %+v", v.Joined, v.Left)
	}
}

func TestDigestOfOneCommunityOrLanguage(t *testing.T) {
	in, c := digestInput(t, func(in *DigestInput) { in.Language = "pt" })
	community := c.Communities[1]
	in.Community = &community
	v := c.Digest(in)
	if v.Issue != "November 2026, in Portuguese" {
		t.Errorf("issue = %q", v.Issue)
	}
	if v.Heading != "This month at Harbour City Lab" || v.Procession != nil || v.Permalink != "https://planet.example/c/harbour-city-lab/digest/2026-11?language=pt" {
		t.Errorf("%q %q", v.Heading, v.Permalink)
	}
	if v.Previous.Href != "/c/harbour-city-lab/digest/2026-10?language=pt" || v.Email != "/c/harbour-city-lab/digest/2026-11?format=email&language=pt" {
		t.Errorf("%q %q", v.Previous.Href, v.Email)
	}
}

func TestQuietAndEmptyDigests(t *testing.T) {
	in, c := digestInput(t, func(in *DigestInput) { in.Stories = in.Stories[:2] })
	in.Linked = nil
	if v := c.Digest(in); v.Opening != "A quiet month. 2 articles came in from 2 communities: 1 in Arabic and 1 in English." {
		t.Errorf("opening = %q", v.Opening)
	}
	in.Period = Week(now)
	if v := c.Digest(in); !strings.HasPrefix(v.Opening, "A quiet week. 2 articles") || v.Groups[0].Count != "1 this week" {
		t.Errorf("opening = %q", v.Opening)
	}
	in.Stories = nil
	if v := c.Digest(in); v.Opening != "Nothing has come in." || v.Groups != nil {
		t.Errorf("opening = %q", v.Opening)
	}
	in, _ = digestInput(t, func(in *DigestInput) { in.More = true })
	if v := c.Digest(in); !strings.HasPrefix(v.Opening, "More than 27 articles came in, these of the newest") {
		t.Errorf("opening = %q", v.Opening)
	}
}

func TestDigestOfTheFirstPeriodSaysSo(t *testing.T) {
	in, c := digestInput(t, func(in *DigestInput) {
		for i := range in.Sources {
			in.Sources[i].FirstSeen = now.Add(-time.Hour)
		}
		in.Earlier = false
	})
	if v := c.Digest(in); !strings.Contains(v.Opening, " It is the first month here.") || v.Previous != nil || v.Joined != nil {
		t.Errorf("opening %q, before it %+v, %d joined", v.Opening, v.Previous, len(v.Joined))
	}
	in.Period, in.Stories = Week(now), nil
	if v := c.Digest(in); v.Opening != "Nothing has come in. It is the first week here." {
		t.Errorf("opening = %q", v.Opening)
	}
	in.Period = Week(now).Before()
	if v := c.Digest(in); strings.Contains(v.Opening, "first") || v.Other.Href != "/digest/2026-11" {
		t.Errorf("opening %q, its month %+v", v.Opening, v.Other)
	}
}

func TestDigestFallsBackOnWhatSeveralPlacesPublished(t *testing.T) {
	in, c := digestInput(t, func(in *DigestInput) {
		for i := range in.Linked {
			in.Linked[i].LinkedBy = 0 // only their own communities link to them
		}
	})
	v := c.Digest(in)
	if v.TopTitle != "Published in several places" || len(v.Top) != 2 || v.Top[0].Note != "Priya Raman. In 2 places." || strings.Contains(v.Opening, "linked") {
		t.Errorf("%q %+v", v.TopTitle, v.Top)
	}
}

func TestDigestLeadsWithOldStoriesThatAreLinkedNow(t *testing.T) {
	in, c := digestInput(t, func(in *DigestInput) {
		in.Linked = in.Linked[:1]
		in.Linked[0].SortAt = time.Date(2026, 10, 3, 9, 0, 0, 0, time.UTC)
	})
	if v := c.Digest(in); v.Top[0].Note != "Ingrid Solheim. Linked by 3 communities. Published 3 October." {
		t.Errorf("note = %q", v.Top[0].Note)
	}
}

func TestDigestSaysInHowManyLanguagesAStoryIsLinked(t *testing.T) {
	in, c := digestInput(t)
	in.LinkedIn = map[string]int{in.Linked[0].ID: 3, in.Linked[1].ID: 1}
	v := c.Digest(in)
	if v.Top[0].Note != "Ingrid Solheim. Linked by 3 communities, in 3 languages." || v.Top[1].Note != "Ingrid Solheim. Linked by 3 communities." {
		t.Errorf("%q %q", v.Top[0].Note, v.Top[1].Note)
	}
}

func TestGroupsPutTheirMostLinkedFirst(t *testing.T) {
	in, c := digestInput(t, func(in *DigestInput) {
		in.Linked = nil
		for i := range in.Stories {
			in.Stories[i].LinkedBy = i
		}
	})
	community := c.Communities[0]
	in.Community = &community
	for _, g := range c.Digest(in).Groups {
		for i := 1; i < len(g.Picks); i++ {
			if g.Picks[i].Stamp < g.Picks[i-1].Stamp { // here the oldest are linked most
				t.Errorf("%s: %s stands after %s", g.Title, g.Picks[i].Stamp, g.Picks[i-1].Stamp)
			}
		}
	}
}

func TestDigestAsTextKeepsItsLinesShort(t *testing.T) {
	in, c := digestInput(t)
	text := c.Digest(in).PlainText()
	for _, line := range strings.Split(text, "\n") {
		if len([]rune(line)) > 72 && strings.Contains(line, " ") {
			t.Errorf("a line of %d characters: %s", len([]rune(line)), line)
		}
	}
	if !strings.Contains(text, "\n1. Flood maps that neighbours can argue with\nHarbour City Lab. Ingrid Solheim. Linked by 3 communities.\nhttps://") || !strings.Contains(text, "\nNEW ON THE ROAD\n---------------\n\nEnded, the archive stays: ") || !strings.Contains(text, "1 min, in Portuguese\n") {
		t.Errorf("text = %s", text)
	}
	if !strings.HasPrefix(text, "November 2026\nThis month in the communities\n") || !strings.Contains(text, "https://lantern.example/forty-one-forms\n") || strings.ContainsRune(text, '\u202e') {
		t.Errorf("text = %s", text[:400])
	}
}

func TestDigestAsMarkdownAndForFeedsIsSafe(t *testing.T) {
	in, c := digestInput(t)
	v := c.Digest(in)
	if md := v.Markdown(); strings.Contains(md, "<script") || strings.Contains(md, "<img") || !strings.Contains(md, "\n- [We closed forty-one forms and nobody complained](<https://lantern.example/forty-one-forms>) · Priya Raman, 1 min\n") ||
		!strings.Contains(md, "\n1. [Flood maps that neighbours can argue with](<https://harbourlab.example/flood-maps-that-neighbours-can-argue-with>) · Harbour City Lab. Ingrid Solheim. Linked by 3 communities.\n2. ") ||
		!strings.Contains(md, "\n## New on the road\n\nEnded, the archive stays: ") {
		t.Errorf("Markdown = %s", md)
	}
	if html := v.FeedContent(); strings.Contains(html, "<script") || strings.Contains(html, "<img") || !strings.Contains(html, `<a href="https://lantern.example/forty-one-forms">`) {
		t.Errorf("feed content = %s", html)
	}
}

func TestWrapKeepsWordsWhole(t *testing.T) {
	if got := wrap("one two  three\nfour toolongforaline x", 9); got != "one two\nthree\nfour\ntoolongforaline\nx" {
		t.Errorf("wrap = %q", got)
	}
}
