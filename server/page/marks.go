package page

import "caravan"

// glyphs are the paths of the marks, drawn on a grid of 24 by 24 with the
// even-odd rule. A community keeps the number it was given, so the order never
// changes.
var glyphs = [...]string{
	"M0 12a12 12 0 0 1 24 0a12 12 0 0 1-24 0z",
	"M12 0L24 12L12 24L0 12z",
	"M0 0L12 0A12 12 0 0 1 0 12zM24 0L24 12A12 12 0 0 1 12 0zM24 24L12 24A12 12 0 0 1 24 12zM0 24L0 12A12 12 0 0 1 12 24z",
	"M0 0L12 0L12 12zM24 0L24 12L12 12zM24 24L12 24L12 12zM0 24L0 12L12 12z",
	"M12 0L12 12A12 12 0 0 1 0 0zM24 12L12 12A12 12 0 0 1 24 0zM12 24L12 12A12 12 0 0 1 24 24zM0 12L12 12A12 12 0 0 1 0 24z",
	"M1 6a5 5 0 0 1 10 0a5 5 0 0 1-10 0zM13 6a5 5 0 0 1 10 0a5 5 0 0 1-10 0zM13 18a5 5 0 0 1 10 0a5 5 0 0 1-10 0zM1 18a5 5 0 0 1 10 0a5 5 0 0 1-10 0z",
	"M8 0h8v4h4v4h4v8h-4v4h-4v4H8v-4H4v-4H0V8h4V4h4z",
	"M0 0h12v12H0zM12 12h12v12H12z",
	"M0 0A12 12 0 0 1 12 12A12 12 0 0 1 0 0zM24 0A12 12 0 0 0 12 12A12 12 0 0 0 24 0zM24 24A12 12 0 0 1 12 12A12 12 0 0 1 24 24zM0 24A12 12 0 0 0 12 12A12 12 0 0 0 0 24z",
	"M0 12L6 0L12 12zM12 12L18 0L24 12zM12 24L18 12L24 24zM0 24L6 12L12 24z",
	"M0 12a12 12 0 0 1 24 0a12 12 0 0 1-24 0zM5 12a7 7 0 0 0 14 0a7 7 0 0 0-14 0z",
	"M12 12L0 12A12 12 0 0 1 12 0zM12 12L24 12A12 12 0 0 1 12 24z",
	"M12 0H24V12L12 24H0V12z",
	"M0 12L0 0A12 12 0 0 1 12 12zM12 12L12 0A12 12 0 0 1 24 12zM12 24L12 12A12 12 0 0 1 24 24zM0 24L0 12A12 12 0 0 1 12 24z",
	"M0 0h24v12H12A12 12 0 0 1 12 12V24A12 12 0 0 1 0 12z",
	"M0 0L12 0L0 12zM24 0L24 12L12 0zM24 24L12 24L24 12zM0 24L0 12L12 24z",
	"M0 0L12 12L0 12zM12 0L24 12L12 12zM12 12L24 24L12 24zM0 12L12 24L0 24z",
	"M0 24V12a12 12 0 0 1 24 0V24z",
	"M6 0L12 0L0 12L0 6zM24 6L24 12L12 0L18 0zM18 24L12 24L24 12L24 18zM0 18L0 12L12 24L6 24z",
	"M0 0h24v6H0zM0 12h24v6H0z",
	"M0 0h24v24H0zM4 4v16h16V4z",
	"M0 0L12 12L24 0V12L12 24L0 12z",
	"M0 24A24 24 0 0 1 24 0V24z",
	"M0 0H24L12 12L24 24H0L12 12z",
}

// states are the paths of the shapes that stand beside a source's state, so
// that colour is never the only sign.
var states = map[string]string{
	"ok":    "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zM10.5 16.5l-4-4l1.6-1.6l2.4 2.4l5.4-5.4l1.6 1.6z",
	"quiet": "M12 2a10 10 0 1 0 0 20a10 10 0 0 0 0-20zM12 5v14a7 7 0 0 1 0-14z",
	"bad":   "M12 1L23.5 22H.5zM10.8 8v7h2.4V8zM10.8 16.8v2.4h2.4v-2.4z",
	"moved": "M2 10h12V4l9 8l-9 8v-6H2z",
	"gone":  "M4 2L12 10L20 2L22 4L14 12L22 20L20 22L12 14L4 22L2 20L10 12L2 4z",
}

// A Mark is the shape of a community: the symbol it uses and its hue.
type Mark struct {
	Symbol string // id in the page's sprite
	Hue    string // class
}

// A Symbol is one shape of a page's sprite.
type Symbol struct {
	ID   string
	Path string
}

// markOf returns the mark of a community and the symbol it needs.
func markOf(c caravan.Community) (Mark, Symbol) {
	n := (c.Glyph%len(glyphs) + len(glyphs)) % len(glyphs)
	hue := (c.Hue%10 + 10) % 10
	id := "m" + itoa(n)
	return Mark{Symbol: id, Hue: "h" + itoa(hue)}, Symbol{ID: id, Path: glyphs[n]}
}
