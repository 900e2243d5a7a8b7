package clean

import (
	"cmp"
	"strconv"
	"strings"

	"caravan/fetcher/article/hyperlink"
	"caravan/fetcher/article/plaintext"
)

// writeVoid writes an element that has no content.
func (c *cleaner) writeVoid(e element) {
	switch e.name {
	case "br":
		c.ensureFlow()
		c.out = append(c.out, "<br>"...)
		c.text.Gap(plaintext.Newline)
		c.prose.Gap(plaintext.Newline)
		c.space = true
	case "hr":
		c.ensureFlow()
		c.closeTo(func(f frame) bool { return f.kind == paragraph }, inlineOnly, inclusive)
		c.out = append(c.out, "<hr>"...)
		c.text.Gap(plaintext.Newline)
		c.prose.Gap(plaintext.Newline)
		c.space = true
	case "wbr":
		if !c.inTable() {
			c.out = append(c.out, "<wbr>"...)
		}
	case "img":
		c.writeImage()
	}
}

// writeImage writes an image that is there to be looked at.
func (c *cleaner) writeImage() {
	a := &c.attrs
	if emoji := a.emoji(); emoji != "" {
		c.writeText([]byte(emoji))
		return
	}
	src, srcset := c.imageAddress(a)
	// What a script would have loaded is there again for browsers without.
	if src == "" || src == c.late || a.isPixel() || hyperlink.IsTracker(src) {
		return
	}
	if a.lazySrc != "" {
		c.late = src
	}
	c.ensureFlow()
	alt := plaintext.Line(plaintext.Cut(a.alt, maxWord), maxWord)
	c.out = append(c.out, "<img"...)
	c.out = appendAttr(c.out, "src", src)
	if srcset != "" {
		c.out = appendAttr(c.out, "srcset", srcset)
		c.out = appendIf(c.out, "sizes", a.sizes, isSizes)
	}
	c.out = appendAttr(c.out, "alt", alt)
	c.out = appendText(c.out, "title", a.title)
	c.out = appendIf(c.out, "width", a.width, isLength)
	c.out = appendIf(c.out, "height", a.height, isLength)
	c.out = append(c.out, ` loading="lazy" decoding="async" referrerpolicy="no-referrer">`...)
	c.space = false
	c.see()
	c.image = cmp.Or(c.image, src)
	if alt != "" {
		c.text.Gap(plaintext.Space)
		c.text.Write([]byte(alt))
		c.text.Gap(plaintext.Space)
	}
}

// imageAddress returns where an image is, and its candidates.
func (c *cleaner) imageAddress(a *attributes) (src, srcset string) {
	srcset = c.at.Srcset(cmp.Or(a.lazySrcset, a.srcset))
	src = cmp.Or(c.at.Image(a.lazySrc), c.at.Image(a.src))
	if src == "" {
		src, _, _ = strings.Cut(srcset, " ")
		src = strings.TrimSuffix(src, ",")
	}
	return src, srcset
}

// emoji returns the characters that a picture of an emoji stands for, or "".
func (a *attributes) emoji() string {
	if a.alt == "" || len(a.alt) > 40 {
		return ""
	}
	if strings.Contains(a.src, "s.w.org/images/core/emoji/") || hasToken(a.class, emojiClasses) {
		return a.alt
	}
	return ""
}

// emojiClasses are the classes of images that stand for one character.
var emojiClasses = map[string]bool{"wp-smiley": true, "emoji": true, "emojione": true, "twemoji": true}

// isPixel reports whether the image is too small to be looked at, or hidden.
// Three pixels in both directions, or one in any, are no picture.
func (a *attributes) isPixel() bool {
	width, height := a.width, a.height
	for part := range strings.SplitSeq(strings.ToLower(strings.Join(strings.Fields(a.style), "")), ";") {
		property, value, _ := strings.Cut(part, ":")
		switch property {
		case "display":
			// Scripts that load images late hide them until then.
			if strings.HasPrefix(value, "none") && a.lazySrc == "" {
				return true
			}
		case "width":
			width = value
		case "height":
			height = value
		}
	}
	w, wOK := pixels(width)
	h, hOK := pixels(height)
	return a.hidden || wOK && w <= 1 || hOK && h <= 1 || wOK && hOK && w <= 3 && h <= 3
}

// pixels reads a length in pixels.
func pixels(s string) (int, bool) {
	s = strings.TrimSuffix(strings.TrimSpace(s), "px")
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}

// isSizes reports whether s is a harmless sizes attribute.
func isSizes(s string) bool {
	return len(s) <= 300 && plaintext.ConsistsOf(s, func(b byte) bool {
		return plaintext.IsAlnum(b) || strings.IndexByte("(),.:%+-*/ ", b) >= 0
	}) && s[0] != ' '
}
