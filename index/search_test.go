package index

import (
	"slices"
	"strings"
	"testing"

	"caravan"
)

func TestSearchFindsWhatPeersMiss(t *testing.T) { // PEERS.md 1e
	i := open(t,
		story("en", "Sector", "A lab in the public sector."),
		story("en", "Cpp", "Written in C++, not Rust."),
		story("en", "Labs", "Two labs: here."),
		story("fr", "Goût", "Le goût de l’innovation publique."),
		story("pt", "Inovação", "A inovação e as licitações do governo."),
		story("es", "Laboratorios", "Los laboratorios de gobierno."),
		story("zh", "实验室", "公共创新实验室，邀请市民在2024年公布"),
		story("ko", "공공 혁신 연구소", "시민과 함께"),
		story("ja", "デザイン", "AI技術"),
		story("tr", "Türkiye'nin", "İstanbul'da"),
		story("it", "Carlo", "via sant'Anna"),
		story("ro", "Inovare", "Laboratorul de inovare publică."),
	)
	tests := []struct{ query, want string }{
		{"public-sector", "Sector"},
		{"C++", "Cpp"},
		{"two labs:", "Labs"},
		{"l'innovation", "Goût"},
		{"d'innovation", "Goût"},
		{"inovacao", "Inovação"},
		{"licitação", "Inovação"},
		{"laboratorio", "Laboratorios"},
		{"laboratório", "Laboratorios"},
		{"创新", "实验室"},
		{"创新实验室", "实验室"},
		{"创新机器人", ""}, // only its first two characters are there
		{`"创新机器人"`, ""},
		{`"公共创新实验室，邀请"`, "实验室"},
		{"2024年", "实验室"},
		{"室", "实验室"},
		{`"공공 혁신 연구소"`, "공공 혁신 연구소"},
		{`"혁신 연구소"`, "공공 혁신 연구소"},
		{`"공공 혁신"`, "공공 혁신 연구소"},
		{"ﾃﾞｻﾞｲﾝ", "デザイン"},
		{"AI技", "デザイン"},
		{"istanbul turkiye", "Türkiye'nin"},
		{"anna", "Carlo"},
		{"sant anna", "Carlo"},
		{"santanna", "Carlo"},
		{"publica laboratorul", "Inovare"},
	}
	for _, tt := range tests {
		if got := titles(search(t, i, tt.query)); got != tt.want {
			t.Errorf("Search(%q) = %q, want %q", tt.query, got, tt.want)
		}
	}
}

func TestSearchUnderstandsOperators(t *testing.T) {
	i := open(t,
		story("en", "One", "open data in cities", from("a", "x"), by("Zoë O’Neill"), tagged("Open Data"), dated("2024-03-05")),
		story("en", "Two", "data opened in villages", from("b", "x", "y"), tagged("villages"), dated("2023-12-31")),
		story("fr", "Trois", "les données des villes", from("c", "y"), dated("2024-04-01")),
		story("en", "The The", "nothing else", tagged("Co-creation", "COVID-19")),
	)
	tests := []struct{ query, want string }{
		{"data", "One | Two"},
		{"data -villages", "One"},
		{"cities OR villages", "One | Two"},
		{"data (cities OR nowhere)", "One"},
		{`"open data"`, "One"},
		{`"data opened"`, "Two"},
		{`data -"open data"`, "Two"},
		{`"open"`, "One"},
		{`"opens"`, ""},
		{"title:one", "One"},
		{`title:"the the"`, "The The"},
		{"the", "The The"},
		{"the data of", "One | Two"},
		{"author:oneill", "One"},
		{`"zoe oneill"`, "One"},
		{"tag:open-data", "One"},
		{"tag:opendata", "One"},
		{"tag:cocreation", "The The"},
		{"tag:covid19", "The The"},
		{"tag:vill*", "Two"},
		{"community:x source:b", "Two"},
		{"language:fr", "Trois"},
		{"-language:en", "Trois"},
		{"site:nesta.org.uk title:trois", "Trois"},
		{"after:2024-03-05 before:2024-03-06", "One"},
		{"before:2024 data", "Two"},
		{"after:2024-03-31 villes", "Trois"},
		{"vill* data", "Two"},
		{"title:tro*", "Trois"},
		{"-data -villes title:the", "The The"},
	}
	for _, tt := range tests {
		got := strings.Split(titles(search(t, i, tt.query)), " | ")
		slices.Sort(got)
		if joined := strings.Join(got, " | "); joined != tt.want {
			t.Errorf("Search(%q) = %q, want %q", tt.query, joined, tt.want)
		}
	}
}

func TestSearchNamesTheMemberThatMatched(t *testing.T) {
	s := story("en", "Budget", "People decide on the money.", also("fr", "Budget participatif", "Les habitants décident."))
	i := open(t, s)
	r := search(t, i, "habitants")
	if len(r.Hits) != 1 || r.Hits[0].Story != s.ID || r.Hits[0].Item != s.Members[1].Item {
		t.Fatalf("hits = %+v, want the French member", r.Hits)
	}
	if got := r.Hits[0].Snippet; !slices.Equal(got, []caravan.Fragment{{Text: "Les "}, {Text: "habitants", Hit: true}, {Text: " décident."}}) {
		t.Errorf("snippet = %v", got)
	}
	if r := search(t, i, "money"); r.Total != 1 || r.Hits[0].Item != s.Members[0].Item {
		t.Errorf("hits = %+v, want the English member", r.Hits)
	}
}

func TestSearchShowsTheMemberThatIsAskedFor(t *testing.T) {
	s := story("en", "Budget", "People decide.", from("sta", "one"), tagged("alpha"), also("en", "Budget", "People decide."))
	s.Members[1].Source, s.Members[1].Communities, s.Members[1].Tags, s.Members[1].Link = "stb", []string{"two"}, []string{"Beta"}, "https://b.example/1"
	i := open(t, s)
	choose := func(f caravan.Filter) func(*caravan.SearchRequest) {
		return func(r *caravan.SearchRequest) { r.Filter = f }
	}
	tests := []struct {
		query  string
		filter caravan.Filter
		want   int
	}{
		{"budget", caravan.Filter{}, 0},
		{"source:stb", caravan.Filter{}, 1},
		{"budget -source:none tag:beta", caravan.Filter{}, 1},
		{"budget site:b.example", caravan.Filter{}, 1},
		{"budget", caravan.Filter{Sources: []string{"stb", "other"}}, 1},
		{"budget", caravan.Filter{Communities: []string{"two"}}, 1},
		{"budget", caravan.Filter{Communities: []string{"one"}}, 0},
		{"budget", caravan.Filter{Tags: []string{"alpha"}, Languages: []string{"en"}}, 0},
	}
	for _, tt := range tests {
		r := search(t, i, tt.query, choose(tt.filter))
		if len(r.Hits) != 1 || r.Hits[0].Item != s.Members[tt.want].Item {
			t.Errorf("Search(%q, %+v): %+v, want member %d", tt.query, tt.filter, r.Hits, tt.want)
		}
	}
}

func TestFacetsKeepTheCountsBesideWhatIsChosen(t *testing.T) {
	i := open(t,
		story("en", "A", "data", from("s1", "x"), tagged("Open Data", "open-data", "#opendata"), dated("2023-01-01")),
		story("en", "B", "data", from("s2", "x", "y"), tagged("open-data"), dated("2024-01-01")),
		story("fr", "C", "data", from("s3", "y"), tagged("Open data"), dated("2024-06-01")),
		story("en", "D", "other", from("s3", "y")),
	)
	facets := func(edits ...func(*caravan.SearchRequest)) (int, string) {
		r := search(t, i, "data", append(edits, func(r *caravan.SearchRequest) { r.Facets = true })...)
		return r.Total, flat(r.Facets)
	}
	total, got := facets()
	if want := "x2 y2 / s11 s21 s31 / en2 fr1 / open data3 / 20231 20242"; total != 3 || got != want {
		t.Errorf("facets = %d, %q, want 3, %q", total, got, want)
	}
	total, got = facets(func(r *caravan.SearchRequest) { r.Filter.Communities = []string{"x"} })
	if want := "x2 y2 / s11 s21 / en2 / open data2 / 20231 20241"; total != 2 || got != want {
		t.Errorf("with a community: facets = %d, %q, want 2, %q", total, got, want)
	}
	total, got = facets(func(r *caravan.SearchRequest) {
		r.Filter.Communities, r.Filter.Languages = []string{"x", "y"}, []string{"fr"}
		r.Filter.Tags = []string{"open_data"}
	})
	if want := "y1 x0 / s31 / en2 fr1 / open data1 / 20241"; total != 1 || got != want {
		t.Errorf("with three filters: facets = %d, %q, want 1, %q", total, got, want)
	}
	total, got = facets(func(r *caravan.SearchRequest) { r.Filter.After = today.AddDate(-2, -11, 0) })
	if want := "y2 x1 / s21 s31 / en1 fr1 / open data2 / 20231 20242"; total != 2 || got != want {
		t.Errorf("with a date: facets = %d, %q, want 2, %q", total, got, want)
	}
}

func flat(f caravan.Facets) string {
	var out []string
	for _, values := range [][]caravan.FacetValue{f.Community, f.Source, f.Language, f.Tag, f.Year} {
		var one []string
		for _, v := range values {
			one = append(one, v.Value+string(rune('0'+v.Count)))
		}
		out = append(out, strings.Join(one, " "))
	}
	return strings.Join(out, " / ")
}

func TestNewestIsTheSameSet(t *testing.T) {
	i := open(t,
		story("en", "Old data", "data data", dated("2019-01-01")),
		story("en", "New", "some data", dated("2025-01-01")),
		story("en", "Middle", "some data", dated("2022-01-01")),
	)
	byDate := search(t, i, "data", func(r *caravan.SearchRequest) { r.Sort = caravan.SortNewest })
	if got := titles(byDate); got != "New | Middle | Old data" {
		t.Errorf("newest = %q", got)
	}
	byScore := search(t, i, "data")
	if byScore.Total != byDate.Total || byScore.Hits[0].Story != byDate.Hits[2].Story {
		t.Errorf("relevance = %q of %d, want the same set with the title first", titles(byScore), byScore.Total)
	}
}
