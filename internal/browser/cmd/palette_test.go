package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// drawn is a white picture with a block of a colour and some noise near it.
func drawn(t *testing.T, noise int) []byte {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			c := color.NRGBA{255, 255, 255, 255}
			if x < 100 {
				c = color.NRGBA{44, 42, 168, 255}
			}
			if noise > 0 && x > 200 {
				c = color.NRGBA{uint8(random.IntN(noise)), uint8(random.IntN(noise)), uint8(random.IntN(noise)), 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestShrinkKeepsTheColoursOfThePage(t *testing.T) {
	for name, noise := range map[string]int{"plain": 0, "noisy": 200} {
		picture := drawn(t, noise)
		small, err := shrink(picture, 20_000)
		if err != nil {
			t.Fatal(err)
		}
		if len(small) > 20_000 || noise > 0 && len(small) >= len(picture) {
			t.Errorf("%s: %d bytes of %d", name, len(small), len(picture))
		}
		img, err := png.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		if _, paletted := img.(*image.Paletted); !paletted || img.Bounds() != image.Rect(0, 0, 300, 200) {
			t.Errorf("%s: %T %v", name, img, img.Bounds())
		}
		for x, want := range map[int]color.NRGBA{50: {44, 42, 168, 255}, 150: {255, 255, 255, 255}} {
			if got := color.NRGBAModel.Convert(img.At(x, 100)); got != want {
				t.Errorf("%s: colour at %d is %v, want %v", name, x, got, want)
			}
		}
		again, err := shrink(picture, 20_000)
		if err != nil || !bytes.Equal(small, again) {
			t.Errorf("%s: the same picture gives other bytes", name)
		}
	}
}

func TestShrinkSaysWhenItCannot(t *testing.T) {
	if _, err := shrink(drawn(t, 256), 100); err == nil {
		t.Error("a picture of noise fits into 100 bytes")
	}
	if _, err := shrink([]byte("no picture"), 100); err == nil {
		t.Error("no picture is one")
	}
}
