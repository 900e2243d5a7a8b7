package page

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/internal/planet"
	"caravan/server/locale"
)

// searchInput is what the index and the store give for a request.
func searchInput(t *testing.T, p *planet.Planet, r caravan.SearchRequest) SearchInput {
	t.Helper()
	r.Limit, r.Page, r.Now = 20, max(1, r.Page), now
	in := SearchInput{Request: r, Sources: p.Feeds}
	var err error
	in.Result, err = p.Search(context.Background(), r)
	if bad, ok := errors.AsType[*caravan.QueryError](err); ok {
		in.Err = bad
		return in
	}
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range in.Result.Hits {
		ids = append(ids, h.Story)
	}
	if in.Stories, err = p.StoriesByID(context.Background(), ids); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestSearchShowsWhatWasFound(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Search(searchInput(t, p, caravan.SearchRequest{Query: "the", Sort: caravan.SortRelevance}))
	if v.Found != "28 articles" || v.Took != "in 4 ms" || len(v.Hits) != 20 || v.Title != "28 articles: the, Sample" {
		t.Errorf("%q %q %d %q", v.Found, v.Took, len(v.Hits), v.Title)
	}
	if !slices.ContainsFunc(v.Hits[0].Excerpt, func(f caravan.Fragment) bool { return f.Hit }) {
		t.Errorf("nothing marked in %+v", v.Hits[0].Excerpt)
	}
	if len(v.Pages) != 2 || v.Next != "/search?at=list-1&page=2&q=the" || !v.Pages[0].Current {
		t.Errorf("pages = %+v, next %q", v.Pages, v.Next)
	}
	if v.Keep[0].Href != "/search.atom?q=the" || v.Frame.Feeds[0].Href != "/search.atom?q=the" { // O15
		t.Errorf("feed = %+v", v.Keep[0])
	}
	if !v.Sorts[0].Current || v.Sorts[1].Href != "/search?q=the&sort=newest" {
		t.Errorf("sorts = %+v", v.Sorts)
	}
}

func TestFacetsToggleAndHideWhatNarrowsNothing(t *testing.T) {
	p, c := sample(t, locale.English)
	in := searchInput(t, p, caravan.SearchRequest{Query: "the", Filter: caravan.Filter{Languages: []string{"en"}}})
	v := c.Search(in)
	names := map[string]Facet{}
	for _, f := range v.Facets {
		names[f.ID] = f
	}
	language := names["f-language"]
	if len(language.Values) != 1 || !language.Values[0].Current || language.Values[0].Href != "/search?q=the" {
		t.Errorf("language = %+v", language)
	}
	if first := names["f-community"].Values[0]; first.Mark == nil || !strings.Contains(first.Href, "community=") || !strings.Contains(first.Href, "language=en") {
		t.Errorf("community = %+v", first)
	}
	if len(v.Selected) != 1 || v.Selected[0].Text != "English" {
		t.Errorf("selected = %+v", v.Selected)
	}
	in.Result.Facets = caravan.Facets{Language: []caravan.FacetValue{{Value: "en", Count: 3}}}
	in.Request.Filter = caravan.Filter{}
	if v := c.Search(in); len(v.Facets) != 0 || v.Years != nil {
		t.Errorf("facets of one value = %+v", v.Facets)
	}
}

func TestNoResultSaysWhy(t *testing.T) {
	_, c := sample(t, locale.English)
	v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "to be"}, Result: caravan.SearchResult{
		Common: true, Relaxed: []caravan.Relaxed{{Query: `"to be"`, Quoted: true, Total: 2}},
	}})
	if !strings.HasPrefix(v.NoneText, "Words this common") || len(v.Loosen) != 1 || v.Loosen[0].HTML != "as a phrase, <code>&#34;to be&#34;</code>" || v.Loosen[0].Href != "/search?q=%22to+be%22" {
		t.Errorf("%q %+v", v.NoneText, v.Loosen)
	}
	v = c.Search(SearchInput{Request: caravan.SearchRequest{Query: "language:french"}, Result: caravan.SearchResult{Unknown: []string{"language:french", "tag:<b>"}}})
	if len(v.Unknown) != 3 || !strings.Contains(string(v.Unknown[1]), "language:fr") || v.Unknown[2] != "Nothing in the archive has <code>tag:&lt;b&gt;</code>." {
		t.Errorf("%q", v.Unknown)
	}
}

func TestChosenTagIsTheOneOfTheFacet(t *testing.T) {
	p, c := sample(t, locale.English)
	in := searchInput(t, p, caravan.SearchRequest{Filter: caravan.Filter{Tags: []string{"Public Sector"}}})
	in.Result.Facets = caravan.Facets{Tag: []caravan.FacetValue{{Value: "public-sector", Count: 7}, {Value: "labs", Count: 3}}}
	for _, f := range c.Search(in).Facets {
		if len(f.Values) != 2 || !f.Values[0].Current || f.Values[0].Count != 7 || f.Values[0].Href != "/search" {
			t.Errorf("tags = %+v", f.Values)
		}
	}
}

func TestYearsHistogram(t *testing.T) {
	_, c := sample(t, locale.English)
	in := SearchInput{Request: caravan.SearchRequest{Query: "x", Limit: 20}, Result: caravan.SearchResult{Total: 9, Hits: []caravan.Hit{{}}}}
	years := func(first, n int) {
		in.Result.Facets.Year = nil
		for i := range n {
			in.Result.Facets.Year = append(in.Result.Facets.Year, caravan.FacetValue{Value: itoa(first + i), Count: i + 1})
		}
	}
	years(2016, 11)
	v := c.Search(in).Years
	if len(v.Bars) != 11 || v.Bars[0].Href != "/search?after=2016-01-01&before=2017-01-01&q=x" || v.Bars[10].Height != 58 || !v.Bars[3].In || v.Bars[10].Label != "2026, 11 articles" {
		t.Errorf("bars = %+v", v.Bars)
	}
	years(1999, 28)
	if v := c.Search(in).Years; len(v.Bars) > 11 || v.Bars[0].Label != "1995–1999, 1 article" {
		t.Errorf("%d bars, the first %q", len(v.Bars), v.Bars[0].Label)
	}
	years(2016, 11)
	in.Request.Filter = caravan.Filter{After: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Before: time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)}
	v = c.Search(in).Years
	if v.From != "2020" || v.To != "2020" || v.Bars[3].In || !v.Bars[4].In || v.Bars[7].Href != "/search?after=2020-01-01&before=2024-01-01&q=x" || v.Clear != "/search?q=x" {
		t.Errorf("one year set: %+v", v)
	}
	in.Request.Filter.Before = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	if v = c.Search(in).Years; v.Bars[1].Href != "/search?after=2017-01-01&before=2018-01-01&q=x" {
		t.Errorf("a range starts again: %q", v.Bars[1].Href)
	}
}

func TestBadQueryIsShownWithItsPlace(t *testing.T) {
	_, c := sample(t, locale.English)
	long := strings.Repeat("é", 40) + `"` + strings.Repeat("x", 40)
	for _, test := range []struct {
		query             string
		position          int
		before, mark, end string
	}{
		{`title:"open data`, 6, "title:", `"`, "open data"},
		{long, 40, "…" + strings.Repeat("é", 20), `"`, strings.Repeat("x", 20) + "…"},
		{"abc", 3, "abc", "", ""},
		{"a\tb\u202ec", 99, "a b c", "", ""},
		{"", 5, "", "", ""},
	} {
		in := SearchInput{Request: caravan.SearchRequest{Query: test.query}, Err: &caravan.QueryError{Query: test.query, Position: test.position, Message: "it is wrong.", Repairs: []string{"a b"}}, Counts: map[string]int{countKey(test.query, true): 0}}
		v := c.Search(in)
		if b := v.Bad; b.Before != test.before || b.Mark != test.mark || b.After != test.end || len(b.Pad) != len([]rune(b.Before)) {
			t.Errorf("%q: %+v", test.query, b)
		}
		if v.Words != test.query || v.Bad.Message != "It is wrong." || v.Bad.Repairs[0].Href != "/search?q=a+b" || !strings.Contains(v.Bad.Plain.Href, "plain=1") {
			t.Errorf("%q: %+v", test.query, v.Bad)
		}
	}
}

func TestNothingFoundOffersLooserQueries(t *testing.T) {
	p, c := sample(t, locale.English)
	v := c.Search(searchInput(t, p, caravan.SearchRequest{Query: "forms zebra"}))
	if v.Found != "No article matches all of this" || len(v.Loosen) != 1 || v.Loosen[0].HTML != "without <code>zebra</code>" || v.Loosen[0].Href != "/search?q=forms" || len(v.Keep) != 3 {
		t.Errorf("%q %+v", v.Found, v.Loosen)
	}
}

func TestSearchNotes(t *testing.T) {
	_, c := sample(t, locale.English)
	r := caravan.SearchResult{Total: 12000, Took: 1500 * time.Millisecond, Progress: 0.41, Reranked: true, Suggestion: "forms", Hits: []caravan.Hit{{}}}
	v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "forrms"}, Result: r})
	if v.Found != "More than 10,000 articles" || v.Took != "in 1.5 s" || len(v.Notes) != 2 || !strings.Contains(v.Notes[0], "41 %") || v.DidYou.Href != "/search?q=forms" {
		t.Errorf("%q %q %q %+v", v.Found, v.Took, v.Notes, v.DidYou)
	}
}

func TestCorrectedSearchSaysSo(t *testing.T) {
	_, c := sample(t, locale.English)
	r := caravan.SearchResult{Total: 1, Suggestion: "forms", Corrected: true, Hits: []caravan.Hit{{}}}
	v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "forrms"}, Result: r})
	if v.DidYou != nil || v.Corrected != "Nothing matches “forrms”. These match “forms”." || v.Instead.Href != "/search?q=forrms&typed=1" || v.Keep[0].Href != "/search.atom?q=forms" {
		t.Errorf("%+v %q %+v %+v", v.DidYou, v.Corrected, v.Instead, v.Keep)
	}
	r = caravan.SearchResult{Relaxed: []caravan.Relaxed{{Query: "a OR b", Total: 3}, {Query: "a", Dropped: "b"}}}
	v = c.Search(SearchInput{Request: caravan.SearchRequest{Query: "a b"}, Result: r})
	if len(v.Loosen) != 1 || v.Loosen[0].HTML != "any of these words" || v.Loosen[0].Href != "/search?q=a+OR+b" {
		t.Errorf("%+v", v.Loosen)
	}
}

func TestNoQueryOpensTheHelp(t *testing.T) {
	_, c := sample(t, locale.English)
	if v := c.Search(SearchInput{}); !v.OnlyBlank || v.Asked || v.Keep != nil || v.Find {
		t.Errorf("%+v", v)
	}
}

func TestHitOfAnotherMemberShowsThatMember(t *testing.T) {
	_, c := sample(t, locale.English)
	s := caravan.Story{
		ID: "a", Head: caravan.Item{ID: "a", Language: "en", Title: "English", Link: "https://a.example/"}, Source: caravan.Source{Slug: "a", Title: "A"},
		AlsoAt: []caravan.Appearance{{ItemID: "b", Source: "b", Title: "B", URL: "https://b.example/", Language: "pt"}},
	}
	in := SearchInput{
		Request: caravan.SearchRequest{Query: "x", Limit: 20}, Stories: []caravan.Story{s},
		Result: caravan.SearchResult{Total: 1, Hits: []caravan.Hit{{Story: "a", Item: "b", Title: []caravan.Fragment{{Text: "Português"}}}, {Story: "hidden"}}},
	}
	v := c.Search(in)
	if len(v.Hits) != 1 || v.Hits[0].Href != "https://b.example/" || v.Hits[0].Source.Text != "B" || v.Hits[0].Lang != "pt" || v.Hits[0].Title[0].Text != "Português" {
		t.Errorf("hits = %+v", v.Hits)
	}
}

func TestEquivalentsAreToldAndCanBeLeftOut(t *testing.T) {
	_, c := sample(t, locale.French)
	filter := caravan.Filter{Languages: []string{"fr"}}
	r := caravan.SearchResult{Total: 200, At: "x", Also: []string{"innovation lab", "laboratorio"}, Hits: []caravan.Hit{{}}, Facets: caravan.Facets{
		Tag: []caravan.FacetValue{{Value: "a", Count: 2}, {Value: "b", Count: 1}},
	}}
	v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "labo", Filter: filter, Limit: 20, Facets: true}, Result: r})
	if v.Exact || !slices.Equal(v.Also, r.Also) || v.AlsoHref != "/search?exact=1&language=fr&q=labo" {
		t.Errorf("also %v, %v, %s", v.Exact, v.Also, v.AlsoHref)
	}
	r.Also = nil
	v = c.Search(SearchInput{Request: caravan.SearchRequest{Query: "labo", Filter: filter, Limit: 20, Exact: true, Facets: true}, Result: r})
	if !v.Exact || v.AlsoHref != "/search?language=fr&q=labo" {
		t.Errorf("exact: %v %s", v.Exact, v.AlsoHref)
	}
	kept := []string{v.Next, v.Keep[0].Href, v.Sorts[1].Href, v.Selected[0].Href}
	for _, f := range v.Facets {
		for _, value := range f.Values {
			kept = append(kept, value.Href)
		}
	}
	for _, href := range kept {
		if !strings.Contains(href, "exact=1") {
			t.Errorf("%s forgets that equivalents are left out", href)
		}
	}
	if !slices.Contains(v.Hidden, Field{"exact", "1"}) {
		t.Errorf("the form forgets that equivalents are left out: %v", v.Hidden)
	}
}

func TestSearchAsTypedOffersTheCorrection(t *testing.T) {
	_, c := sample(t, locale.English)
	in := SearchInput{
		Request: caravan.SearchRequest{Query: "forrms", Typed: true, Limit: 20}, Result: caravan.SearchResult{Suggestion: "forms"},
		Counts: map[string]int{CountKey(caravan.SearchRequest{Query: "forms"}): 12},
	}
	v := c.Search(in)
	if v.DidYou.Href != "/search?q=forms" || v.DidYou.Count != 12 || v.Instead != nil || v.Keep[0].Href != "/search.atom?q=forrms" {
		t.Errorf("%+v %+v %+v", v.DidYou, v.Instead, v.Keep[0])
	}
}

func TestNothingFoundOffersWhatIsCloseInMeaning(t *testing.T) {
	_, c := sample(t, locale.English)
	v := c.Search(SearchInput{
		Request: caravan.SearchRequest{Query: "orçamento participativo before:2018", Limit: 20},
		Result: caravan.SearchResult{Also: []string{"participatory budgeting", "budget participatif"}, Relaxed: []caravan.Relaxed{
			{Query: "orçamento participativo", Dropped: "before:2018", Total: 2}, {Query: "x", Dropped: `<b>"`, Total: 1}, {Query: "y", Dropped: "z"},
		}},
		Counts: map[string]int{CountKey(caravan.SearchRequest{Query: "participatory budgeting", Plain: true}): 73},
	})
	if len(v.Near) != 1 || v.Near[0].Href != "/search?q=participatory+budgeting" || v.Near[0].Count != 73 {
		t.Errorf("near = %+v", v.Near)
	}
	if len(v.Loosen) != 2 || v.Loosen[1].HTML != "without <code>&lt;b&gt;&#34;</code>" { // S19
		t.Errorf("loosen = %+v", v.Loosen)
	}
}

func TestTotalsAreToldAsTheyAreKnown(t *testing.T) {
	_, c := sample(t, locale.English)
	for _, test := range []struct {
		total int
		about bool
		want  string
	}{
		{0, false, "No article matches all of this"}, {1, false, "1 article"}, {10000, false, "10,000 articles"}, {10001, false, "More than 10,000 articles"},
		{1532, true, "About 1,500 articles"}, {1, true, "About 1 article"}, {99, true, "About 99 articles"}, {12345, true, "More than 10,000 articles"}, {999, true, "About 1,000 articles"},
	} {
		v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "x"}, Result: caravan.SearchResult{Total: test.total, About: test.about}})
		if v.Found != test.want {
			t.Errorf("%d, about %v: %q, want %q", test.total, test.about, v.Found, test.want)
		}
	}
}

func TestNothingFoundSaysHowFarTheArchiveGoesBack(t *testing.T) {
	for lang, want := range map[locale.Lang]string{
		locale.English: "The oldest article here is from 4 February 2014.", locale.French: "L’article le plus ancien ici date du 4 février 2014.",
		locale.Spanish: "El artículo más antiguo de aquí es del 4 de febrero de 2014.", locale.Portuguese: "O artigo mais antigo daqui é de 4 de fevereiro de 2014.",
	} {
		_, c := sample(t, lang)
		in := SearchInput{Request: caravan.SearchRequest{Query: "x"}, Oldest: time.Date(2014, 2, 4, 12, 0, 0, 0, time.UTC)}
		if v := c.Search(in); v.Oldest != want {
			t.Errorf("%s: %q, want %q", lang, v.Oldest, want)
		}
	}
}

func TestPageBehindTheLastSaysSo(t *testing.T) {
	_, c := sample(t, locale.English)
	v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "x", Limit: 20, Page: 9}, Result: caravan.SearchResult{Total: 45, At: "l"}})
	if v.NoneText != "The results end before this page." || len(v.Pages) == 0 || v.Pages[0].Href != "/search?at=l&page=1&q=x" {
		t.Errorf("%q %+v", v.NoneText, v.Pages)
	}
}

func TestNoQueryOffersNewTags(t *testing.T) {
	_, c := sample(t, locale.English)
	v := c.Search(SearchInput{Tags: []caravan.FacetValue{{Value: "open data", Count: 3}}})
	if len(v.Tags) != 1 || v.Tags[0].Href != "/search?tag=open+data" || v.Asked {
		t.Errorf("%+v", v.Tags)
	}
}

func TestBadQueryCountsWhatItOffers(t *testing.T) {
	_, c := sample(t, locale.Spanish)
	bad := &caravan.QueryError{Query: "(a", Message: "A bracket is never closed", Code: caravan.QueryBracketOpen, Repairs: []string{"(a)", "a"}}
	counts := map[string]int{
		CountKey(caravan.SearchRequest{Query: "(a)"}): 3, CountKey(caravan.SearchRequest{Query: "(a", Plain: true}): 4,
	}
	v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "(a"}, Err: bad, Counts: counts})
	if v.Bad.Message != "Un paréntesis no se cierra nunca." || v.Bad.Repairs[0].Count != 3 || v.Bad.Repairs[1].Count != 0 || v.Bad.Plain.Count != 4 {
		t.Errorf("%+v", v.Bad)
	}
	v = c.Search(SearchInput{Request: caravan.SearchRequest{Query: "(a", Plain: true}, Err: bad})
	if v.Bad.Plain.Href != "" {
		t.Errorf("plain words are offered to plain words: %+v", v.Bad.Plain)
	}
}

func TestFacetsOfTheNewestSaySo(t *testing.T) {
	_, c := sample(t, locale.English)
	r := caravan.SearchResult{Total: 9, Hits: []caravan.Hit{{}}, Facets: caravan.Facets{Partial: true}}
	if v := c.Search(SearchInput{Request: caravan.SearchRequest{Query: "x"}, Result: r}); v.Partial != "Counted over the newest results." {
		t.Errorf("partial = %q", v.Partial)
	}
}
