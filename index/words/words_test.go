package words_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"caravan"
	"caravan/index/words"
)

func TestTokens(t *testing.T) {
	tests := []struct{ text, want string }{
		{"The Public Sector.", "the1 public2 sector3"},
		{"public-sector", "public1 +publicsector1 sector2"},
		{"state-of-the-art lab", "state1 +stateoftheart1 of2 the3 art4 lab5"},
		{"l’innovation d'un l'Œuvre", "innovation1 un2 oeuvre3"},
		{"jusqu'au dell'arte", "au1 arte2"},
		{"aujourd'hui", "aujourd1 +aujourdhui1 hui2"},
		{"Nesta's O'Neill don’t", "nesta1 o2 +oneill2 neill3 dont4"},
		{"İstanbul'da sant'Anna rock'n'roll", "istanbul1 +istanbulda1 da2 sant3 +santanna3 anna4 rock5 +rocknroll5 n6 roll7"},
		{"l'", "l1"},
		{"C++, C# and c", "c++1 c#2 and3 c4"},
		{"R&D AT&T", "r1 +rd1 d2 at3 +att3 t4"},
		{"U.N.D.P. gov.uk 3.14", "undp1 gov2 uk3 34 145"},
		{"covid-19 2024-25", "covid1 +covid191 192 20243 +2024253 254"},
		{"http://www.example.org/a_b?c=d", "http1 www2 example3 org4 a5 b6 c7 d8"},
		{"São João ŁÓDŹ straße Ñandú", "sao1 joao2 lodz3 strasse4 nandu5"},
		{"café cafe\u0301", "cafe1 cafe2"},
		{"in\u00adno\u00advation", "innovation1"},
		{"公共创新", "公共1 +公1 共创2 +共2 创新3 +创3 +新4"},
		{"AI戦略", "ai1 戦略2 +戦2 +略3"},
		{"2024年", "20241 年2"},
		{"ﾃﾞｻﾞｲﾝ", "デザ1 +デ1 ザイ2 +ザ2 イン3 +イ3 +ン4"},
		{"ｶﾀｶﾅ한국", "カタ1 +カ1 タカ2 +タ2 カナ3 +カ3 ナ한4 +ナ4 한국5 +한5 +국6"},
		{"الإبْتِكار", "الابتكار1"},
		{"חֲדָשׁוּת", "חדשות1"},
		{"Καλλιτέχνης", "καλλιτεχνησ1"},
		{"–– … 😀 \x00", ""},
		{strings.Repeat("x", 81) + " y", "y1"},
		{"\xff\xfea b", "a1 b2"},
	}
	for _, tt := range tests {
		var got []string
		for _, tok := range words.Tokens(tt.text) {
			mark := ""
			if tok.Joined {
				mark = "+"
			}
			got = append(got, fmt.Sprint(mark, tok.Text, tok.Pos))
		}
		if joined := strings.Join(got, " "); joined != tt.want {
			t.Errorf("Tokens(%q) = %s, want %s", tt.text, joined, tt.want)
		}
	}
}

func TestFoldGoesAsFarAsTheSlugs(t *testing.T) {
	for r := rune('A'); r < 0x250; r++ {
		if got, want := words.Fold(string(r)), caravan.Fold(string(r)); got != want {
			t.Errorf("Fold(%q) = %q, want %q", r, got, want)
		}
	}
}

func TestSingularAndPluralFallTogether(t *testing.T) {
	pairs := map[string]string{
		"en": "lab labs, city cities, policy policies, process processes, innovation innovations, knife knives, tie ties, story stories, " +
			"use using, bus buses, analysis analyses, crisis crises, life lives, child children, woman women, criterion criteria, " +
			"university universities, experiment experiments, digitisation digitization, organise organizing, programme programs, LLM LLMs, NGO NGOs",
		"fr": "laboratoire laboratoires, ville villes, journal journaux, local locaux, bureau bureaux, donnée données, eau eaux, " +
			"public publique, publics publiques, actif active, actifs actives, élu élues, égal égaux, travail travaux, politique politiques, ville villes",
		"es": "casa casas, ciudad ciudades, luz luces, país países, mes meses, laboratorio laboratorios, interés intereses, " +
			"innovación innovaciones, avance avances, joven jóvenes, red redes, café cafés, pie pies, año años, público pública, ley leyes, taxi taxis, " +
			"app apps, chatbot chatbots, hotel hoteles, autobús autobuses",
		"pt": "inovação inovações, pão pães, mão mãos, digital digitais, papel papéis, acessível acessíveis, imagem imagens, " +
			"setor setores, vez vezes, país países, mês meses, inglês ingleses, perfil perfis, azul azuis, cidade cidades, base bases, " +
			"inovadora inovadores, lei leis, público públicas, licitação licitações, " +
			"mãe mães, fácil fáceis, útil úteis, civil civis, bot bots, lar lares, cidadão cidadãs, português portuguesas, europeu europeias, empresa empresas",
		"de": "Stadt Stadt, Labor Labore, Idee Ideen, Bürgerin Bürgerinnen",
		"it": "laboratorio laboratori, innovazione innovazioni",
		"nl": "stad stad, burger burgers",
	}
	for group, list := range pairs {
		for pair := range strings.SplitSeq(list, ", ") {
			one, many, _ := strings.Cut(pair, " ")
			a, b := words.For(group).Terms(one), words.For(group).Terms(many)
			if a[0].Stem != b[0].Stem {
				t.Errorf("%s: %s is found by %q, %s by %q", group, one, a[0].Stem, many, b[0].Stem)
			}
		}
	}
}

func TestDifferentWordsStayApart(t *testing.T) {
	for group, list := range map[string]string{
		"en": "story store, loss lose, public publication, us use, news new, community communication, general generation, authority author, university universe, experience experiment, organ organisation, international intern",
		"es": "país pie, gas gato, rey real",
		"fr": "rue ru, mail mal",
		"pt": "cidadã cidade, mãe mão, mães mãos, país paz, gás galo",
	} {
		for pair := range strings.SplitSeq(list, ", ") {
			one, other, _ := strings.Cut(pair, " ")
			if a, b := words.For(group).Terms(one), words.For(group).Terms(other); a[0].Stem == b[0].Stem {
				t.Errorf("%s: %s and %s are both found by %q", group, one, other, a[0].Stem)
			}
		}
	}
}

func TestAccentsDecideNothingInAnyLanguage(t *testing.T) {
	text := "também são évaluation élèves más niños inovações straße università crèche über"
	for _, g := range words.Groups() {
		a, b := words.For(g).Terms(text), words.For(g).Terms(caravan.Fold(text))
		for i := range a {
			if a[i].Stem != b[i].Stem || a[i].Stop != b[i].Stop {
				t.Errorf("%s: %v and %v differ", g, a[i], b[i])
			}
		}
	}
}

func TestStopWordsAreMarked(t *testing.T) {
	tests := []struct{ group, text, want string }{
		{"en", "the city of the future", "citi futur"},
		{"fr", "la ville de l'avenir", "vile aveni"},
		{"es", "los datos de más ciudades", "dat ciudad"},
		{"pt", "os dados de São Paulo também", "dad sao paul"},
		{"es", "el Estado y las ciudades", "estad ciudad"},
		{"en", "she said the shell is well", "said shell"},
		{"xx", "the city", "the city"},
	}
	for _, tt := range tests {
		var got []string
		for _, term := range words.For(tt.group).Terms(tt.text) {
			if !term.Stop {
				got = append(got, term.Stem)
			}
		}
		if joined := strings.Join(got, " "); joined != tt.want {
			t.Errorf("%s %q = %s, want %s", tt.group, tt.text, joined, tt.want)
		}
		if all, content := words.For(tt.group).Count(tt.text); content != len(got) || all < content {
			t.Errorf("%s %q: Count = %d, %d", tt.group, tt.text, all, content)
		}
	}
}

func TestGroup(t *testing.T) {
	for language, want := range map[string]string{"en": "en", "pt-BR": "pt", "fr_CA": "fr", "ES": "es", "ja": "xx", "": "xx", "english": "xx"} {
		if got := words.Group(language); got != want {
			t.Errorf("Group(%q) = %q, want %q", language, got, want)
		}
	}
	if got := words.Key("  Open-Data: l'été, C++ "); got != "open data ete c++" {
		t.Errorf("Key = %q", got)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("l'Œuvre co-creation U.N. C++ 公共创新 ｶﾞ \u00ad\xff")
	f.Fuzz(func(t *testing.T, text string) {
		pos := 0
		for _, tok := range words.Tokens(text) {
			if tok.Text == "" || tok.Start < 0 || tok.End > len(text) || tok.Start >= tok.End || tok.Pos < pos || tok.Pos > pos+1 {
				t.Fatalf("Tokens(%q): %+v after place %d", text, tok, pos)
			}
			if !utf8.ValidString(tok.Text) {
				t.Fatalf("Tokens(%q): %+q is not text", text, tok.Text)
			}
			pos = tok.Pos
		}
		for _, g := range words.Groups() {
			for _, term := range words.For(g).Terms(text) {
				if term.Stem == "" {
					t.Fatalf("%s: Terms(%q): %+v has no stem", g, text, term)
				}
			}
		}
	})
}

func BenchmarkTerms(b *testing.B) {
	text := strings.Repeat("Les laboratoires d’innovation publique expérimentent de nouvelles méthodes avec les citoyens de la ville. ", 30)
	for _, g := range words.Groups() {
		b.Run(g, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				words.For(g).Terms(text)
			}
		})
	}
}
