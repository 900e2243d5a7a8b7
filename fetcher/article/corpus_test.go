package article

import (
	"os"
	"path/filepath"
	"testing"
)

// shared returns the path of something in the shared folder, and skips the
// test where that is not at hand.
func shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	root := os.Getenv("CARAVAN_SHARED")
	if root == "" {
		tb.Skip("CARAVAN_SHARED is not set")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		tb.Fatal(err)
	}
	return path
}
