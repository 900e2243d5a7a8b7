package article

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"caravan"
	"caravan/fetcher/article/boilerplate"
	"caravan/fetcher/article/clean"
	"caravan/fetcher/article/hyperlink"
)

func TestSummaryEndsWhereASentenceDoes(t *testing.T) {
	first := "The office opened its doors on a rainy Monday, with three people, one table and no budget to speak of at all. "
	second := "By the summer of that year it had answered four hundred letters, most of them by hand and some of them twice. "
	third := "Dr. Silva of the U.N. team says it cost 3.5 million, which is less than the furniture of the ministry had cost in 2019. "
	tests := []struct {
		name, in, want string
	}{
		{"a short text is its own summary", "Only this.", "Only this."},
		{"lines are joined", "One\nTwo", "One Two"},
		{"after the last whole sentence", first + second + third + first, strings.TrimSpace(first + second + third)},
		{"not after a title or a figure",
			"We met again in the old town hall, where the lights had been out since the winter, and heard what Dr. Silva had to say about the 3.5 million that nobody could find " +
				strings.Repeat("and much more ", 20),
			"We met again in the old town hall, where the lights had been out since the winter, and heard what Dr. Silva had to say about the 3.5 million that nobody could find " +
				strings.Repeat("and much more ", 9) + "and much…"},
		{"a quotation ends with its mark", strings.Repeat("word ", 40) + "“and so on.” Then " + strings.Repeat("word ",
			40), strings.Repeat("word ", 40) + "“and so on.”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := shorten(tt.in); got != tt.want {
				t.Errorf("shorten(%q)\n got %q\nwant %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestSummaryNeverCutsAWord(t *testing.T) {
	tests := map[string]string{
		"English":  strings.Repeat("administration reorganisation ", 60),
		"Arabic":   strings.Repeat("الإدارة العامة الجديدة ", 60),
		"Russian":  strings.Repeat("государственное управление ", 60),
		"Hindi":    strings.Repeat("सार्वजनिक नवाचार ", 80),
		"Korean":   strings.Repeat("공공 혁신 연구소 ", 80),
		"combined": strings.Repeat("e\u0301te\u0301 ", 200),
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := strings.CutSuffix(shorten(in), "…")
			if !ok || !strings.HasPrefix(in, got+" ") {
				t.Errorf("shorten ends within a word: …%q", got[max(0, len(got)-30):])
			}
			if n := columns(got); n < 200 || n > summaryMost {
				t.Errorf("summary is %d columns wide", n)
			}
		})
	}
}

func TestSummaryOfScriptsWithoutSpaces(t *testing.T) {
	tests := map[string]string{
		"Chinese":         strings.Repeat("公共部门的创新需要耐心和勇气，", 30),
		"Chinese stops":   strings.Repeat("公共部门的创新需要耐心和勇气。", 30),
		"Japanese":        strings.Repeat("行政のイノベーションには忍耐が必要です。", 30),
		"Thai":            strings.Repeat("นวัตกรรมภาครัฐ", 60),
		"one long string": strings.Repeat("x", 1000),
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			got := shorten(in)
			if n := columns(got); n < 200 || n > summaryMost+1 {
				t.Errorf("summary is %d columns wide: %q", n, got)
			}
			if strings.HasSuffix(name, "stops") && !strings.HasSuffix(got, "。") {
				t.Errorf("summary does not end with a sentence: %q", got)
			}
			if r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(in, strings.TrimSuffix(got,
				"…"))); unicode.Is(unicode.M, r) {
				t.Errorf("summary cuts a character before %q", r)
			}
		})
	}
}

func TestSummaryPrefersTheExcerptThatSomebodyWrote(t *testing.T) {
	text := "<h2>Weeknote 12</h2><figure><img src=/a.png alt='A room'><figcaption>Photo: us</figcaption></figure><p>We spent the week on tables. Then came the chairs, and with them the question of who sits where.</p>"
	beginning := "We spent the week on tables. Then came the chairs, and with them the question of who sits where."
	tests := []struct {
		name, content, excerpt, want string
	}{
		{"written", text, "<p>How an office found its seats, and what it cost.</p>",
			"How an office found its seats, and what it cost."},
		{"cut from the text", text, "We spent the week on tables. Then came […]", beginning},
		{"cut from the text with a link", text,
			"We spent the week on tables. Then came the chairs, and <a href=/>Continue reading</a>", beginning},
		{"the title", text, "Weeknote 12", beginning},
		{"nothing but an invitation", text, "<a href=/>Read more</a>", beginning},
		{"WordPress's sentence", text,
			"How an office found its seats, and what it cost. The post <a href=/>Weeknote 12</a> appeared first on <a href=/>Office</a>.",
			"How an office found its seats, and what it cost."},
		{"the same in French", text,
			"Comment un bureau a trouvé ses chaises, et leur prix. L’article <a href=/>Note 12</a> est apparu en premier sur <a href=/>Bureau</a>.",
			"Comment un bureau a trouvé ses chaises, et leur prix."},
		{"alone", "", "Only an excerpt […]", "Only an excerpt…"},
		{"no words at all", "<img src=/a.png>", "", ""},
		{"headings where there is nothing else", "<h2>Only a heading</h2>", "", "Only a heading"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := Prepare(caravan.Item{Title: "Weeknote 12", Link: "https://blog.example/12", Content: tt.content,
				Summary: tt.excerpt}, Options{})
			if item.Summary != tt.want {
				t.Errorf("Summary = %q, want %q", item.Summary, tt.want)
			}
		})
	}
}

func TestAnExcerptIsNotFull(t *testing.T) {
	for content, want := range map[string]bool{"<p>All of it.</p>": true, "<p>The beginning […]</p>": false,
		"<p>The beginning.</p><p><a href=/>Read more</a></p>": false} {
		if got := Prepare(caravan.Item{Content: content, Full: true}, Options{}).Full; got != want {
			t.Errorf("Full of %q = %v, want %v", content, got, want)
		}
	}
}

func FuzzSummary(f *testing.F) {
	for _, s := range []string{"", "a. b", strings.Repeat("公共。", 200), strings.Repeat("x", 500), "…",
		"The post x appeared first on y", "read more", strings.Repeat("e\u0301", 400), "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		in = clean.Words(in, &hyperlink.Resolver{}).Text
		got := shorten(boilerplate.OwnWords(in))
		if n := columns(got); n > summaryMost+1 {
			t.Errorf("shorten(%q) is %d columns wide", in, n)
		}
		if !utf8.ValidString(got) || strings.Contains(got, "\n") {
			t.Errorf("shorten(%q) = %q", in, got)
		}
		if got == "" && boilerplate.OwnWords(in) != "" {
			t.Errorf("shorten(%q) is empty", in)
		}
	})
}
