package boilerplate

import (
	"strings"
	"testing"
)

func TestTheSentenceOfPublishingSystemsIsTakenOff(t *testing.T) {
	for _, sentence := range []string{
		"The post A title appeared first on Site.", "The post A title first appeared on Site.", "L’article Un titre est apparu en premier sur Site.", "L'article Un titre est apparu en premier sur Site.", "Cet article Un titre est apparu en premier sur Site.", "L’article Un titre a été publié en premier sur Site.",
		"L’article Un titre est apparu d’abord sur Site.", "Le billet Un titre est apparu en premier sur Site.", "Ce billet Un titre est apparu en premier sur Site.", "La entrada Un título se publicó primero en Sitio.", "La entrada Un título aparece primero en Sitio.", "La entrada Un título apareció primero en Sitio.",
		"El post Un título apareció primero en Sitio.", "El cargo Un título apareció primero en Sitio.", "El artículo Un título apareció primero en Sitio.", "O post Um título apareceu primeiro em Site.", "O post Um título aparece primeiro em Site.", "O artigo Um título apareceu primeiro em Site.", "O conteúdo Um título aparece primeiro em Site.",
		"Der Beitrag Ein Titel erschien zuerst auf Seite.", "L'articolo Un titolo proviene da Sito.", "L’articolo Un titolo sembra essere il primo su Sito.", "Het bericht Een titel verscheen eerst op Site.", "L'entrada Un títol ha aparegut primer a Lloc.", "O artigo Un título apareceu primeiro en Sitio.",
	} {
		for _, before := range []string{"What the publisher wrote.", "Ce que la ville a écrit…", ""} {
			for _, between := range []string{"\n", " ", "\n\n"} {
				in := before + between + sentence
				if got := strings.TrimSpace(in[:Find(in).Own]); got != before {
					t.Errorf("of %q is left %q", in, got)
				}
			}
		}
	}
	for in, want := range map[string]string{
		"Dans cet article nous parlons d’eau.\nL’article L’eau est apparu en premier sur Site.": "Dans cet article nous parlons d’eau.",
		"He left the post office.\nThe post Letters appeared first on Site.":                    "He left the post office.",
	} {
		if got := in[:Find(in).Own]; got != want {
			t.Errorf("of %q is left %q, want %q", in, got, want)
		}
	}
	for _, whole := range []string{"It appeared first on television.", "The post office opened first.", "The post came.\nIt is the first.", "L’article est le premier.", "appeared first on Site.", "The post A title appeared on Site.", "Erst dann proviene da Roma."} {
		if e := Find(whole); e.Own != len(whole) || e.Open {
			t.Errorf("of %q is left %q", whole, whole[:e.Own])
		}
	}
}

// invited are ways to invite to read on.
var invited = []string{
	"Continue reading", "Keep reading", "Read more", "Read the full article", "Read the full post", "Read the full story", "Read the rest", "Read on", "View post", "View full post", "View article", "Lire la suite", "Lire plus", "En savoir plus", "Continuer la lecture", "Lire l’article", "Lire l'article",
	"Seguir leyendo", "Leer más", "Continuar leyendo", "Sigue leyendo", "Continúa leyendo", "Ver más", "Más información", "Continuar lendo", "Continue lendo", "Leia mais", "Ler mais", "Saiba mais", "Continuar a ler", "Seguir lendo", "Ler máis", "Weiterlesen", "Mehr lesen",
	"Continua a leggere", "Leggi tutto", "Leggi di più", "Lees verder", "Lees meer", "Continua llegint", "Llegeix més",
}

func TestInvitationsAreTakenOffTheEnd(t *testing.T) {
	for _, phrase := range invited {
		for _, end := range []string{"", "…", " →", " “A title”", " »", "..."} {
			in := "A sentence.\n" + phrase + end
			if e := Find(in); in[:e.Own] != "A sentence." || !e.Open {
				t.Errorf("Find(%q) leaves %q, open %v", in, in[:e.Own], e.Open)
			}
		}
		for _, before := range []string{"It was late…", "It was late...", "It was late [...]", "It was late […]"} {
			in := before + " " + phrase
			if got := OwnWords(in); !strings.HasPrefix(got, "It was late") || strings.Contains(got, phrase) {
				t.Errorf("OwnWords(%q) = %q", in, got)
			}
		}
		for _, s := range []string{phrase, strings.ToUpper(phrase[:1]) + phrase[1:], phrase + " about it"} {
			if !IsInvitation([]byte(s)) {
				t.Errorf("IsInvitation(%q) = false", s)
			}
		}
	}
	for _, in := range []string{"", "More", "I like to read more", "Reading", strings.Repeat("Read more ", 12), "Re\u200bad more"} {
		if IsInvitation([]byte(in)) {
			t.Errorf("IsInvitation(%q) = true", in)
		}
	}
	if in := "Read more" + strings.Repeat("x", 110); !IsInvitation([]byte(in)) || IsInvitation([]byte(in+"x")) {
		t.Error("an invitation is shorter than 120 bytes")
	}
}

func TestInvitationsInRunningTextStay(t *testing.T) {
	for _, in := range []string{
		"You can read more about it.", "To keep reading is to live.", "A sentence. Read more books.", "A sentence.\nRead moreover.", "A sentence.\nRead more\nAnother line.\nAnd another.", "A sentence.\nRead more " + strings.Repeat("x", 250), "Read mores",
	} {
		if e := Find(in); e.Own != len(in) || e.Open {
			t.Errorf("Find(%q) leaves %q, open %v", in, in[:e.Own], e.Open)
		}
	}
	for in, want := range map[string]string{
		"A sentence (read more)":       "A sentence",
		"A sentence [Read more]":       "A sentence",
		"A sentence. » Read more":      "A sentence. » Read more",
		"A sentence → Read more":       "A sentence",
		"A sentence.\u00a0\nRead more": "A sentence.",
		"Read more":                    "",
	} {
		if got := in[:Find(in).Own]; got != want {
			t.Errorf("Find(%q) leaves %q, want %q", in, got, want)
		}
	}
}

func TestMarksOfACutAreTakenOff(t *testing.T) {
	for _, mark := range []string{"[…]", "[...]", "(…)", "(...)", "[ … ]", "[ ... ]", "[&hellip;]", "[…", "[..."} {
		in := "It was late " + mark
		if e := Find(in); in[:e.Own] != "It was late" || !e.Open || OwnWords(in) != "It was late…" {
			t.Errorf("Find(%q) leaves %q, open %v; own words %q", in, in[:e.Own], e.Open, OwnWords(in))
		}
	}
	for in, want := range map[string]string{
		"It was late.":     "It was late.",
		" It was late. ":   "It was late.",
		"It was late…":     "It was late…",
		"It was late...":   "It was late...",
		"It was late! […]": "It was late!",
		"Late? [...]":      "Late?",
		"晚了。[…]":           "晚了。",
		"“Late” […]":       "“Late”",
		"(late) […]":       "(late)",
		"Was it؟ […]":      "Was it؟",
		"[…]":              "",
		"late » […]":       "late »",
	} {
		if got := OwnWords(in); got != want {
			t.Errorf("OwnWords(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOnlyTheEndIsSearched(t *testing.T) {
	early := "It was late […]\nRead more\nThe post A appeared first on B.\n" + strings.Repeat("And then it went on. ", 40)
	if e := Find(early); e.Own != len(early) || e.Open {
		t.Errorf("%d of %d bytes are left, open %v", e.Own, len(early), e.Open)
	}
	for pad := range 4 { // the border falls into a character
		in := strings.Repeat("é", 300) + strings.Repeat("x", pad) + " late […]"
		if e := Find(in); !e.Open || !strings.HasSuffix(in[:e.Own], " late") {
			t.Errorf("%q is left, open %v", in[:e.Own], e.Open)
		}
	}
}
