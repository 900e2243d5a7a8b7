package attacks

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"caravan/internal/corpus"
)

// A Vector is one attack.
type Vector struct {
	Title   string `json:"title"`
	Payload string `json:"payload"`
}

// Collected reads the attacks that others have collected, from the shared
// folder.
func Collected(tb testing.TB) []Vector {
	tb.Helper()
	var all []Vector
	for _, name := range []string{"dompurify.jsonl", "owasp.jsonl"} {
		data, err := os.ReadFile(corpus.Path(tb, "xss", name))
		if err != nil {
			tb.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var v Vector
			if err := json.Unmarshal(line, &v); err != nil {
				tb.Fatalf("%s: %v", name, err)
			}
			all = append(all, v)
		}
	}
	if len(all) != 324 {
		tb.Fatalf("%d vectors, want 324", len(all))
	}
	return all
}
