package article

import (
	"testing"

	"caravan"
)

func TestAnItemTakesTheLanguageOfItsNeighbours(t *testing.T) {
	const es = "La ciudad abrió sus datos el año pasado, y quienes más los usan no son los que esperábamos cuando empezamos con el proyecto."
	const en = "The city opened its data last year, and the people who use it most are not the ones we had expected when we began."
	items := prepared(caravan.Item{Title: es}, caravan.Item{Title: es + " Fin."},
		caravan.Item{Title: "Lab 24"}, caravan.Item{Title: en})
	for i, want := range []string{"es", "es", "es", "en"} {
		if got := items[i].Language; got != want {
			t.Errorf("item %d is in %q, want %q", i, got, want)
		}
	}
}
