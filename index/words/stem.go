package words

import "strings"

// stemSpanish joins the singular and plural and the genders of a folded
// Spanish word. bleve's light stemmer leaves words under five letters alone and
// so parts "casa" from "casas"; one word in eight is missed that way.
func stemSpanish(w string) string {
	if !isWord(w) {
		return w
	}
	w = withoutMente(w)
	w = withoutS(w)
	w = withoutVowel(w)
	if len(w) >= 3 && strings.HasSuffix(w, "z") { // luz, luces
		w = w[:len(w)-1] + "c"
	}
	return w
}

// stemPortuguese does the same for a folded Portuguese word; the plurals of
// -ão (-ões, -ães, -ãos) fall together with it.
func stemPortuguese(w string) string {
	if !isWord(w) {
		return w
	}
	w = withoutMente(w)
	n := len(w)
	switch {
	case w == "maes": // the one plural of a noun in -ãe; "mãos" are hands
		return "mae"
	case w == "cidada" || w == "cidadas": // not of "cidade"
		w = "cidadao"
	case n >= 7 && strings.HasSuffix(w, "eia"): // europeia, europeu
		w = w[:n-2] + "u"
	case n >= 8 && strings.HasSuffix(w, "eias"):
		w = w[:n-3] + "u"
	case n >= 7 && strings.HasSuffix(w, "esa"): // portuguesa, português
		w = withoutS(w[:n-1])
	case n >= 8 && strings.HasSuffix(w, "esas"):
		w = withoutS(w[:n-2])
	case n >= 4 && hasAnySuffix(w, "oes", "aes", "aos"): // ações, pães, mãos
		w = w[:n-3] + "ao"
	case n >= 4 && strings.HasSuffix(w, "ns"): // imagens
		w = w[:n-2] + "m"
	case n >= 5 && hasAnySuffix(w, "ais", "eis", "ois", "uis"): // digitais, papéis
		w = w[:n-2] + "l"
	case n == 4 && strings.HasSuffix(w, "eis"): // leis, reis
		w = w[:n-1]
	case n >= 5 && strings.HasSuffix(w, "is"): // perfis
		w = w[:n-1] + "l"
	default:
		w = withoutS(w)
	}
	if n := len(w); n >= 4 && strings.HasSuffix(w, "il") { // fáceis may be of "fácil" or, without its accent, of "facel"
		w = w[:n-2] + "el"
	}
	return withoutVowel(w)
}

// withoutMente takes the ending off an adverb.
func withoutMente(w string) string {
	if len(w) >= 8 {
		return strings.TrimSuffix(w, "mente")
	}
	return w
}

// withoutS takes the s of a plural off. "país" and "mes" end in an s of their
// own; "inglés" loses it with its vowel, and so must "ingleses".
func withoutS(w string) string {
	n := len(w)
	switch {
	case n >= 7 && hasAnySuffix(w, "eses", "uses"): // ingleses, autobuses
		return w[:n-3]
	case n >= 4 && hasAnySuffix(w, "as", "es", "os"), n >= 5 && hasAnySuffix(w, "is", "us"):
		return w[:n-1]
	case n >= 4 && w[n-1] == 's' && strings.IndexByte("aeious", w[n-2]) < 0: // apps, hotels, workshops
		return w[:n-1]
	}
	return w
}

// withoutVowel takes the vowel off that marks gender or a plural's bridge,
// where a stem of three letters remains.
func withoutVowel(w string) string {
	if n := len(w); n >= 4 && strings.IndexByte("aeo", w[n-1]) >= 0 {
		return w[:n-1]
	}
	return w
}

func hasAnySuffix(w string, suffixes ...string) bool {
	for _, s := range suffixes {
		if strings.HasSuffix(w, s) {
			return true
		}
	}
	return false
}
