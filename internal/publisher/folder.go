package publisher

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// LoadDir returns every file directly in dir as a feed, in the order of their
// names. The name is both path and title; the content type follows from the
// first bytes, without a charset, so that the document's own word counts.
func LoadDir(dir string) ([]Feed, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read folder of feeds: %w", err)
	}
	var feeds []Feed
	for _, e := range entries {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f, err := loadFile(dir, e)
		if err != nil {
			return nil, err
		}
		feeds = append(feeds, f)
	}
	if len(feeds) == 0 {
		return nil, fmt.Errorf("no file to publish in %s", dir)
	}
	return feeds, nil
}

func loadFile(dir string, e fs.DirEntry) (Feed, error) {
	body, err := os.ReadFile(filepath.Join(dir, e.Name()))
	if err != nil {
		return Feed{}, fmt.Errorf("read feed: %w", err)
	}
	info, err := e.Info()
	if err != nil {
		return Feed{}, fmt.Errorf("read time of feed: %w", err)
	}
	return Fixed(e.Name(), body, info.ModTime()), nil
}

// Fixed makes a feed of a body that never changes, published at "/" + name.
func Fixed(name string, body []byte, modified time.Time) Feed {
	sum := sha256.Sum256(body)
	return Feed{
		Path:        "/" + name,
		Title:       strings.TrimSuffix(name, filepath.Ext(name)),
		ContentType: contentType(name, body),
		ETag:        `"` + hex.EncodeToString(sum[:8]) + `"`,
		Modified:    modified,
		Body:        func() []byte { return body },
	}
}

// contentType tells what a document is from its name and its first bytes.
func contentType(name string, body []byte) string {
	head := bytes.ToLower(body[:min(len(body), 1024)])
	switch {
	case strings.HasSuffix(name, ".json"):
		return "application/feed+json"
	case bytes.Contains(head, []byte("<rss")):
		return "application/rss+xml"
	case bytes.Contains(head, []byte("<feed")):
		return "application/atom+xml"
	case bytes.Contains(head, []byte("<html")):
		return "text/html"
	}
	return "application/xml"
}
