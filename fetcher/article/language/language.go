// Package language tells in which language a text is: by its script, by a vote
// of common words, by trigrams, and where these do not tell, by what is said of
// it. Languages are BCP 47 tags without region.
package language

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"

	"caravan/fetcher/article/plaintext"
)

// A Prior is what is said of an item's language, the most specific first. Any
// of it may be missing or wrong: publishing systems declare the language of
// their buttons.
type Prior struct {
	Item   string // its own declaration
	Usual  string // the language of most other items of the document
	Source string // by the source list
	Feed   string // the document's declaration
}

// Bounds of the detection.
const (
	sampleBytes   = 3000 // of the text
	trigramSample = 800  // bytes given to the slower detector
	fewLetters    = 24   // below, nothing can be concluded from the words
)

// Detect returns the BCP 47 language of an item, without region: a
// vote of common words decides where it is clear, then trigrams of all the
// languages they know, and where the text is too short or could be several,
// what is said of it. It is empty when nothing is known.
func Detect(title, text string, p Prior) string {
	r := Read(title, text)
	if lang, clear := r.Clear(p); clear {
		return lang
	}
	return r.Settle(p)
}

// A Reading is what an item's words say of their language.
type Reading struct {
	sample  string
	scripts scripts
	vote    vote
}

// Read reads the words of an item.
func Read(title, text string) Reading {
	r := Reading{sample: sample(title, text)}
	r.scripts = countScripts(r.sample)
	if r.scripts.main == latin {
		r.vote = takeVote(r.sample)
	}
	return r
}

// Clear returns the language and whether the words alone are enough to tell
// it.
func (r Reading) Clear(p Prior) (string, bool) {
	if r.scripts.letters == 0 {
		return "", false
	}
	expected := p.expected(r.scripts)
	if lang := r.scripts.language(r.sample, expected); lang != "" {
		return lang, true
	}
	if r.scripts.main != latin {
		return "", false
	}
	return r.vote.decide(expected)
}

// Settle returns the language where the words alone were not enough.
func (r Reading) Settle(p Prior) string {
	expected := p.expected(r.scripts)
	switch {
	case r.scripts.letters < fewLetters:
		return expected
	case r.scripts.main != latin:
		return byTrigrams(r.sample, expected)
	}
	return r.vote.settle(r.sample, expected)
}

// expected returns the base language of the most specific of the priors that
// the script of the text allows. A declaration of the item that only repeats
// the document's is the document's.
func (p Prior) expected(sc scripts) string {
	tags := [...]string{p.Item, p.Usual, p.Source, p.Feed}
	if p.Item == p.Feed {
		tags[0] = ""
	}
	for _, tag := range tags {
		if lang := Base(tag); lang != "" && (sc.letters == 0 || sc.allows(lang)) {
			return lang
		}
	}
	return ""
}

// Usual returns the language that most of languages are, where there
// are enough to say so; the empty ones do not count.
func Usual(languages []string) string {
	count, total := map[string]int{}, 0
	usual := ""
	for _, lang := range languages {
		if lang == "" {
			continue
		}
		total++
		if count[lang]++; count[lang] > count[usual] {
			usual = lang
		}
	}
	if count[usual] < 2 || count[usual]*3 < total*2 {
		return ""
	}
	return usual
}

// sample returns the part of an item that its language is told from: the title
// and the text, of a long one the beginning and the middle, without addresses.
func sample(title, text string) string {
	if len(text) > sampleBytes {
		const half = sampleBytes / 2
		from := len(text)/2 - half/2
		for from > 0 && !utf8.RuneStart(text[from]) {
			from--
		}
		text = plaintext.Cut(text, half) + "\n" + plaintext.Cut(text[from:], half)
	}
	if title != "" && !strings.HasPrefix(text, title) {
		text = title + "\n" + text
	}
	if !strings.Contains(text, "://") {
		return text
	}
	var b strings.Builder
	for word := range strings.FieldsSeq(text) {
		if !strings.Contains(word, "://") {
			b.WriteString(word)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// A vote counts how many words of a text are common words of each voter.
type vote struct {
	words int
	count [len(voters)]int
}

// takeVote counts the common words of s.
func takeVote(s string) vote {
	var v vote
	var buf [24]byte
	for i := 0; i < len(s); {
		n := wordEnd(s[i:])
		if n == 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		if n > 1 || standsAlone(s, i) {
			v.words++
			if n <= len(buf) {
				v.add(ballots[string(plaintext.AppendLower(buf[:0], s[i:i+n]))])
			}
		}
		i += n
	}
	return v
}

// standsAlone reports whether the single letter at i is a word: it follows no
// apostrophe, as in "it's", and no digit stands beside it.
func standsAlone(s string, i int) bool {
	isDigit := func(j int) bool { return j >= 0 && j < len(s) && s[j] >= '0' && s[j] <= '9' }
	return !isDigit(i-1) && !isDigit(i+1) && (i == 0 || s[i-1] != '\'' && s[i-1] != 0x99)
}

// wordEnd returns where the word that s begins with ends; 0 when s does not
// begin with one. An apostrophe ends a word, as French and Italian join words
// with it. Beyond ASCII all is letters but for U+0080 to U+00BF and the
// punctuation from U+2000, of which no voter has a letter.
func wordEnd(s string) int {
	i := 0
	for i < len(s) {
		b := s[i]
		if b < 0x80 && (b|0x20 < 'a' || b|0x20 > 'z') || b == 0xc2 || b == 0xe2 {
			break
		}
		i++
	}
	return i
}

// add counts one word of the voters in ballot.
func (v *vote) add(ballot uint32) {
	for i := 0; ballot != 0; i++ {
		if ballot&1 != 0 {
			v.count[i]++
		}
		ballot >>= 1
	}
}

// best returns the voters with the most and second most votes, the expected
// one being given a small bonus.
func (v *vote) best(expected string) (first, second int, count [len(voters)]int) {
	count = v.count
	for i, lang := range voters {
		if lang == expected {
			count[i] += 1 + v.words/50
		}
	}
	first, second = 0, 1
	if count[1] > count[0] {
		first, second = 1, 0
	}
	for i := 2; i < len(count); i++ {
		switch {
		case count[i] > count[first]:
			first, second = i, first
		case count[i] > count[second]:
			second = i
		}
	}
	return first, second, count
}

// decide returns the winner and whether the vote was clear: enough words, a
// good share of them common, and none of the others close.
func (v *vote) decide(expected string) (string, bool) {
	first, second, count := v.best(expected)
	lead := count[first] - count[second]
	clear := v.words >= 8 && count[first]*100 >= v.words*20 && lead*100 >= v.words*6 && lead >= 3
	return voters[first], clear
}

// settle returns the language of a text on which the vote was not clear. What
// is expected needs little support. Against it, or without it, the trigrams
// are asked: to choose between voters that are close, or, where the words
// speak for none, among all languages.
func (v *vote) settle(s, expected string) string {
	first, second, count := v.best(expected)
	switch {
	case v.supports(expected, count[first]):
		return expected
	case v.words < 5 || count[first]*100 < v.words*14:
		lang, sure := trigrams(s, whatlanggo.Options{Blacklist: unlikely})
		if lang != "" && sure || expected == "" {
			return lang
		}
		return expected
	case count[first]-count[second] >= 3:
		return voters[first]
	case count[first] < 6 && expected != "":
		return expected
	}
	return breakTie(s, first, count)
}

// breakTie returns the one of the voters with about as many votes as the first
// that the trigrams speak for, or the first.
func breakTie(s string, first int, count [len(voters)]int) string {
	among := map[whatlanggo.Lang]bool{}
	for i, n := range count {
		if lang, known := trigramVoters[voters[i]]; known && n*3 >= count[first]*2 {
			among[lang] = true
		}
	}
	if _, known := trigramVoters[voters[first]]; !known || len(among) < 2 {
		return voters[first]
	}
	if lang, _ := trigrams(s, whatlanggo.Options{Whitelist: among}); lang != "" {
		return lang
	}
	return voters[first]
}

// trigramVoters are the voters that the trigrams know as well.
var trigramVoters = map[string]whatlanggo.Lang{
	"en": whatlanggo.Eng, "fr": whatlanggo.Fra, "es": whatlanggo.Spa, "pt": whatlanggo.Por, "de": whatlanggo.Deu,
	"it": whatlanggo.Ita, "nl": whatlanggo.Nld, "ro": whatlanggo.Ron, "sv": whatlanggo.Swe, "da": whatlanggo.Dan,
	"no": whatlanggo.Nob, "pl": whatlanggo.Pol, "af": whatlanggo.Afr, "cs": whatlanggo.Ces, "hr": whatlanggo.Hrv,
	"sl": whatlanggo.Slv, "fi": whatlanggo.Fin, "hu": whatlanggo.Hun, "tr": whatlanggo.Tur, "id": whatlanggo.Ind,
}

// supports reports whether the vote lets the expected language pass, the
// winner having that many votes.
func (v *vote) supports(expected string, most int) bool {
	i := slices.Index(voters[:], expected)
	if i < 0 {
		return false
	}
	return v.count[i] > 0 && v.count[i]*10 >= most*8 || v.words < 8 && most-v.count[i] < 3
}

// byTrigrams returns the language of a text that is not in Latin script.
func byTrigrams(s, expected string) string {
	lang, sure := trigrams(s, whatlanggo.Options{Blacklist: unlikely})
	if lang == "" || !sure && expected != "" {
		return expected
	}
	return lang
}

// trigrams returns the language that the sequences of three letters in s speak
// for, and whether they do so clearly.
func trigrams(s string, o whatlanggo.Options) (string, bool) {
	info := whatlanggo.DetectWithOptions(plaintext.Cut(s, trigramSample), o)
	if info.Confidence == 0 {
		return "", false // undecided between two, and not always the same two
	}
	return Base(info.Lang.Iso6391()), info.IsReliable()
}

// unlikely are languages that the trigrams take for a much larger relative in
// the same script; who writes in them says so.
var unlikely = map[whatlanggo.Lang]bool{
	whatlanggo.Bho: true, whatlanggo.Mai: true, whatlanggo.Skr: true, whatlanggo.Run: true,
}

// Base returns the language of a BCP 47 tag without script, region and
// variants, in lower case: "pt" for "pt-BR". Of several tags it takes the
// first. It is empty for what is no tag, and for "und" and the like.
func Base(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_,;. "); i >= 0 {
		tag = tag[:i]
	}
	if same, ok := sameLanguage[tag]; ok {
		return same
	}
	if len(tag) < 2 || len(tag) > 3 || !plaintext.ConsistsOf(tag, func(b byte) bool { return b >= 'a' && b <= 'z' }) {
		return ""
	}
	return tag
}

// sameLanguage maps codes and names that publishers write to the code that is
// used for the language here.
var sameLanguage = map[string]string{
	"und": "", "mul": "", "zxx": "", "mis": "", "xx": "", "en0": "en",
	"eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "deu": "de", "ger": "de", "ita": "it", "nld": "nl", "dut": "nl",
	"cat": "ca", "glg": "gl", "eus": "eu", "baq": "eu", "swe": "sv", "dan": "da", "nor": "no", "nob": "no", "nno": "no", "nb": "no", "nn": "no",
	"fin": "fi", "pol": "pl", "ces": "cs", "cze": "cs", "slk": "sk", "slo": "sk", "hun": "hu", "ron": "ro", "rum": "ro", "ell": "el", "gre": "el",
	"rus": "ru", "ukr": "uk", "bul": "bg", "srp": "sr", "hrv": "hr", "tur": "tr", "ara": "ar", "heb": "he", "iw": "he", "fas": "fa", "per": "fa",
	"urd": "ur", "hin": "hi", "jpn": "ja", "jp": "ja", "kor": "ko", "kr": "ko", "zho": "zh", "chi": "zh", "cmn": "zh", "cn": "zh", "tw": "zh",
	"in": "id", "ind": "id", "ji": "yi", "gr": "el", "cz": "cs", "dk": "da", "se": "sv", "ua": "uk", "br": "pt",
	"english": "en", "french": "fr", "français": "fr", "spanish": "es", "español": "es", "portuguese": "pt", "português": "pt",
	"german": "de", "deutsch": "de", "italian": "it", "italiano": "it", "dutch": "nl", "russian": "ru", "japanese": "ja", "chinese": "zh",
}
