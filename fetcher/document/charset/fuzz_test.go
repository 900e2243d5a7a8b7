package charset

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

func FuzzDecode(f *testing.F) { // S15
	files, err := filepath.Glob(filepath.Join("..", "testdata", "seeds", "*"))
	if err != nil || len(files) == 0 {
		f.Fatalf("%d seeds, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "text/xml; charset=iso-8859-1")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, _ := Decode(body, contentType)
		if !utf8.Valid(text) {
			t.Fatalf("not valid UTF-8: %q", text)
		}
		if i := firstIllegal(text); i < len(text) {
			t.Fatalf("illegal character at %d of %q", i, text)
		}
	})
}
