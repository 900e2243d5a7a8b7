package words

import "strings"

// stemFrench prepares a folded word for the light stemmer, which leaves apart
// the genders of short words and of those in -c, and a few plurals.
func stemFrench(w string) string {
	if s, ok := formsFrench[w]; ok {
		return s
	}
	n := len(w)
	switch {
	case n >= 6 && strings.HasSuffix(w, "ive"): // active
		return w[:n-2] + "f"
	case n >= 7 && strings.HasSuffix(w, "ives"):
		return w[:n-3] + "fs"
	case n >= 4 && strings.HasSuffix(w, "ue") && !hasAnySuffix(w, "que", "gue"): // élue
		return w[:n-1]
	case n >= 5 && strings.HasSuffix(w, "ues") && !hasAnySuffix(w, "ques", "gues"):
		return w[:n-2]
	}
	return w
}

// formsFrench has forms that no rule finds.
var formsFrench = map[string]string{
	"publique": "public", "publiques": "public", "laique": "laic", "laiques": "laic", "grecque": "grec", "grecques": "grec",
	"turque": "turc", "turques": "turc", "egaux": "egal", "travaux": "travail", "vitraux": "vitrail", "neuve": "neuf", "neuves": "neuf",
	"vive": "vif", "vives": "vif", "yeux": "oeil",
}

// stemGerman writes women in the plural (Bürgerinnen) as one before the light
// stemmer.
func stemGerman(w string) string {
	if base, ok := strings.CutSuffix(w, "erinnen"); ok && len(base) >= 2 {
		return base + "erin"
	}
	return w
}
