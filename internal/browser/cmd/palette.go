package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"slices"
)

// shrink makes a picture of a page small: it keeps its most frequent colours, as
// many as fit into most bytes, and gives every other pixel the nearest of them.
// A page has few colours of its own; the rest are the edges of letters.
func shrink(picture []byte, most int) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("read picture: %w", err)
	}
	pixels := image.NewNRGBA(image.Rect(0, 0, whole.Bounds().Dx(), whole.Bounds().Dy()))
	draw.Draw(pixels, pixels.Bounds(), whole, whole.Bounds().Min, draw.Src)
	ranked := frequent(pixels)
	var small bytes.Buffer
	for n := 64; n >= 4; n = n * 3 / 4 {
		small.Reset()
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(&small, paint(pixels, choose(ranked, n))); err != nil {
			return nil, fmt.Errorf("write picture: %w", err)
		}
		if small.Len() <= most {
			return small.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("picture of %d bytes, may be %d", small.Len(), most)
}

// colourful is how much more a pixel of a colour counts than one of a grey: marks
// are small, and letters have many edges.
const colourful = 20

// frequent lists the colours of a picture, those that count most first.
func frequent(pixels *image.NRGBA) []color.NRGBA {
	count := map[color.NRGBA]int{}
	for i := 0; i < len(pixels.Pix); i += 4 {
		count[color.NRGBA{pixels.Pix[i], pixels.Pix[i+1], pixels.Pix[i+2], 255}]++
	}
	colours := make([]color.NRGBA, 0, len(count))
	for c := range count {
		colours = append(colours, c)
		if max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > 60 {
			count[c] *= colourful
		}
	}
	key := func(c color.NRGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }
	slices.SortFunc(colours, func(a, b color.NRGBA) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(key(a), key(b)))
	})
	return colours
}

// choose takes up to n colours in their order: the grounds of a page, however
// close they are, then none that is close to one before it.
func choose(ranked []color.NRGBA, n int) color.Palette {
	const grounds, close = 10, 24 * 24 * 3 / 2
	var palette color.Palette
	var taken []color.NRGBA
	for _, c := range ranked {
		if len(palette) == n {
			break
		}
		if len(palette) < grounds || !slices.ContainsFunc(taken, func(t color.NRGBA) bool { return distance(c, t) < close }) {
			palette, taken = append(palette, c), append(taken, c)
		}
	}
	return palette
}

// distance is how far two colours are apart, squared.
func distance(a, b color.NRGBA) int {
	r, g, l := int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)
	return r*r + g*g + l*l
}

// paint gives each pixel the nearest colour of a palette.
func paint(pixels *image.NRGBA, palette color.Palette) *image.Paletted {
	out := image.NewPaletted(pixels.Bounds(), palette)
	nearest := map[color.NRGBA]uint8{}
	for i := range out.Pix {
		c := color.NRGBA{pixels.Pix[4*i], pixels.Pix[4*i+1], pixels.Pix[4*i+2], 255}
		index, known := nearest[c]
		if !known {
			index = uint8(palette.Index(c))
			nearest[c] = index
		}
		out.Pix[i] = index
	}
	return out
}
