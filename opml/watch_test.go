package opml

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"caravan"
)

// fileWays save content at path for real, in the ways of editors. R12
func fileWays() map[string]func(random *rand.Rand, path string, content []byte) error {
	write := func(random *rand.Rand, path string, flags int, content []byte) error {
		f, err := os.OpenFile(path, flags|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		done := 0
		for _, part := range inParts(random, content) {
			if _, err := f.Write(part[done:]); err != nil {
				return err
			}
			done = len(part)
		}
		return f.Close()
	}
	return map[string]func(random *rand.Rand, path string, content []byte) error{
		"truncate and write": func(random *rand.Rand, path string, content []byte) error {
			return write(random, path, os.O_CREATE|os.O_TRUNC, content)
		},
		"write beside and rename over": func(random *rand.Rand, path string, content []byte) error {
			if err := write(random, path+".swp", os.O_CREATE|os.O_TRUNC, content); err != nil {
				return err
			}
			return os.Rename(path+".swp", path)
		},
		"rename away and write": func(random *rand.Rand, path string, content []byte) error {
			if err := os.Rename(path, path+"~"); err != nil {
				return err
			}
			return write(random, path, os.O_CREATE|os.O_EXCL, content)
		},
		"delete and create": func(random *rand.Rand, path string, content []byte) error {
			if err := os.Remove(path); err != nil {
				return err
			}
			return write(random, path, os.O_CREATE|os.O_EXCL, content)
		},
		"cut and append": func(random *rand.Rand, path string, content []byte) error {
			if err := os.Truncate(path, 0); err != nil {
				return err
			}
			return write(random, path, os.O_APPEND, content)
		},
	}
}

// watched runs w on a file with the given content until the test ends, and
// returns the saves and troubles it tells of.
func watched(t *testing.T, w Watcher) (<-chan Save, <-chan []caravan.Problem) {
	t.Helper()
	saves, troubles := make(chan Save, 10_000), make(chan []caravan.Problem, 10_000)
	w.Saved = func(_ context.Context, s Save) { saves <- s }
	w.Trouble = func(_ context.Context, problems []caravan.Problem) { troubles <- problems }
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v, want nil", err)
		}
	})
	return saves, troubles
}

// await returns the next of what comes, and fails the test when nothing does.
func await[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(2 * time.Minute):
		t.Fatal("nothing came within two minutes")
		panic("unreachable")
	}
}

func TestWatcherHandsOverWholeSavesOnly(t *testing.T) {
	for name, save := range fileWays() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, 1))
			path := filepath.Join(t.TempDir(), "feeds.opml")
			versions := map[string]int{}
			write := func(n int) []byte {
				content := version(random, n)
				versions[string(content)] = n
				if n == 0 {
					if err := os.WriteFile(path, content, 0o600); err != nil {
						t.Fatal(err)
					}
				} else if err := save(random, path, content); err != nil {
					t.Fatal(err)
				}
				return content
			}
			write(0)
			saves, _ := watched(t, Watcher{Path: path, Settle: 5 * time.Millisecond, Interval: time.Hour, Patience: time.Hour})
			last := -1
			for n := 1; n <= 200; n++ {
				want := write(n)
				// Now and then the writer waits until the watcher has caught up;
				// else it saves on without a pause.
				for n%20 == 0 {
					got := await(t, saves)
					number, known := versions[string(got.Data)]
					if !known || number < last {
						t.Fatalf("version %d after %d (known: %v):\n%s", number, last, known, got.Data)
					}
					last = number
					if bytes.Equal(got.Data, want) {
						break
					}
				}
			}
		})
	}
}

func TestWatcherNoticesASaveThroughALink(t *testing.T) {
	dir := t.TempDir()
	write := func(folder string, n int) []byte {
		content := version(rand.New(rand.NewPCG(3, uint64(n))), n)
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, folder, "feeds.opml"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		return content
	}
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(dir, "new")); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	// As Kubernetes mounts a ConfigMap.
	first := write("v1", 1)
	link("v1", "data")
	link(filepath.Join("data", "feeds.opml"), "feeds.opml")
	saves, _ := watched(t, Watcher{Path: filepath.Join(dir, "feeds.opml"), Settle: 5 * time.Millisecond, Interval: time.Hour})
	if got := await(t, saves); !bytes.Equal(got.Data, first) {
		t.Fatalf("first save = %s", got.Data)
	}
	second := write("v2", 2)
	link("v2", "data")
	if got := await(t, saves); !bytes.Equal(got.Data, second) {
		t.Fatalf("save after the link moved = %s", got.Data)
	}
	third := write("v2", 3)
	if got := await(t, saves); !bytes.Equal(got.Data, third) {
		t.Fatalf("save behind the link = %s", got.Data)
	}
}

// R11
func TestWatcherSaysWhatIsWrong(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"empty", "", "The file is empty."},
		{"not XML", "feeds:\n- https://a.example/\n", "This is not XML."},
		{"a web page", "<!doctype html><html></html>", "This is a web page"},
		{"a feed", "<rss version='2.0'><channel/></rss>", "This is a feed"},
		{"cut", "<opml><body><outline xmlUrl='https://a.example/'/>", "because the file is broken"},
		{"cut in a tag", "<opml><body><outline xmlUrl='https://a.example/'/><outline xmlUrl='https://b", "because the file is broken"},
		{"cut before the first row", "<opml><body>", "names no source"},
		{"gone", "-", "The file is not there."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "feeds.opml")
			good := version(rand.New(rand.NewPCG(9, 9)), 1)
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
			current, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			saves, troubles := watched(t, Watcher{Path: path, Name: "feeds.opml", Current: current, Settle: time.Millisecond, Patience: 20 * time.Millisecond})
			if test.content == "-" {
				err = os.Remove(path)
			} else {
				// In one step: a part of it would be another trouble.
				err = os.WriteFile(path+".new", []byte(test.content), 0o600)
				err = errors.Join(err, os.Rename(path+".new", path))
			}
			if err != nil {
				t.Fatal(err)
			}
			problems := await(t, troubles)
			if !strings.Contains(problems[0].Message, test.want) || problems[0].File != "feeds.opml" {
				t.Errorf("problems = %v, want one that says %q", problems, test.want)
			}
			if err := os.WriteFile(path, good, 0o600); err != nil {
				t.Fatal(err)
			}
			if got := await(t, saves); !bytes.Equal(got.Data, good) {
				t.Errorf("save = %s, want the good list", got.Data)
			}
		})
	}
}

// TestWatcherLooksWhereNothingIsReported is for network file systems: without
// any event, a save is found within the interval.
func TestWatcherLooksWhereNothingIsReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var found []string
		w := Watcher{Path: "feeds.opml", Saved: func(_ context.Context, s Save) {
			found = append(found, fmt.Sprintf("%s at %v", tidy(string(s.Data)), time.Since(start)))
		}}
		w.fill()
		var content atomic.Value
		content.Store("<opml>1</opml>")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.loop(ctx, &fsnotify.Watcher{}, func() sight {
				return sightOf(Save{Data: []byte(content.Load().(string)), ModTime: start})
			})
		}()
		time.Sleep(time.Minute) // of the bubble's clock
		synctest.Wait()
		content.Store("<opml>2</opml>")
		time.Sleep(11 * time.Second)
		cancel()
		<-done
		want := []string{"<opml>1</opml> at 300ms", "<opml>2</opml> at 1m0.6s"}
		if fmt.Sprint(found) != fmt.Sprint(want) {
			t.Errorf("found %v, want %v", found, want)
		}
	})
}

func TestReadFileTellsWhatIsMissing(t *testing.T) {
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none.opml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("ReadFile = %v, want a missing file", err)
	}
}
