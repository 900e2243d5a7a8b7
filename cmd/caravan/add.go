package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"caravan"
	"caravan/cmd/caravan/internal/sourcelist"
	"caravan/cmd/caravan/internal/wording"
	"caravan/opml"
)

type addCmd struct {
	dataFlags
	netFlags
	Community string `placeholder:"NAME" help:"The folder it goes to, \"A / B\" when nested; outside all folders when not given."`
	Feed      string `placeholder:"URL" help:"The feed to take, where a page has several."`
	URL       string `arg:"" name:"url" help:"A feed, or a web page with one behind it."`
}

// Run adds one source to the list.
func (c *addCmd) Run(ctx context.Context, con console) error {
	page := withScheme(c.URL)
	address := cmp.Or(withScheme(c.Feed), page)
	list, err := sourcelist.Read(c.Feeds)
	if err != nil && len(list.Problems) == 0 {
		return err
	}
	if err := refuseListed(list, address, c.Feeds); err != nil {
		return err
	}
	client, err := politeClient(ctx, appOptions{Net: c.netFlags, Wait: con.Wait})
	if err != nil {
		return err
	}
	defer client.Close()
	found, err := find(ctx, client, address, con.Now())
	if err != nil {
		return err
	}
	chosen, err := c.choose(con, found.Feeds)
	if err != nil {
		return err
	}
	if err := refuseListed(list, chosen.URL, c.Feeds); err != nil {
		return err
	}
	if c.Feed != "" && chosen.Site == "" {
		chosen.Site = page
	}
	return c.insert(con, list, chosen)
}

// withScheme completes an address as people type it.
func withScheme(address string) string {
	address = strings.TrimSpace(address)
	rest, feed := strings.CutPrefix(address, "feed:")
	switch {
	case address == "":
		return ""
	case feed && (strings.HasPrefix(rest, "http://") || strings.HasPrefix(rest, "https://")):
		return rest
	case feed:
		return "https://" + strings.TrimPrefix(rest, "//")
	case !strings.Contains(address, "://"):
		return "https://" + address
	}
	return address
}

// refuseListed fails when a source is in the list already.
func refuseListed(list caravan.List, address, file string) error {
	for _, community := range list.Communities {
		for _, s := range community.Sources {
			key := caravan.SourceKey(s.URL)
			if key == caravan.SourceKey(address) || key == caravan.TwinKey(address) {
				return fmt.Errorf("%s:%d: %s is listed already, in %s", file, s.Line, caravan.RedactURL(s.URL), strings.Join(community.Path, " / "))
			}
		}
	}
	return nil
}

// choose takes the one feed there is, or asks which of several is meant; where
// nobody can be asked, it lists them and fails.
func (c *addCmd) choose(con console, feeds []foundFeed) (foundFeed, error) {
	if len(feeds) == 1 {
		return feeds[0], describe(con.Out, con, "", feeds[0])
	}
	w := con.Err
	for i, f := range feeds {
		if err := describe(w, con, strconv.Itoa(i+1)+". ", f); err != nil {
			return f, err
		}
	}
	if con.Answers == nil {
		fmt.Fprintf(w, "There are %d feeds. Choose one: caravan add %s --feed %s\n", len(feeds), c.URL, caravan.RedactURL(feeds[0].URL))
		return foundFeed{}, errSilent
	}
	fmt.Fprintf(w, "Which one? [1-%d, nothing for none] ", len(feeds))
	answer, err := bufio.NewReader(con.Answers).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return foundFeed{}, fmt.Errorf("read answer: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(answer))
	if err != nil || n < 1 || n > len(feeds) {
		fmt.Fprintln(w, "Nothing was added.")
		return foundFeed{}, errSilent
	}
	return feeds[n-1], nil
}

// describe shows a feed and its newest items.
func describe(w io.Writer, con console, before string, f foundFeed) error {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s (%s, %s)\n  %s\n", before, con.bold(wording.Printable(f.title())), f.Doc.Feed.Format,
		wording.Plural(len(f.Doc.Items), "article", "articles"), wording.Printable(caravan.RedactURL(f.URL)))
	for _, item := range f.Doc.Items[:min(shown, len(f.Doc.Items))] {
		date := "undated   "
		if !item.Published.IsZero() {
			date = item.Published.UTC().Format("2006-01-02")
		}
		fmt.Fprintf(&b, "  %s  %s\n", date, wording.Printable(cmp.Or(item.Title, item.Summary, "Untitled")))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// insert writes the feed's line into the list as it is now, and says so.
func (c *addCmd) insert(con console, list caravan.List, f foundFeed) error {
	source := caravan.ListSource{URL: f.URL, Title: f.title(), SiteURL: webAddress(f.Site)}
	path := communityPath(list, c.Community)
	err := sourcelist.Edit(c.Feeds, func(data []byte) ([]byte, error) { return opml.Insert(data, source, path) })
	if err != nil {
		return wording.Public(err)
	}
	after, err := sourcelist.Read(c.Feeds)
	if err != nil {
		return err
	}
	for _, community := range after.Communities {
		for _, s := range community.Sources {
			if caravan.SourceKey(s.URL) == caravan.SourceKey(f.URL) {
				_, err := fmt.Fprintf(con.Out, "%s:%d: added to %s, which has %s now. A running 'caravan serve' takes it over by itself.\n",
					c.Feeds, s.Line, strings.Join(community.Path, " / "), wording.Plural(len(community.Sources), "source", "sources"))
				return err
			}
		}
	}
	return fmt.Errorf("%s does not show the source that was added", c.Feeds)
}

// communityPath returns the path of the folder that name stands for: one of the
// list's, or a new one.
func communityPath(list caravan.List, name string) []string {
	if strings.TrimSpace(name) == "" {
		return nil
	}
	for _, c := range list.Communities {
		if caravan.Fold(strings.Join(c.Path, " / ")) == caravan.Fold(strings.TrimSpace(name)) || c.Slug != "" && c.Slug == name {
			return c.Path
		}
	}
	return strings.Split(name, " / ")
}

// webAddress returns an address if it is one of a web page.
func webAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return address
}
