package query_test

import (
	"testing"
	"time"

	"caravan"
	"caravan/index/query"
)

// article is an item in the language given, told apart by its title and text.
func article(language, title, text string) caravan.Item {
	return caravan.Item{Language: language, Title: title, Text: text}
}

func TestMatchItemForgivesSpelling(t *testing.T) {
	tests := []struct {
		query string
		item  caravan.Item
		want  bool
	}{
		// The strings on which peers fail (PEERS.md 1e).
		{"public-sector", article("en", "", "A lab in the public sector."), true},
		{"public-sector", article("en", "", "The sector is public."), false},
		{"public sector", article("en", "", "A public-sector lab."), true},
		{"l'innovation", article("fr", "", "Le goût de l’innovation"), true},
		{"innovation", article("fr", "", "Le goût de l'innovation"), true},
		{"d'innovation", article("fr", "Laboratoire d’innovation", ""), true},
		{"C++", article("en", "", "Written in C++, not C."), true},
		{"C++", article("en", "", "Written in C."), false},
		{"labs:", article("en", "", "Two labs"), true},
		{"inovacao", article("pt", "", "a inovação pública"), true},
		{"inovação", article("pt", "", "INOVACOES em governo"), true},
		{"licitacao", article("pt", "As licitações", ""), true},
		{"laboratorio", article("es", "", "Los laboratorios de gobierno"), true},
		{"innovating", article("en", "", "They innovate."), true},
		{"cocreation", article("en", "", "on co-creation"), true},
		{"co-creation", article("en", "", "on cocreation"), true},
		{"e-mail", article("en", "", "an email"), true},
		{"undp", article("en", "", "The U.N.D.P. report"), true},
		{"R&D", article("en", "", "their R&D tax"), true},
		{"casas", article("es", "", "una casa"), true},
		{"paises", article("pt", "", "um país"), true},
		{"strasse", article("de", "", "Die Straße"), true},
		{"创新", article("zh", "", "公共创新实验室"), true},
		{"创室", article("zh", "", "公共创新实验室"), false},
		{"室", article("zh", "", "公共创新实验室"), true},
		{"الابتكار", article("ar", "", "مختبر الإبتكار"), true},
		{"חדשנות", article("he", "", "מעבדת חדשנות"), true},
	}
	for _, tt := range tests {
		got, err := query.MatchItem(tt.query, tt.item)
		if err != nil || got != tt.want {
			t.Errorf("MatchItem(%q, %q %q) = %v, %v, want %v", tt.query, tt.item.Title, tt.item.Text, got, err, tt.want)
		}
	}
}

func TestMatchItemFollowsTheLanguage(t *testing.T) {
	item := caravan.Item{
		Source: "nesta", Language: "en-GB", Title: "The public lab", Text: "How cities buy labs of the future.",
		Authors: []string{"Zoë O’Neill"}, Tags: []string{"Open Data"}, Link: "https://www.blog.nesta.org.uk/a",
		SortAt: time.Date(2024, 3, 5, 12, 0, 0, 0, time.UTC),
	}
	tests := []struct {
		query string
		want  bool
	}{
		{"", true},
		{"city future", true},
		{"city past", false},
		{"city -past", true},
		{"city -future", false},
		{"past OR city", true},
		{"past (city OR lab)", false},
		{`"cities buy"`, true},
		{`"city buys"`, false}, // quoted: the exact form
		{`"Cities Buy"`, true},
		{`"labs of the future"`, true},
		{"title:lab", true},
		{"title:cities", false},
		{`title:"public lab"`, true},
		{"author:zoe", true},
		{"author:oneill", true},
		{"author:lab", false},
		{"zoe", true},
		{"tag:open-data", true},
		{"tag:open", false},
		{"tag:op*", true},
		{"source:Nesta", true},
		{"community:nesta", false},
		{"language:en", true},
		{"site:nesta.org.uk", true},
		{"site:org.uk", true},
		{"site:uk", false},
		{"site:example.org", false},
		{"after:2024-03-05 before:2024-03-06", true},
		{"before:2024-03-05", false},
		{"after:2025", false},
		{"futur*", true},
		{"futuri*", false},
		{"the of", false}, // common words alone: the title must hold both
		{"the", true},
		{"the city of", true}, // beside others they decide nothing
		{"-the city", true},
	}
	for _, tt := range tests {
		got, err := query.MatchItem(tt.query, item)
		if err != nil || got != tt.want {
			t.Errorf("MatchItem(%q) = %v, %v, want %v", tt.query, got, err, tt.want)
		}
	}
	if _, err := query.MatchItem("(", item); err == nil {
		t.Error("MatchItem of a bad query = nil, want an error")
	}
}

func TestMatchWithAsksForProperties(t *testing.T) {
	item := article("en", "Open data", "of cities")
	tests := []struct {
		query     string
		with, not bool // what holds when every property does, and when none does
	}{
		{`"open data" community:x`, true, false},
		{`"opened data" community:x`, false, false},
		{`"opened data" OR after:2020`, true, false},
		{`"open data" -source:y`, false, true},
		{`-"open data"`, false, false},
		{`-"opened data"`, true, true},
	}
	for _, tt := range tests {
		q, err := query.Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		for _, has := range []bool{true, false} {
			want := tt.not
			if has {
				want = tt.with
			}
			if got := q.MatchWith(item, func(leaf query.Node) (bool, bool) {
				_, isText := leaf.(query.Text)
				return has, !isText
			}); got != want {
				t.Errorf("%q with properties %v = %v, want %v", tt.query, has, got, want)
			}
		}
	}
}
