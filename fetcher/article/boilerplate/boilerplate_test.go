package boilerplate

import "testing"

func TestBoilerplateIsTakenOffTheEnd(t *testing.T) {
	tests := []struct {
		in, want string
		open     bool
	}{
		{"Whole text.", "Whole text.", false},
		{"It was late […]", "It was late…", true},
		{"It was late [...] Read more", "It was late…", true},
		{"It was late...", "It was late...", true},
		{"A sentence.\nRead more...", "A sentence.", true},
		{"A sentence.\nContinue reading Title of the post →", "A sentence.", true},
		{"Une phrase.\nLire la suite", "Une phrase.", true},
		{"Una frase.\nSeguir leyendo »", "Una frase.", true},
		{"Uma frase.\nContinue lendo →", "Uma frase.", true},
		{"I like to read more books than before.", "I like to read more books than before.", false},
		{"A sentence.\nThe post Title appeared first on Site.", "A sentence.", false},
		{"Una frase.\nLa entrada Título se publicó primero en Sitio.", "Una frase.", false},
		{"Uma frase.\nO post Título apareceu primeiro em Site.", "Uma frase.", false},
		{"Ein Satz.\nDer Beitrag Titel erschien zuerst auf Seite.", "Ein Satz.", false},
		{"", "", false},
	}
	for _, tt := range tests {
		if got := OwnWords(tt.in); got != tt.want {
			t.Errorf("ownWords(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if got := Find(tt.in).Open; got != tt.open {
			t.Errorf("endingOf(%q).open = %v, want %v", tt.in, got, tt.open)
		}
	}
}
