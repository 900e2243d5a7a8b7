package words

import "strings"

// stemEnglish prepares a folded word for Porter's rules of 2001 (Snowball's
// "english"): it writes plurals that no rule finds in the singular, and British
// spellings as Americans do.
func stemEnglish(w string) string {
	if s, ok := singularsEnglish[w]; ok {
		return s
	}
	if s, ok := american(w); ok {
		return s
	}
	if n := len(w); n >= 4 && w[n-1] == 's' && strings.IndexByte("sui", w[n-2]) < 0 && !strings.ContainsAny(w[:n-2], "aeiouy") {
		return w[:n-1] // LLMs, NGOs: to the rules no plurals
	}
	return w
}

// singularsEnglish has the singular of irregular plurals, and the American
// spelling of words of this field.
var singularsEnglish = map[string]string{
	"analyses": "analysis", "bases": "base", "busses": "buse", "bus": "buse", "children": "child", "crises": "crisis",
	"criteria": "criterion", "feet": "foot", "halves": "half", "hypotheses": "hypothesis", "indices": "index", "knives": "knife",
	"lives": "life", "matrices": "matrix", "men": "man", "mice": "mouse", "oases": "oasis", "phenomena": "phenomenon",
	"shelves": "shelf", "syntheses": "synthesis", "teeth": "tooth", "theses": "thesis",
	"wives": "wife", "women": "woman",

	"behaviour": "behavior", "behaviours": "behavior", "behavioural": "behavioral", "catalogue": "catalog", "catalogues": "catalog",
	"centre": "center", "centres": "center", "colour": "color", "colours": "color", "defence": "defense", "favour": "favor",
	"grey": "gray", "labour": "labor", "licence": "license", "licences": "license", "neighbour": "neighbor", "neighbours": "neighbor",
	"neighbourhood": "neighborhood", "neighbourhoods": "neighborhood", "programme": "program", "programmes": "program",
	"theatre": "theater", "theatres": "theater",
}

// american writes -ise as -ize where enough of a word stands before it; words
// that are always written with an s change in all their forms alike.
func american(w string) (string, bool) {
	for _, ending := range []string{"ise", "ises", "ised", "ising", "iser", "isers", "isation", "isations", "isational"} {
		if base, ok := strings.CutSuffix(w, ending); ok && len(base) >= 4 && strings.IndexByte("aeiou", base[len(base)-1]) < 0 {
			return base + "iz" + ending[2:], true
		}
	}
	return w, false
}

// apartEnglish has the stems of words that the rules would make one with words
// of another meaning: "news" with "new", "international" with "interns".
var apartEnglish = map[string]string{
	"authority": "authority", "authorities": "authority",
	"experiment": "experiment", "experiments": "experiment", "experimental": "experiment", "experimentation": "experiment", "experimenting": "experiment", "experimented": "experiment",
	"international": "international", "internationally": "international",
	"news":        "news",
	"organ":       "organ_",
	"organs":      "organ_",
	"positive":    "positive",
	"positively":  "positive",
	"publication": "publication", "publications": "publication",
	"secretary":   "secretary",
	"secretaries": "secretary",
	"university":  "university", "universities": "university",
}
