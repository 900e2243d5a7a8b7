package query_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"caravan"
	"caravan/index/query"
)

func word(w string) query.Text { return query.Text{Words: w} }

func TestParse(t *testing.T) {
	tests := []struct {
		in      string
		want    query.Node
		printed string // empty when it is in
	}{
		{in: "", want: nil},
		{in: "innovation", want: word("innovation")},
		{in: "public lab", want: query.And{word("public"), word("lab")}},
		{in: "  public \t lab\x00 ", want: query.And{word("public"), word("lab")}, printed: "public lab"},
		{in: `"open data"`, want: query.Text{Words: "open data", Quoted: true}},
		{in: "“open  data”", want: query.Text{Words: "open data", Quoted: true}, printed: `"open data"`},
		{in: "«données ouvertes»", want: query.Text{Words: "données ouvertes", Quoted: true}, printed: `"données ouvertes"`},
		{in: "forms -tax", want: query.And{word("forms"), query.Not{word("tax")}}},
		{in: "lab OR laboratório", want: query.Or{word("lab"), word("laboratório")}},
		{in: "a b OR c", want: query.Or{query.And{word("a"), word("b")}, word("c")}},
		{in: "a (b OR c)", want: query.And{word("a"), query.Or{word("b"), word("c")}}},
		{in: "(a b) (c)", want: query.And{word("a"), word("b"), word("c")}, printed: "a b c"},
		{in: "a AND b", want: query.And{word("a"), word("b")}, printed: "a b"},
		{in: "-(a b)", want: query.Not{query.And{word("a"), word("b")}}},
		{in: "-(-a)", want: word("a"), printed: "a"},
		{in: "title:listening", want: query.Text{In: query.Title, Words: "listening"}},
		{in: `title:"open data"`, want: query.Text{In: query.Title, Words: "open data", Quoted: true}},
		{in: "prototyp*", want: query.Text{Words: "prototyp", Prefix: true}},
		{in: "lang:pt-BR", want: query.Is{Field: query.Language, Value: "pt"}, printed: "language:pt"},
		{in: `community:"States of Change"`, want: query.Is{Field: query.Community, Value: "States of Change"}},
		{in: "tag:open*", want: query.Is{Field: query.Tag, Value: "open", Prefix: true}},
		{in: "SITE:https://www.nesta.org.uk/blog", want: query.Is{Field: query.Site, Value: "https://www.nesta.org.uk/blog"}, printed: "site:https://www.nesta.org.uk/blog"},
		{in: "title:(policy OR \"open data\")", want: query.Or{query.Text{In: query.Title, Words: "policy"}, query.Text{In: query.Title, Words: "open data", Quoted: true}},
			printed: `title:policy OR title:"open data"`},
		{in: "tag:(open data* -author:x)", want: query.And{query.Is{Field: query.Tag, Value: "open"}, query.Is{Field: query.Tag, Value: "data", Prefix: true}, query.Not{query.Text{In: query.Author, Words: "x"}}},
			printed: "tag:open tag:data* -author:x"},
		{in: "language:(pt-BR OR es) x", want: query.And{query.Or{query.Is{Field: query.Language, Value: "pt"}, query.Is{Field: query.Language, Value: "es"}}, word("x")},
			printed: "(language:pt OR language:es) x"},
		{in: "before:(2024)", want: query.And{word("before"), word("2024")}, printed: "before 2024"},
		{in: "before:2024-3", want: query.When{Before: true, Day: "2024-03"}, printed: "before:2024-03"},
		{in: "after:2024-03-05", want: query.When{Day: "2024-03-05"}},
		// What cannot be syntax is words.
		{in: "l'innovation", want: word("l'innovation")},
		{in: "public-sector,", want: word("public-sector"), printed: "public-sector"},
		{in: "C++", want: word("C++")},
		{in: "http://x:80", want: word("http://x:80")}, // S33
		{in: "labs:", want: word("labs"), printed: "labs"},
		{in: "title: x", want: query.And{word("title"), word("x")}, printed: "title x"},
		{in: "OR", want: word("or"), printed: "or"},
		{in: "a OR", want: query.And{word("a"), word("or")}, printed: "a or"},
		{in: "a - b", want: query.And{word("a"), word("b")}, printed: "a b"},
		{in: "„Bim“-Dieb", want: query.And{query.Text{Words: "Bim", Quoted: true}, word("Dieb")}, printed: `"Bim" Dieb`},
		{in: "--verbose", want: word("verbose"), printed: "verbose"},
		{in: "R&D", want: word("R&D")},
		{in: "创新", want: word("创新")},
		{in: "() lab", want: word("lab"), printed: "lab"},
		{in: `"" lab`, want: word("lab"), printed: "lab"},
		{in: "it’s “lab", want: query.And{word("it’s"), word("lab")}, printed: "it’s lab"},
	}
	for _, tt := range tests {
		got, err := query.Parse(tt.in)
		if err != nil || !reflect.DeepEqual(got.Root, tt.want) {
			t.Errorf("Parse(%q) = %#v, %v, want %#v", tt.in, got.Root, err, tt.want)
			continue
		}
		want := tt.printed
		if want == "" {
			want = tt.in
		}
		if got.String() != want {
			t.Errorf("Parse(%q).String() = %q, want %q", tt.in, got.String(), want)
		}
	}
}

func TestParseErrorsSayWhereAndHowToRepair(t *testing.T) { // S31, S33
	tests := []struct {
		in       string
		position int
		repair   string // one that must be among them
	}{
		{`title:"open data`, 6, `title:"open data"`},
		{`title:"open data AND (lab OR laboratório`, 6, "title open data lab laboratório"},
		{"lab (a OR b", 4, "lab (a OR b)"},
		{"lab) x", 3, "lab x"},
		{`"abc`, 0, `"abc"`},
		{"a*", 0, "a"},
		{"lab before:soon", 11, "lab"},
		{"lab after:2024-13", 10, "lab"},
		{"tag:o*", 4, "tag o"},
		{"???", 0, ""},
		{"+", 0, ""},
		{`\`, 0, ""},
		{"/[/", 0, ""},
		{strings.Repeat("word ", 25), 120, strings.TrimSpace(strings.Repeat("word ", 24))},
		{strings.Repeat("x", 257), 256, ""},
		{strings.Repeat("é ", 100), 170, ""},
	}
	for _, tt := range tests {
		_, err := query.Parse(tt.in)
		bad, ok := errors.AsType[*caravan.QueryError](err)
		if !ok || !errors.Is(err, caravan.ErrInvalid) {
			t.Errorf("Parse(%q) = %v, want a query error", tt.in, err)
			continue
		}
		if bad.Query != tt.in || bad.Message == "" {
			t.Errorf("Parse(%q): query %q, message %q", tt.in, bad.Query, bad.Message)
		}
		if bad.Position != tt.position && len(tt.in) <= 256 && tt.in[0] != 0xc3 {
			t.Errorf("Parse(%q): position %d, want %d", tt.in, bad.Position, tt.position)
		}
		if tt.repair != "" && !slices.Contains(bad.Repairs, tt.repair) {
			t.Errorf("Parse(%q): repairs %q, want %q among them", tt.in, bad.Repairs, tt.repair)
		}
		for _, r := range bad.Repairs {
			if _, err := query.Parse(r); err != nil {
				t.Errorf("Parse(%q): repair %q does not parse: %v", tt.in, r, err)
			}
		}
	}
}

func TestParsePlainTakesSignsAsText(t *testing.T) {
	tests := []struct{ in, printed string }{
		{"TRUTH OR DARE", "TRUTH or DARE"},
		{`title:"open (data`, "title open data"},
		{"-tax +c++ a*", "tax c++ a"},
		{"http://x:80 before:soon", "http://x:80 before soon"},
		{"What's «new»?", "What's new"},
	}
	for _, tt := range tests {
		q, err := query.ParsePlain(tt.in)
		if err != nil || q.String() != tt.printed {
			t.Errorf("ParsePlain(%q) = %q, %v, want %q", tt.in, q.String(), err, tt.printed)
		}
		if again, err := query.Parse(q.String()); err != nil || !reflect.DeepEqual(again, q) {
			t.Errorf("Parse(%q) = %v, %v, want the same query", q.String(), again, err)
		}
	}
}

func TestWithoutTakesOneConditionAway(t *testing.T) {
	q, err := query.Parse(`lab "open data" -tax language:pt`)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ rest, dropped string }{
		{`"open data" -tax language:pt`, "lab"},
		{"lab -tax language:pt", `"open data"`},
		{`lab "open data" language:pt`, "-tax"},
		{`lab "open data" -tax`, "language:pt"},
	}
	for i, w := range want {
		rest, dropped, ok := q.Without(i)
		if !ok || rest.String() != w.rest || dropped != w.dropped {
			t.Errorf("Without(%d) = %q, %q, %v, want %q, %q", i, rest, dropped, ok, w.rest, w.dropped)
		}
	}
	if _, _, ok := q.Without(4); ok {
		t.Error("Without(4) = ok, want none")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`title:"open data" (lab OR laboratório) -tax before:2024 prototyp*`, `a OR OR b`, `-(-(a b) OR c)`,
		"“x «y» z” „w", `tag:"a*"* site:x.`, "http://x:80/(y)", "C++* c#, .title:x", "AND OR AND", `"a" "b`, "创新* 水", "x:title:y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, parse := range map[string]func(string) (query.Query, error){"Parse": query.Parse, "ParsePlain": query.ParsePlain} {
			q, err := parse(s)
			if err != nil {
				bad, ok := errors.AsType[*caravan.QueryError](err)
				if !ok || bad.Position < 0 || bad.Position > utf8.RuneCountInString(s) || bad.Message == "" {
					t.Fatalf("%s(%q): error %#v", name, s, err)
				}
				for _, r := range bad.Repairs {
					if _, err := query.Parse(r); err != nil {
						t.Fatalf("%s(%q): repair %q does not parse: %v", name, s, r, err)
					}
				}
				continue
			}
			printed := q.String()
			again, err := query.Parse(printed)
			if len(printed) > query.MaxBytes {
				continue // a printed form may need more signs than the bound allows
			}
			if err != nil || !reflect.DeepEqual(again, q) {
				t.Fatalf("%s(%q) prints %q, which parses to %#v, %v, want %#v", name, s, printed, again.Root, err, q.Root)
			}
			q.Match(caravan.Item{Title: s, Text: printed})
		}
	})
}
