package opml

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDiffShowsAChangeInItsSurroundings(t *testing.T) {
	before := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16"
	tests := []struct{ name, after, want string }{
		{"nothing", before, ""},
		{"a line more", strings.Replace(before, "8\n", "8\nnew\n", 1),
			"--- a/f\n+++ b/f\n@@ -6,6 +6,7 @@\n 6\n 7\n 8\n+new\n 9\n 10\n 11\n"},
		{"a line less", strings.Replace(before, "2\n", "", 1),
			"--- a/f\n+++ b/f\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n"},
		{"two changes far apart", strings.Replace(strings.Replace(before, "2\n", "two\n", 1), "15\n", "", 1),
			"--- a/f\n+++ b/f\n@@ -1,5 +1,5 @@\n 1\n-2\n+two\n 3\n 4\n 5\n@@ -12,5 +12,4 @@\n 12\n 13\n 14\n-15\n 16\n\\ No newline at end of file\n"},
		{"two changes close by", strings.Replace(strings.Replace(before, "4\n", "", 1), "8\n", "eight\n", 1),
			"--- a/f\n+++ b/f\n@@ -1,11 +1,10 @@\n 1\n 2\n 3\n-4\n 5\n 6\n 7\n-8\n+eight\n 9\n 10\n 11\n"},
		{"the end", before + "\n",
			"--- a/f\n+++ b/f\n@@ -13,4 +13,4 @@\n 13\n 14\n 15\n-16\n\\ No newline at end of file\n+16\n"},
		{"all of it", "", "--- a/f\n+++ b/f\n@@ -1,16 +0,0 @@\n-" + strings.ReplaceAll(before, "\n", "\n-") + "\n\\ No newline at end of file\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Diff("f", []byte(before), []byte(test.after)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestDiffIsAppliedByGit makes random changes and lets git make them again from
// the diff.
func TestDiffIsAppliedByGit(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 30 {
		before := randomLines(random, random.IntN(60))
		after := changed(random, before)
		diff := Diff("list.opml", []byte(strings.Join(before, "")), []byte(strings.Join(after, "")))
		if diff == "" {
			continue
		}
		dir := t.TempDir()
		file := filepath.Join(dir, "list.opml")
		if err := os.WriteFile(file, []byte(strings.Join(before, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		apply := exec.Command(git, "apply", "--whitespace=nowarn", "--unidiff-zero", "-")
		apply.Dir = dir
		apply.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		apply.Stdin = strings.NewReader(diff)
		if out, err := apply.CombinedOutput(); err != nil {
			t.Fatalf("case %d: git apply: %v\n%s\n%s", i, err, out, diff)
		}
		got, err := os.ReadFile(file)
		if len(after) > 0 && (err != nil || string(got) != strings.Join(after, "")) {
			t.Fatalf("case %d: got\n%s\nwant\n%s\ndiff\n%s", i, got, strings.Join(after, ""), diff)
		}
	}
}

// randomLines makes n+1 lines, many of them alike.
func randomLines(random *rand.Rand, n int) []string {
	lines := []string{"first\n"}
	for range n {
		ends := []string{"\n", "\r\n"}
		lines = append(lines, fmt.Sprint("line ", random.IntN(9), ends[random.IntN(2)]))
	}
	return lines
}

// changed returns lines with some removed, some added and some others.
func changed(random *rand.Rand, lines []string) []string {
	var out []string
	for _, line := range lines {
		switch random.IntN(8) {
		case 0:
		case 1:
			out = append(out, line, "added\n")
		case 2:
			out = append(out, "other\n")
		default:
			out = append(out, line)
		}
	}
	return out
}

func TestDiffOfUnlikeTextsIsOneChange(t *testing.T) {
	before := strings.Repeat("a\nb\n", 2*maxEdits)
	after := strings.Repeat("c\n", 3*maxEdits)
	diff := Diff("f", []byte(before), []byte(after))
	if n := strings.Count(diff, "@@ -"); n != 1 {
		t.Errorf("%d hunks, want 1", n)
	}
}
