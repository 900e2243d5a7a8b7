package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
)

type searchCmd struct {
	dataFlags
	netFlags
	logFlags
	JSON  bool     `name:"json" help:"Print the API's answer."`
	Limit int      `default:"10" help:"How many results, at most 100 (${default})."`
	Sort  string   `default:"relevance" enum:"relevance,newest" help:"relevance or newest (${default})."`
	Query []string `arg:"" help:"What to look for: words, \"phrases\", -word, community:, source:, language: …"`
}

// Run searches and prints what is found.
func (c *searchCmd) Run(ctx context.Context, con console) error {
	if c.Limit < 1 || c.Limit > 100 {
		return usageError{fmt.Errorf("--limit %d: want 1 to 100", c.Limit)}
	}
	values := url.Values{"q": {strings.Join(c.Query, " ")}, "limit": {strconv.Itoa(c.Limit)}, "sort": {c.Sort}}
	o := appOptions{Files: c.dataFlags, Net: c.netFlags, Listen: noAddress(c.Listen), Now: con.Now, Log: c.logger(con.Err)}
	return withServer(ctx, o, func(cl *client) error {
		body, err := cl.get(ctx, "/api/v1/search", values)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(body)
		if err := errors.Join(err, body.Close()); err != nil {
			return fmt.Errorf("read results: %w", err)
		}
		if c.JSON {
			_, err := con.Out.Write(answer)
			return err
		}
		return printResults(con, answer)
	})
}

// A found result is what the terminal shows of the API's answer.
type found struct {
	Total      int
	TookMS     float64 `json:"took_ms"`
	Suggestion string
	Items      []struct {
		URL         string
		Title       string
		SourceTitle string `json:"source_title"`
		Published   time.Time
		Snippet     string
	}
}

func printResults(con console, answer []byte) error {
	var result found
	if err := json.Unmarshal(answer, &result); err != nil {
		return fmt.Errorf("read results: %w", err)
	}
	var b bytes.Buffer
	for _, item := range result.Items {
		fmt.Fprintf(&b, "%s\n", con.bold(printable(item.Title)))
		meta := []string{printable(item.SourceTitle)}
		if !item.Published.IsZero() {
			meta = append(meta, item.Published.Format("2 January 2006"))
		}
		fmt.Fprintf(&b, "  %s\n", strings.Join(meta, ", "))
		if item.Snippet != "" {
			fmt.Fprintf(&b, "  %s\n", con.highlight(item.Snippet))
		}
		fmt.Fprintf(&b, "  %s\n\n", printable(item.URL))
	}
	fmt.Fprintf(&b, "%s in %.0f ms\n", plural(result.Total, "article", "articles"), result.TookMS)
	if result.Suggestion != "" {
		fmt.Fprintf(&b, "Did you mean: %s\n", printable(result.Suggestion))
	}
	_, err := con.Out.Write(b.Bytes())
	return err
}

// bold makes s stand out on a terminal.
func (con console) bold(s string) string {
	if !con.Terminal {
		return s
	}
	return "\x1b[1m" + s + "\x1b[0m"
}

// highlight shows a snippet's marks: in colour on a terminal, else as stars.
func (con console) highlight(snippet string) string {
	on, off := "*", "*"
	if con.Terminal {
		on, off = "\x1b[33;1m", "\x1b[0m"
	}
	var b strings.Builder
	for i, part := range strings.Split(snippet, "<mark>") {
		marked, rest, ok := strings.Cut(part, "</mark>")
		if i == 0 || !ok {
			b.WriteString(printable(html.UnescapeString(part)))
			continue
		}
		b.WriteString(on + printable(html.UnescapeString(marked)) + off + printable(html.UnescapeString(rest)))
	}
	return b.String()
}

// printable drops what could steer a terminal: publishers' words go to it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}

// plural counts n things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
