package thesaurus_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"caravan"
	"caravan/index/thesaurus"
)

func TestParseReadsEntries(t *testing.T) {
	th, problems := thesaurus.Parse("thesaurus.txt", []byte("\ufeff# comment\r\n\r\n"+
		"innovation lab = laboratoire d'innovation = laboratorio de innovación # places\r\n"+
		"UNDP = PNUD\nlab = laboratoire\n"))
	if len(problems) > 0 || th.Len() != 3 || th.Longest() != 3 {
		t.Fatalf("Parse: %d entries, longest %d, problems %v", th.Len(), th.Longest(), problems)
	}
	tests := []struct{ term, want string }{
		{"undp", "PNUD"},
		{"U.N.D.P.", "PNUD"},
		{"Innovation Labs", "laboratoire d'innovation, laboratorio de innovación"},
		{"innovation-lab", "laboratoire d'innovation, laboratorio de innovación"},
		{"laboratorios de innovacion", "innovation lab, laboratoire d'innovation"},
		{"laboratoires d’innovation", "innovation lab, laboratorio de innovación"},
		{"laboratoire", "lab"},
		{"innovation", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(th.Equivalents(tt.term), ", "); got != tt.want {
			t.Errorf("Equivalents(%q) = %q, want %q", tt.term, got, tt.want)
		}
	}
	if th, problems := thesaurus.Parse("t", []byte("UN = ONU\nIT = informatique\n")); th.Len() != 2 || len(problems) > 0 {
		t.Errorf("abbreviations that look like common words: %v", problems)
	}
	var none thesaurus.Thesaurus
	if got := none.Equivalents("undp"); got != nil {
		t.Errorf("zero value: Equivalents = %v, want none", got)
	}
}

func TestParseSaysWhereAndWhat(t *testing.T) {
	tests := []struct {
		text         string
		line, column int
		severity     caravan.Severity
		entries      int
	}{
		{"a lab\n", 1, 1, caravan.SeverityError, 0},
		{"lab = \n", 1, 7, caravan.SeverityError, 0},
		{"été = = summer\n", 1, 7, caravan.SeverityError, 1},
		{"x = y\n", 1, 1, caravan.SeverityError, 0},
		{"lab = ???\n", 1, 7, caravan.SeverityError, 0},
		{"lab = Lab = laboratoire\n", 1, 7, caravan.SeverityWarning, 1},
		{"a b c d e f g = lab = laboratoire\n", 1, 1, caravan.SeverityError, 1},
		{"lab = laboratoire\n\nlaboratorio = LAB\n", 3, 15, caravan.SeverityWarning, 2},
		{"the = de\n", 1, 1, caravan.SeverityError, 0},
		{"lab = de los\n", 1, 7, caravan.SeverityError, 0},
		{"lab = \xff\n", 1, 1, caravan.SeverityError, 0},
	}
	for _, tt := range tests {
		th, problems := thesaurus.Parse("thesaurus.txt", []byte(tt.text))
		if len(problems) == 0 {
			t.Errorf("Parse(%q): no problem", tt.text)
			continue
		}
		p := problems[0]
		if p.File != "thesaurus.txt" || p.Line != tt.line || p.Column != tt.column || p.Severity != tt.severity || th.Len() != tt.entries {
			t.Errorf("Parse(%q) = %d entries, %v, want %d entries, %d:%d %s", tt.text, th.Len(), p, tt.entries, tt.line, tt.column, tt.severity)
		}
	}
}

// The file that caravan comes with.
func TestTheFirstFile(t *testing.T) {
	data, err := os.ReadFile("../../thesaurus.txt")
	if err != nil {
		t.Fatal(err)
	}
	th, problems := thesaurus.Parse("thesaurus.txt", data)
	for _, p := range problems {
		t.Error(p)
	}
	if th.Len() < 60 {
		t.Errorf("%d entries, want 60 or more", th.Len())
	}
	if !slices.Contains(th.Equivalents("orçamentos participativos"), "participatory budgeting") {
		t.Error("participatory budgeting is not found from Portuguese")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a lab = laboratoire # x\n=\n\xff = =")
	f.Fuzz(func(t *testing.T, text string) {
		th, problems := thesaurus.Parse("t", []byte(text))
		for _, p := range problems {
			if p.Line < 1 || p.Line > strings.Count(text, "\n")+1 || p.Column < 1 || p.Message == "" {
				t.Errorf("problem %v", p)
			}
		}
		for _, term := range strings.Split(text, "=") {
			th.Equivalents(term)
		}
	})
}
