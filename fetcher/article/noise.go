package article

import (
	"strings"

	"caravan/fetcher/article/plaintext"
)

// isCounter reports whether word i of the line belongs to a count of readers
// or of the time since: "12 comments", "Views: 1,234", "3 hours ago".
func (s *scanner) isCounter(i int) bool {
	switch {
	case s.isNumber(i):
		return s.countsNoise(i)
	case s.isOneOf(i, counted):
		return s.isNumber(i-1) || s.isOneOf(i-1, multiples) || s.isNumber(i+1)
	case s.isOneOf(i, units):
		return (s.isNumber(i-1) || s.isNumber(i+1)) && s.countsBack(i)
	}
	return false
}

// countsNoise reports whether the number at i counts something that changes by
// itself. Its thousands and decimals are numbers beside it.
func (s *scanner) countsNoise(i int) bool {
	const mostParts = 5
	from, to := i-1, i+1
	for s.isNumber(from) && i-from < mostParts {
		from--
	}
	for (s.isNumber(to) || s.isOneOf(to, multiples)) && to-i < mostParts {
		to++
	}
	return s.isOneOf(to, counted) || s.isOneOf(to, units) && s.countsBack(to) ||
		s.isOneOf(from, counted) && !s.isOneOf(to, units)
}

// countsBack reports whether the unit of time at i counts back from now.
func (s *scanner) countsBack(i int) bool {
	if s.isOneOf(i+1, ago) {
		return true
	}
	for j := i - 1; j >= i-4; j-- {
		if s.isOneOf(j, before) {
			return true
		}
	}
	return false
}

// isNumber reports whether word i of the line is there and a number.
func (s *scanner) isNumber(i int) bool {
	return i >= 0 && i < len(s.line) && s.line[i].number
}

// isOneOf reports whether word i of the line is there and in set.
func (s *scanner) isOneOf(i int, set map[string]bool) bool {
	const longest = 24
	if i < 0 || i >= len(s.line) || s.line[i].to-s.line[i].from > longest {
		return false
	}
	var buf [longest + 8]byte
	return set[string(appendLower(buf[:0], s.text[s.line[i].from:s.line[i].to]))]
}

// isNoiseLine reports whether a whole line is an advertisement: it begins with
// a label that says so, alone or before a colon, bar or dash.
func isNoiseLine(line string) bool {
	const longestLabel, longestLine = 40, 600
	if len(line) > longestLine {
		return false
	}
	end := 0
	for end < len(line) && end <= longestLabel {
		if b := line[end]; b == ':' || b == '|' || b == '-' || b == 0xe2 { // dashes and bullets begin with E2
			break
		}
		end++
	}
	return end <= longestLabel && adLabels[strings.ToLower(strings.TrimSpace(line[:end]))]
}

// counted are things whose number grows without an edit.
var counted = plaintext.WordSet(`comment comments reply replies response responses view views share shares like likes read reads
	clap claps vote votes reaction reactions download downloads visit visits visitor visitors retweet retweets follower followers
	subscriber subscribers hits
	commentaire commentaires réponse réponses vue vues partage partages mention lecture lectures abonnés
	comentario comentarios respuesta respuestas visita visitas lecturas vistas visualización visualizaciones compartidos
	comentário comentários resposta respostas visualização visualizações visualizacoes compartilhamentos partilhas curtidas leituras
	kommentar kommentare aufrufe antworten commenti commento visualizzazioni reacties reactie weergaven`)

// units are units of time, as in "3 hours ago".
var units = plaintext.WordSet(`second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month months
	seconde secondes heure heures jour jours semaine semaines mois
	segundo segundos minuto minutos hora horas día días dia dias semana semanas mes meses mês
	sekunden minuten stunde stunden tag tagen woche wochen monat monaten secondi minuti ore ora giorno giorni settimana settimane`)

// ago are the words after a unit that count back, before those before the
// number.
var (
	ago    = plaintext.WordSet(`ago atrás fa geleden`)
	before = plaintext.WordSet(`il hace há ha vor`)
)

// multiples are the letters after a rounded number.
var multiples = plaintext.WordSet(`k m`)

// adLabels are what the line of an advertisement says first.
var adLabels = wordLines(`advertisement
advertisements
advertise
advert
ad
ads
sponsored
sponsored content
sponsored post
sponsor
our sponsor
from our sponsor
from our sponsors
this week's sponsor
today's sponsor
promoted
promotion
paid content
publicité
annonce
contenu sponsorisé
sponsorisé
publicidad
anuncio
anuncios
contenido patrocinado
patrocinado
publicidade
anúncio
conteúdo patrocinado
werbung
anzeige
pubblicità
advertentie`)

// wordLines returns the lines of s as a set.
func wordLines(s string) map[string]bool {
	set := map[string]bool{}
	for line := range strings.SplitSeq(s, "\n") {
		set[line] = true
	}
	return set
}
