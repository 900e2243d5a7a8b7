package fetcher

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"caravan"
)

// How much two texts must have in common. The values are from measurements on
// articles: unrelated ones reach 0.05 at most, one edited in every twelfth word
// still has half; templated ones come close to 0.6.
const (
	littleShared = 0.2 // below it two texts have nothing to do with each other
	muchShared   = 0.5
	nearlySame   = 0.6
	surelySame   = 0.8 // where no title speaks for it
)

// The sizes of texts that a comparison can be trusted with.
const (
	fewWords  = 8  // less says nothing
	someWords = 48 // from here on a text can stand for itself
	mostWords = 3000
)

// minHashSize is the number of values in a MinHash.
const minHashSize = 64

// jaccard estimates what share of two texts' shingles both have. known is false
// when one of them is too short to have a MinHash.
func jaccard(a, b caravan.Item) (share float64, known bool) {
	if len(a.MinHash) != minHashSize || len(b.MinHash) != minHashSize {
		return 0, false
	}
	equal := 0
	for i := range a.MinHash {
		if a.MinHash[i] == b.MinHash[i] {
			equal++
		}
	}
	return float64(equal) / minHashSize, true
}

// sharedText says how much of the shorter of two texts is in the other: an
// excerpt shares all of itself with the whole. known is false when one of them
// says too little.
func sharedText(a, b caravan.Item) (share float64, known bool) {
	if same(a.Keys.Content, b.Keys.Content) && a.Words >= fewWords {
		return 1, true
	}
	share, known = jaccard(a, b)
	if share >= surelySame {
		return share, true
	}
	left, right := words(a.Text), words(b.Text)
	if len(left) < fewWords || len(right) < fewWords {
		return share, known
	}
	return max(share, containment(left, right)), true
}

// containment is the share of the shorter text's 3-word shingles that the
// longer one has too.
func containment(a, b []string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	have := map[string]bool{}
	for shingle := range shingles(b) {
		have[shingle] = true
	}
	all, found := 0, 0
	for shingle := range shingles(a) {
		all++
		if have[shingle] {
			found++
		}
	}
	return float64(found) / float64(max(all, 1))
}

// shingles yields every three words that follow each other.
func shingles(list []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := 0; i+3 <= len(list); i++ {
			if !yield(strings.Join(list[i:i+3], " ")) {
				return
			}
		}
	}
}

// words takes a text apart into folded words, of a long one the first few
// thousand.
func words(text string) []string {
	const most = mostWords * 12
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	list := strings.FieldsFunc(caravan.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return list[:min(len(list), mostWords)]
}

// similarTitles reports whether two titles can be those of one article: the
// same words, give or take a spelling, or one with something before or behind
// it, as sites add their name. A title that differs in a number, a date or any
// other single word is the next of a series.
func similarTitles(a, b string) bool {
	left, right := words(a), words(b)
	if len(left) > len(right) {
		a, b, left, right = b, a, right, left
	}
	if len(left) == 0 {
		return false
	}
	rest, ok := remainder(left, right)
	if !ok || slices.ContainsFunc(rest, isSerial) {
		return false
	}
	if len(rest) == 0 || len(left) >= 3 {
		return len(rest) <= len(left)+8
	}
	return isSegment(left, b)
}

// remainder takes the words of a out of b, one by one, and returns what is left;
// false when b lacks one of them.
func remainder(a, b []string) (rest []string, ok bool) {
	rest = slices.Clone(b)
	for _, w := range a {
		i := slices.Index(rest, w)
		if i < 0 {
			i = slices.IndexFunc(rest, func(other string) bool { return sameSpelling(w, other) })
		}
		if i < 0 {
			return nil, false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return rest, true
}

// sameSpelling reports whether two long words differ as spellings do: in their
// end, or in one letter of it.
func sameSpelling(a, b string) bool {
	if isSerial(a) || isSerial(b) || min(len(a), len(b)) < 6 {
		return false
	}
	common := 0
	for common < min(len(a), len(b)) && a[common] == b[common] {
		common++
	}
	tail := 0
	for tail < min(len(a), len(b))-common && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return common >= 4 && max(len(a), len(b))-common-tail <= 1
}

// isSegment reports whether the words of a short title are all of what stands
// before or behind a separator in a longer one.
func isSegment(short []string, title string) bool {
	for _, separator := range []string{" | ", " - ", " – ", " — ", " · ", " » ", " « ", " :: ", ": "} {
		parts := strings.Split(title, separator)
		if len(parts) < 2 {
			continue
		}
		if slices.Equal(words(parts[0]), short) || slices.Equal(words(parts[len(parts)-1]), short) {
			return true
		}
	}
	return false
}

// isSerial reports whether a word of a title tells the parts of a series apart:
// it has a digit, or is a month, a day, a season, a numeral, a letter that is not
// a word of its own.
func isSerial(w string) bool {
	if strings.ContainsFunc(w, unicode.IsNumber) {
		return true
	}
	if utf8.RuneCountInString(w) == 1 {
		return !strings.Contains("aeouy", w) // "a" in three of our languages, "e" and "o", "y" and "u"
	}
	if strings.Trim(w, "ivx") == "" {
		return true
	}
	return slices.Contains(serialWords(), w)
}

// serialWords are the words of calendars and counting in the languages of the
// planet and their neighbours, folded.
func serialWords() []string {
	return strings.Fields(`
		january february march april may june july august september october november december
		jan feb mar apr jun jul aug sep sept oct nov dec
		janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
		enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
		janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro
		januar februar marz juni juli oktober dezember gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre
		monday tuesday wednesday thursday friday saturday sunday
		lundi mardi mercredi jeudi vendredi samedi dimanche
		lunes martes miercoles jueves viernes sabado domingo segunda terca quarta quinta sexta
		spring summer autumn fall winter printemps ete automne hiver primavera verano otono invierno verao outono inverno
		one two three four five six seven eight nine ten eleven twelve
		first second third fourth fifth sixth seventh eighth ninth tenth last final
		premier premiere deuxieme troisieme quatrieme cinquieme seconde dernier derniere
		primero primera segundo tercero tercera cuarto ultimo ultima primeiro primeira terceiro terceira
		un deux trois quatre cinq sept huit neuf dix uno dos tres cuatro cinco seis siete ocho nueve diez
		dois duas quatro sete oito nove dez
		morning afternoon evening today yesterday tomorrow`)
}
