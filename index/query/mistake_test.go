package query

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"caravan"
)

func TestMistakesHaveACodeAndWhatItSpeaksOf(t *testing.T) {
	long := strings.Repeat("ab ", 100)
	tests := []struct {
		query string
		plain bool
		code  caravan.Code
		args  []any
	}{
		{long, false, caravan.QueryTooLong, []any{MaxBytes, 300}},
		{long, true, caravan.QueryTooLong, []any{MaxBytes, 300}},
		{strings.Repeat("ab ", 25), false, caravan.QueryTooManyWords, []any{MaxWords, 25}},
		{strings.Repeat("ab ", 25), true, caravan.QueryTooManyWords, []any{MaxWords, 25}},
		{"a " + strings.Repeat("b", 81), false, caravan.QueryLongWord, []any{80}},
		{"a " + strings.Repeat("b", 81), true, caravan.QueryLongWord, []any{80}},
		{`title:"` + strings.Repeat("é", 81) + `"`, false, caravan.QueryLongWord, []any{80}},
		{"…", false, caravan.QueryEmpty, nil},
		{"…", true, caravan.QueryEmpty, nil},
		{"a)", false, caravan.QueryBracketClosing, nil},
		{"(a", false, caravan.QueryBracketOpen, nil},
		{`a "b`, false, caravan.QueryQuotationOpen, nil},
		{"a*", false, caravan.QueryShortWord, []any{MinPrefix}},
		{"tag:a*", false, caravan.QueryShortValue, []any{MinPrefix}},
		{"after:soon", false, caravan.QueryNoDate, []any{"soon"}},
	}
	for _, tt := range tests {
		parse := Parse
		if tt.plain {
			parse = ParsePlain
		}
		_, err := parse(tt.query)
		bad, ok := errors.AsType[*caravan.QueryError](err)
		if !ok || bad.Code != tt.code || fmt.Sprint(bad.Args) != fmt.Sprint(tt.args) || bad.Message == "" || bad.Query != tt.query {
			t.Errorf("%q (plain %v): %#v, want %s %v", tt.query, tt.plain, bad, tt.code, tt.args)
		}
	}
}

func TestOnlyWhatAHandMightMeanIsRepaired(t *testing.T) {
	for _, tt := range []struct {
		open int
		want []string
	}{
		{mostMistakes, []string{"a"}},
		{mostMistakes + 1, []string{"a"}},
		{200, []string{"a"}},
	} {
		_, err := Parse(strings.Repeat("(", tt.open) + "a")
		if bad, ok := errors.AsType[*caravan.QueryError](err); !ok || !slices.Equal(bad.Repairs, tt.want) {
			t.Errorf("%d brackets: %#v, want repairs %q", tt.open, err, tt.want)
		}
	}
	for mistakes, want := range map[int]bool{mostMistakes: true, mostMistakes + 1: false} {
		if _, ok := repair(strings.Repeat("(", mistakes) + "a"); ok != want {
			t.Errorf("repair of %d mistakes: %v, want %v", mistakes, ok, want)
		}
	}
}

func TestPlainWordsAreRepairedByWordsThatPass(t *testing.T) {
	long := strings.Repeat("b", 81)
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{long, nil},
		{"…", nil},
		{"a " + long, []string{"a"}},
		{"a-" + long, nil},
		{strings.Repeat("ab ", MaxWords+1), []string{strings.TrimSpace(strings.Repeat("ab ", MaxWords))}},
	} {
		_, err := ParsePlain(tt.query)
		bad, ok := errors.AsType[*caravan.QueryError](err)
		if !ok || !slices.Equal(bad.Repairs, tt.want) {
			t.Errorf("ParsePlain(%.40q): %v, repairs %q, want %q", tt.query, err, bad.Repairs, tt.want)
			continue
		}
		for _, repair := range bad.Repairs {
			if _, err := ParsePlain(repair); err != nil {
				t.Errorf("ParsePlain(%q): %v", repair, err)
			}
		}
	}
}
