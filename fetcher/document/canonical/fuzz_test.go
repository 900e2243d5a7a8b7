package canonical

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/mmcdole/gofeed"

	"caravan/fetcher/document/charset"
	"caravan/fetcher/document/limits"
)

// FuzzCanonical checks what the guard promises: whatever comes in, the document
// that gofeed's recursive parser gets is well-formed, of limited depth, and
// gofeed finds exactly the entries in it.
func FuzzCanonical(f *testing.F) { // S09
	files, err := filepath.Glob(filepath.Join("..", "testdata", "seeds", "*"))
	if err != nil || len(files) == 0 {
		f.Fatalf("%d seeds, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		src, _ := charset.Decode(body, "")
		p := &Problems{Text: src}
		root, err := FindRoot(src, p)
		if err != nil {
			return
		}
		c, err := Rewrite(src, root, p)
		if err != nil {
			return
		}
		checkCanonical(t, c)
	})
}

func checkCanonical(t *testing.T, c *Document) {
	t.Helper()
	c.KeepNewest(limits.Items, &Problems{})
	canonical, err := io.ReadAll(c.Reader(c.Entries))
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(canonical))
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("canonical document: %v\n%s", err, canonical)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > limits.Depth+2 {
			t.Fatalf("canonical document: deeper than %d", limits.Depth)
		}
	}
	feed, err := gofeed.NewParser().Parse(c.Reader(c.Entries))
	if err != nil || len(feed.Items) != len(c.Entries) {
		t.Fatalf("gofeed on the canonical document: %v\n%s", err, canonical)
	}
}
