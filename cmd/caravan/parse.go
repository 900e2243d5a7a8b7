package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/wording"
	"caravan/fetcher"
	"caravan/fetcher/polite"
)

type parseCmd struct {
	netFlags
	JSON        bool   `name:"json" help:"Print the whole of it as JSON."`
	ContentType string `name:"content-type" placeholder:"TYPE" help:"The Content-Type to read a file as; a URL brings its own."`
	Base        string `placeholder:"URL" help:"Where the file comes from, for relative addresses."`
	Document    string `arg:"" name:"file-or-url" help:"A feed document: a file, - for standard input, or an http(s) URL."`
}

// Run shows what caravan makes of one document.
func (c *parseCmd) Run(ctx context.Context, con console) error {
	raw, err := c.read(ctx, con)
	if err != nil {
		return err
	}
	doc, err := fetcher.Read(raw)
	if err != nil {
		return fmt.Errorf("parse %s: %w", caravan.RedactURL(c.Document), err)
	}
	p := parsedOf(doc)
	if c.JSON {
		enc := json.NewEncoder(con.Out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(p)
	}
	return p.print(con)
}

// read fetches the document from where it is.
func (c *parseCmd) read(ctx context.Context, con console) (fetcher.Raw, error) {
	raw := fetcher.Raw{ContentType: c.ContentType, URL: c.Base, Now: con.Now(), CutItem: true}
	switch {
	case strings.HasPrefix(c.Document, "http://"), strings.HasPrefix(c.Document, "https://"):
		client, err := politeClient(ctx, appOptions{Net: c.netFlags, Wait: con.Wait})
		if err != nil {
			return raw, err
		}
		defer client.Close()
		answer, err := client.Get(ctx, polite.Request{URL: c.Document})
		if err != nil {
			return raw, fmt.Errorf("fetch document: %w", err)
		}
		if failure := fetcher.StatusFailure(answer.Status, answer.Conditional, answer.Shield); !failure.OK() {
			return raw, fmt.Errorf("fetch %s: %s", caravan.RedactURL(c.Document), failure.Detail)
		}
		raw.Body, raw.ContentType, raw.URL = answer.Body, answer.Header.ContentType, answer.FinalURL
		return raw, nil
	case c.Document == "-":
		body, err := readLimited(os.Stdin)
		raw.Body = body
		return raw, err
	}
	file, err := os.Open(c.Document)
	if err != nil {
		return raw, fmt.Errorf("open document: %w", err)
	}
	defer file.Close()
	raw.Body, err = readLimited(file)
	return raw, err
}

// maxDocument is more than a feed may have.
const maxDocument = 64 << 20

// readLimited reads as much as a feed may have, and one byte more, so that a
// longer one is refused as such and not cut.
func readLimited(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return body, nil
}

// parsed is what parse --json prints (DESIGN.md, JSON shapes).
type parsed struct {
	Format   string       `json:"format"`
	Title    string       `json:"title"`
	Link     string       `json:"link,omitempty"`
	Language string       `json:"language,omitempty"`
	Problems []string     `json:"problems"`
	Items    []parsedItem `json:"items"`
}

type parsedItem struct {
	GUID       string              `json:"guid,omitempty"`
	URL        string              `json:"url,omitempty"`
	Title      string              `json:"title,omitempty"`
	Author     string              `json:"author,omitempty"`
	Language   string              `json:"language,omitempty"`
	Published  string              `json:"published,omitempty"`
	Updated    string              `json:"updated,omitempty"`
	Summary    string              `json:"summary,omitempty"`
	Content    string              `json:"content_html,omitempty"`
	Text       string              `json:"content_text,omitempty"`
	Tags       []string            `json:"tags,omitempty"`
	Enclosures []caravan.Enclosure `json:"enclosures,omitempty"`
}

func parsedOf(doc caravan.Document) parsed {
	p := parsed{Format: doc.Feed.Format, Title: doc.Feed.Title, Link: doc.Feed.Link, Language: doc.Feed.Language, Problems: doc.Problems}
	if p.Problems == nil {
		p.Problems = []string{}
	}
	p.Items = make([]parsedItem, len(doc.Items))
	for i, item := range doc.Items {
		p.Items[i] = parsedItem{
			GUID: item.GUID, URL: item.Link, Title: item.Title, Author: strings.Join(item.Authors, ", "), Language: item.Language,
			Published: stamp(item.Published), Updated: stamp(item.Updated), Summary: item.Summary, Content: item.Content, Text: item.Text,
			Tags: item.Tags, Enclosures: item.Enclosures,
		}
	}
	return p
}

// stamp is t as RFC 3339 in UTC, or nothing.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// print writes p for people.
func (p parsed) print(con console) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s (%s)\n", con.bold(wording.Printable(cmp.Or(p.Title, "Untitled feed"))), p.Format)
	if p.Link != "" {
		fmt.Fprintf(&b, "%s\n", wording.Printable(p.Link))
	}
	for _, problem := range p.Problems {
		fmt.Fprintf(&b, "! %s\n", wording.Printable(problem))
	}
	for _, item := range p.Items {
		fmt.Fprintf(&b, "\n%s\n", con.bold(wording.Printable(cmp.Or(item.Title, "Untitled"))))
		for _, line := range []string{strings.Join(nonEmpty(item.Published, item.Author, item.Language), ", "), item.URL, item.Summary} {
			if line != "" {
				fmt.Fprintf(&b, "  %s\n", wording.Printable(line))
			}
		}
	}
	fmt.Fprintf(&b, "\n%s\n", wording.Plural(len(p.Items), "item", "items"))
	_, err := con.Out.Write(b.Bytes())
	return err
}

func nonEmpty(values ...string) []string {
	var kept []string
	for _, v := range values {
		if v != "" {
			kept = append(kept, v)
		}
	}
	return kept
}
