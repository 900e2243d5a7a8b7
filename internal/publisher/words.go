package publisher

import (
	"math"
	"math/rand/v2"
	"sort"
	"strings"
)

// A tongue is what the generator knows of a language: the small words that
// hold sentences together, everyday words of the field, and syllables from
// which further words are built that look as if they belonged.
type tongue struct {
	code     string
	small    []string
	everyday []string
	onsets   []string
	vowels   []string
	codas    []string
	endings  []string
}

func tongues() []tongue {
	split := strings.Fields
	return []tongue{
		{
			code:     "en",
			small:    split("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were her all she there would their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over"),
			everyday: split("public service city council team policy citizen people learning change design data budget health school housing transport climate community project method prototype government minister report evidence trust practice question answer meeting letter form language office street river market neighbour library garden water energy waste care work week month morning experience failure success partner network capacity skill training decision problem solution experiment story map survey interview pattern standard platform code contract procurement law regulation benefit pension permit licence queue visit budget saving mayor mission strategy team journey"),
			onsets:   split("b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st str t th tr v w"),
			vowels:   split("a e i o u ai ea ee oa ou"),
			codas:    split("b ck d f g l ll m n nd ng nt p r rd rk s sh st t th x"),
			endings:  split("er ing ed ly ness ment tion able al ist"),
		},
		{
			code:     "fr",
			small:    split("le la les de des du un une et à en que qui dans pour sur avec par ce cette ces il elle on nous vous ils elles ne pas plus se son sa ses leur leurs au aux est sont était été être avoir a ont mais ou où comme si tout tous toute très bien sans sous entre aussi même peu encore déjà donc ainsi alors"),
			everyday: split("public service ville mairie équipe politique citoyen gens apprentissage changement conception données budget santé école logement transport climat communauté projet méthode prototype gouvernement ministre rapport preuve confiance pratique question réponse réunion lettre formulaire langue bureau rue rivière marché voisin bibliothèque jardin eau énergie déchets soin travail semaine mois matin expérience échec réussite partenaire réseau capacité compétence formation décision problème solution récit carte enquête entretien modèle norme plateforme contrat loi règlement retraite permis attente visite économie mission stratégie démarche usager agent territoire laboratoire élu numérique écoute"),
			onsets:   split("b bl br c ch cl cr d f fl fr g gl gr j l m n p pl pr qu r s t tr v"),
			vowels:   split("a e é i o u ou oi ai eu au è"),
			codas:    split("l m n r s t c f nt rt"),
			endings:  split("tion ment eur euse ité age ique elle ance ette"),
		},
		{
			code:     "es",
			small:    split("el la los las de del un una y a en que para con por se su sus lo al es son era fue ser estar ha han pero o como si todo todos toda muy bien sin entre también más menos ya cuando donde quien este esta estos esas eso nos les me le no sobre hasta desde cada otro otra porque así entonces aún"),
			everyday: split("público servicio ciudad ayuntamiento equipo política ciudadanía gente aprendizaje cambio diseño datos presupuesto salud escuela vivienda transporte clima comunidad proyecto método prototipo gobierno ministra informe evidencia confianza práctica pregunta respuesta reunión carta formulario lengua oficina calle río mercado vecino biblioteca jardín agua energía residuos cuidado trabajo semana mes mañana experiencia fracaso logro socio red capacidad habilidad formación decisión problema solución relato mapa encuesta entrevista patrón norma plataforma contrato compra ley reglamento pensión permiso espera visita ahorro alcaldía misión estrategia laboratorio innovación territorio escucha barrio"),
			onsets:   split("b bl br c ch d f fl g gr h j l ll m n p pl pr qu r s t tr v z"),
			vowels:   split("a e i o u ie ue ia io á é í"),
			codas:    split("l n r s d z"),
			endings:  split("ción dad mente ero era ismo ista able oso ada"),
		},
		{
			code:     "pt",
			small:    split("o a os as de do da dos das um uma e em no na nos nas que para com por se seu sua seus ao à é são era foi ser estar há mas ou como se tudo todos toda muito bem sem entre também mais menos já quando onde quem este esta estes essas isso nós lhe me não sobre até desde cada outro outra porque assim então ainda pelo pela"),
			everyday: split("público serviço cidade prefeitura equipe política cidadão gente aprendizagem mudança desenho dados orçamento saúde escola moradia transporte clima comunidade projeto método protótipo governo ministra relatório evidência confiança prática pergunta resposta reunião carta formulário língua escritório rua rio mercado vizinho biblioteca jardim água energia resíduos cuidado trabalho semana mês manhã experiência fracasso conquista parceiro rede capacidade habilidade formação decisão problema solução relato mapa pesquisa entrevista padrão norma plataforma contrato licitação lei regulamento pensão licença espera visita economia missão estratégia laboratório inovação território escuta bairro ações"),
			onsets:   split("b br c ch d f fl g gr j l lh m n nh p pr qu r s t tr v z"),
			vowels:   split("a e i o u ei ou ão ia á ê ó"),
			codas:    split("l m r s z"),
			endings:  split("ção dade mente eiro eira ismo ista ável oso ada"),
		},
	}
}

// vocabularySize is how many words a generated language has: the everyday ones
// and built ones after them, rarer and rarer.
const vocabularySize = 20_000

// A speaker draws words of one language with the frequencies of real text: half
// of them small, the others after Zipf's law.
type speaker struct {
	tongue
	words      []string
	cumulative []float64
}

func newSpeaker(t tongue, seed uint64) *speaker {
	rng := rand.New(rand.NewPCG(seed, uint64(len(t.code))+uint64(t.code[0])<<8+uint64(t.code[1])))
	s := &speaker{tongue: t, words: append([]string(nil), t.everyday...)}
	for len(s.words) < vocabularySize {
		s.words = append(s.words, s.build(rng, 1+rng.IntN(2)))
	}
	s.cumulative = make([]float64, len(s.words))
	sum := 0.0
	for i := range s.words {
		sum += 1 / math.Pow(float64(i)+8, 0.95)
		s.cumulative[i] = sum
	}
	return s
}

// build makes a word of n syllables and an ending.
func (s *speaker) build(rng *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(pick(rng, s.onsets))
		b.WriteString(pick(rng, s.vowels))
		if rng.IntN(3) == 0 {
			b.WriteString(pick(rng, s.codas))
		}
	}
	b.WriteString(pick(rng, s.onsets))
	b.WriteString(pick(rng, s.endings))
	return b.String()
}

// word draws a content word.
func (s *speaker) word(rng *rand.Rand) string {
	x := rng.Float64() * s.cumulative[len(s.cumulative)-1]
	return s.words[min(sort.SearchFloat64s(s.cumulative, x), len(s.words)-1)]
}

// clause draws n words, small and content ones in turn.
func (s *speaker) clause(rng *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		if i%2 == 0 && i < n-1 {
			words[i] = pick(rng, s.small)
		} else {
			words[i] = s.word(rng)
		}
	}
	return strings.Join(words, " ")
}

func pick(rng *rand.Rand, from []string) string { return from[rng.IntN(len(from))] }

// capital writes the first letter of a text in upper case.
func capital(text string) string {
	for i, r := range text {
		return strings.ToUpper(string(r)) + text[i+len(string(r)):]
	}
	return text
}
