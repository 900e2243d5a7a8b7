package publisher

import (
	"bytes"
	"embed"
	"fmt"
	"html"
	"io/fs"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"caravan"
)

//go:embed sample/*.txt
var sampleFiles embed.FS

// Sample returns the feeds of the demo: sixty short articles of our own, in
// English, French, Spanish and Portuguese, by twelve invented communities. Two
// articles appear in two sources, and some link to each other, two of them from
// three communities and more. One feed is cut short, one holds bytes of the
// wrong encoding, one address answers 404 and one a web page, as happens. Dates
// count back from now.
func Sample(now time.Time) ([]Feed, error) {
	names, err := fs.Glob(sampleFiles, "sample/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list sample: %w", err)
	}
	var feeds []Feed
	for _, name := range names {
		text, err := sampleFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read sample: %w", err)
		}
		feed, err := sampleFeed(string(text), now)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		feeds = append(feeds, feed)
	}
	return feeds, nil
}

// sampleFeed reads one sample file: a head of "key: value" lines, then posts,
// each begun by a "# Title" line with a head of its own.
func sampleFeed(text string, now time.Time) (Feed, error) {
	parts := strings.Split("\n"+text, "\n# ")
	head, _ := splitHead(parts[0])
	slug := caravan.Slug(head["source"], "s")
	feed := Feed{
		Title:     head["source"],
		Community: head["community"],
		SiteURL:   head["site"],
		Language:  head["language"],
		Modified:  now.UTC().Truncate(time.Second),
	}
	links := make([]string, 0, len(parts))
	posts := make([]Post, 0, len(parts))
	for _, part := range parts[1:] {
		title, rest, _ := strings.Cut(part, "\n")
		post, link, err := samplePost(feed, title, rest, now)
		if err != nil {
			return Feed{}, err
		}
		posts = append(posts, post)
		links = append(links, link)
	}
	format := map[string]int{"rss": 0, "atom": 1, "json": 2}[head["format"]]
	made := Fixed(slug, damaged(head["damage"], encode(feed, format, posts, links)), feed.Modified)
	feed.Path = "/" + slug + "/feed"
	feed.ContentType, feed.ETag, feed.Body = [...]string{"application/rss+xml", "application/atom+xml", "application/feed+json"}[format], made.ETag, made.Body
	switch head["damage"] {
	case "missing":
		feed.Body = nil
	case "page":
		feed.ContentType = "text/html; charset=utf-8"
	}
	return feed, nil
}

// sampleLinks are the links of a sample text: [words](address).
var sampleLinks = regexp.MustCompile(`\[([^\]]+)\]\((https://[^)\s]+)\)`)

func samplePost(f Feed, title, rest string, now time.Time) (Post, string, error) {
	head, body := splitHead(rest)
	age, err := sampleAge(head["age"])
	if err != nil {
		return Post{}, "", fmt.Errorf("post %q: %w", title, err)
	}
	var b strings.Builder
	for _, p := range strings.Split(body, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + sampleLinks.ReplaceAllString(html.EscapeString(p), `<a href="$2">$1</a>`) + "</p>\n")
		}
	}
	link := head["link"]
	if link == "" {
		link = f.SiteURL + caravan.Slug(title, "p")
	}
	var tags []string
	for _, tag := range strings.Split(head["tags"], ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	return Post{
		Title: strings.TrimSpace(title), HTML: b.String(), Author: head["author"], Tags: tags,
		Language: f.Language, Date: now.Add(-age).UTC().Truncate(time.Minute),
	}, link, nil
}

// sampleAge reads "9d" and whatever [time.ParseDuration] reads.
func sampleAge(s string) (time.Duration, error) {
	days, ok := strings.CutSuffix(s, "d")
	if !ok {
		return time.ParseDuration(s)
	}
	var n int
	if _, err := fmt.Sscanf(days, "%d", &n); err != nil {
		return 0, fmt.Errorf("read age %q: %w", s, err)
	}
	return time.Duration(n) * 24 * time.Hour, nil
}

// splitHead parts "key: value" lines from the text after them.
func splitHead(text string) (head map[string]string, body string) {
	head = make(map[string]string)
	for text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		key, value, ok := strings.Cut(line, ": ")
		if line != "" && (!ok || strings.Contains(key, " ")) {
			break
		}
		if ok {
			head[key] = strings.TrimSpace(value)
		}
		text = rest
	}
	return head, text
}

// damaged spoils a document in the way that kind names.
func damaged(kind string, body []byte) []byte {
	switch kind {
	case "truncated":
		return body[:len(body)*9/10]
	case "latin1":
		return latin1(body)
	case "page":
		return []byte("<!doctype html><html lang=en><title>Events</title><p>Our events have moved. Please log in.</p></html>\n")
	}
	return body
}

// latin1 writes each character that Latin-1 has as its one byte, though the
// document goes on saying UTF-8.
func latin1(body []byte) []byte {
	var b bytes.Buffer
	for len(body) > 0 {
		r, n := utf8.DecodeRune(body)
		if r >= 0xA0 && r <= 0xFF {
			b.WriteByte(byte(r))
		} else {
			b.Write(body[:n])
		}
		body = body[n:]
	}
	return b.Bytes()
}
