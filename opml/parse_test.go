package opml

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"caravan"
)

// show writes a list as the tests compare it: a line for each community, and
// below it its sources and publications.
func show(list caravan.List) string {
	var b strings.Builder
	for _, c := range list.Communities {
		fmt.Fprintf(&b, "[%s] %s %s\n", strings.Join(c.Path, " / "), c.Slug, c.SiteURL)
		for _, s := range c.Sources {
			fmt.Fprintf(&b, "%s | %s | %s | %s\n", s.URL, s.Title, s.SiteURL, s.Language)
		}
		for _, p := range c.Publications {
			fmt.Fprintf(&b, "no feed: %s | %s\n", p.Title, p.SiteURL)
		}
	}
	return b.String()
}

// said writes problems as the tests compare them: places, severities and the
// beginnings of the messages.
func said(problems []caravan.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%d:%d %s: %s\n", p.Line, p.Column, p.Severity, p.Message)
	}
	return b.String()
}

// body puts outlines into the fourth line and after of a file.
func body(outlines string) string { return "<opml>\n<body>\n\n" + outlines + "\n</body>\n</opml>" }

func TestParseMakesCommunities(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a folder is a community, a nested one too",
			`<outline text="A" htmlUrl="https://a.example/"><outline xmlUrl="https://1.example/" text="1"/>
			<outline text="B &amp; C"><outline xmlUrl="https://2.example/" text="2"/></outline></outline>`,
			"[A]  https://a.example/\nhttps://1.example/ | 1 |  | \n[A / B & C]  \nhttps://2.example/ | 2 |  | \n"},
		{"what stands outside comes last",
			`<outline xmlUrl="https://1.example/"/><outline text="A"><outline xmlUrl="https://2.example/"/></outline><outline xmlUrl="https://3.example/"/>`,
			"[A]  \nhttps://2.example/ |  |  | \n[Other]  \nhttps://1.example/ |  |  | \nhttps://3.example/ |  |  | \n"},
		{"a folder called Other is the same, in its place",
			`<outline text="Other"><outline xmlUrl="https://1.example/"/></outline><outline text="A"><outline xmlUrl="https://2.example/"/></outline><outline xmlUrl="https://3.example/"/>`,
			"[Other]  \nhttps://1.example/ |  |  | \nhttps://3.example/ |  |  | \n[A]  \nhttps://2.example/ |  |  | \n"},
		{"a publication has no feed",
			`<outline text="A"><outline text="P" htmlUrl="https://p.example/"/><outline xmlUrl="https://1.example/"/></outline>`,
			"[A]  \nhttps://1.example/ |  |  | \nno feed: P | https://p.example/\n"},
		{"a community may have no feed",
			`<outline text="A" htmlUrl="https://a.example/"/><outline text="B" htmlUrl="https://b.example/"></outline><outline xmlUrl="https://1.example/"/>`,
			"[A]  https://a.example/\n[B]  https://b.example/\n[Other]  \nhttps://1.example/ |  |  | \n"},
		{"a folder that holds folders only is none",
			`<outline text="A"><outline text="B"><outline xmlUrl="https://1.example/"/></outline></outline>`,
			"[A / B]  \nhttps://1.example/ |  |  | \n"},
		{"one source in two folders",
			`<outline text="A"><outline text="T" xmlUrl="https://1.example/x"/></outline><outline text="B"><outline text="T" xmlUrl="HTTPS://1.Example:443/x"/></outline>`,
			"[A]  \nhttps://1.example/x | T |  | \n[B]  \nhttps://1.example/x | T |  | \n"},
		{"attributes in any case, white space around them",
			`<Outline TEXT="A"><outline XMLURL=" https://1.example/&#10;" Title="  one
			two " HTMLurl="http://1.example/" Language="PT_br"/></Outline>`,
			"[A]  \nhttps://1.example/ | one two | http://1.example/ | pt-BR\n"},
		{"a wished slug",
			`<outline text="A" caravan:slug="a-b"><outline xmlUrl="https://1.example/"/></outline>`,
			"[A] a-b \nhttps://1.example/ |  |  | \n"},
		{"outlines inside a source", `<outline text="A"><outline xmlUrl="https://1.example/"><outline xmlUrl="https://2.example/"/></outline></outline>`,
			"[A]  \nhttps://1.example/ |  |  | \nhttps://2.example/ |  |  | \n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := Parse("f", []byte(body(test.in)))
			if err != nil || len(list.Problems) > 0 {
				t.Fatalf("error %v, problems\n%s", err, said(list.Problems))
			}
			if got := show(list); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestParseReadsTheHead(t *testing.T) {
	list, err := Parse("f", []byte(`<opml><head><title>Our <![CDATA[<best>]]> &amp; more</title><ownerName>N</ownerName>
		<ownerEmail>e@x.example</ownerEmail><OwnerId>https://x.example/</OwnerId></head>
		<body><outline xmlUrl="https://1.example/"/><outline type="include" url="https://lists.example/more.opml"/></body></opml>`))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{list.Title, list.OwnerName, list.OwnerEmail, list.OwnerID, strings.Join(list.Includes, " "), fmt.Sprint(len(list.Hash))}
	want := []string{"Our <best> & more", "N", "e@x.example", "https://x.example/", "https://lists.example/more.opml", "64"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseReadsSettings(t *testing.T) {
	tests := []struct {
		attrs string
		want  caravan.Settings
	}{
		{`caravan:interval="6h"`, caravan.Settings{Interval: 6 * time.Hour}},
		{`caravan:interval="1d 12h"`, caravan.Settings{Interval: 36 * time.Hour}},
		{`c:interval="1w" xmlns:c="urn:caravan:opml"`, caravan.Settings{Interval: 7 * 24 * time.Hour}},
		{`caravan:Paused="TRUE"`, caravan.Settings{Paused: true}},
		{`caravan:paused="false"`, caravan.Settings{}},
		{`caravan:show="excerpt"`, caravan.Settings{Show: caravan.ShowExcerpt}},
		{`caravan:only="a &quot;b c&quot;" caravan:skip="jobs"`, caravan.Settings{Only: `a "b c"`, Skip: "jobs"}},
		{`caravan:slug="gds-2"`, caravan.Settings{Slug: "gds-2"}},
		{`other:interval="6h" interval="6h"`, caravan.Settings{}},
	}
	for _, test := range tests {
		list, err := Parse("f", []byte(body(`<outline xmlUrl="https://1.example/" `+test.attrs+`/>`)))
		if err != nil || len(list.Problems) > 0 {
			t.Errorf("%s: error %v, problems %v", test.attrs, err, list.Problems)
			continue
		}
		if got := list.Communities[0].Sources[0].Settings; got != test.want {
			t.Errorf("%s = %+v, want %+v", test.attrs, got, test.want)
		}
	}
}

// TestParseSaysWhatIsWrong checks places, severities and what is kept. S37, E28
func TestParseSaysWhatIsWrong(t *testing.T) {
	const kept = `<outline xmlUrl="https://kept.example/"/>`
	tests := []struct {
		name, in string
		sources  int
		want     string
	}{
		{"a file address", `<outline text="é" xmlUrl="file:///etc/passwd"/>`, 0,
			`4:19 error: The source at "file:///etc/passwd" is left out: file: addresses are not followed. Write one that begins with https:// or http://.`},
		{"a script", `<outline xmlUrl=" JavaScript:alert(1)"/>`, 0, `4:10 error: The source at "JavaScript:alert(1)" is left out: javascript: addresses are not followed.`},
		{"no scheme", `<outline xmlUrl="www.example.org/feed"/>`, 0, `4:10 error: The source at "www.example.org/feed" is left out: the address has no scheme. Write https:// before it.`},
		{"a feed scheme", `<outline xmlUrl="feed://www.example.org/"/>`, 0, `4:10 error: The source at "feed://www.example.org/" is left out: feed: is not http.`},
		{"no host", `<outline xmlUrl="https:///feed"/>`, 0, `4:10 error: The source at "https:///feed" is left out: the address has no host.`},
		{"a password is not shown", `<outline xmlUrl="ftp://me:secret@x.example/"/>`, 0, `4:10 error: The source at "ftp://x.example/" is left out`},
		{"no address of a source", `<outline type="rss" text="T"/>`, 0, `4:1 error: The source "T" has no xmlUrl and is left out.`},
		{"a site that is none", `<outline xmlUrl="https://1.example/" htmlUrl="javascript:alert(1)"/>`, 1, `4:38 warning: The htmlUrl "javascript:alert(1)" is no web address and is not linked.`},
		{"an unknown language", `<outline xmlUrl="https://1.example/" language="Klingon language"/>`, 1, `4:38 warning: The language "Klingon language" is not known`},
		{"twice in one folder", "<outline xmlUrl=\"https://1.example\"/>\n<outline xmlUrl=\"HTTPS://1.EXAMPLE:443/ \"/>", 1,
			`5:10 warning: This address stands in the same folder on line 4 already. Delete this line.`},
		{"http and https", "<outline xmlUrl=\"https://1.example/\"/>\n<outline xmlUrl=\"http://1.example/\"/>", 2,
			`5:10 warning: This is the address of line 4 but for http and https, and counts as the same source.`},
		{"settings on a later line", "<outline text=\"A\"><outline text=\"1\" xmlUrl=\"https://1.example/\" caravan:show=\"title\"/></outline>\n" +
			"<outline text=\"B\"><outline text=\"1\" xmlUrl=\"https://1.example/\" caravan:show=\"full\" caravan:paused=\"true\"/></outline>", 2,
			"5:65 warning: The first line of this source, line 4, decides. Delete caravan:show here.\n5:85 warning: The first line of this source, line 4, decides. Delete caravan:paused here."},
		{"another title on a later line", "<outline text=\"A\"><outline text=\"1\" xmlUrl=\"https://1.example/\"/></outline>\n" +
			"<outline text=\"B\"><outline text=\"2\" xmlUrl=\"https://1.example/\"/></outline>", 2,
			"5:28 warning: The first line of this source, line 4, decides. Delete the other title here."},
		{"an interval that is none", `<outline xmlUrl="https://1.example/" caravan:interval="often"/>`, 1, `4:38 warning: The interval "often" is not understood and not used.`},
		{"a short interval", `<outline xmlUrl="https://1.example/" caravan:interval="5m"/>`, 1, `4:38 warning: The interval "5m" has no effect`},
		{"a pause that is none", `<outline xmlUrl="https://1.example/" caravan:paused="ture"/>`, 1, `4:38 warning: caravan:paused may be true or false, not "ture"`},
		{"a show that is none", `<outline xmlUrl="https://1.example/" caravan:show="some"/>`, 1, `4:38 warning: caravan:show may be full, excerpt or title, not "some"`},
		{"a slug that is none", `<outline xmlUrl="https://1.example/" caravan:slug="My Slug"/>`, 1, `4:38 warning: The slug "My Slug" is not used: it may have small letters, digits and single hyphens, at most 60. Write my-slug.`},
		{"a slug twice", "<outline xmlUrl=\"https://1.example/\" caravan:slug=\"s\"/>\n<outline xmlUrl=\"https://2.example/\" caravan:slug=\"s\"/>", 2,
			`5:38 warning: The slug "s" is wished for on line 4 already.`},
		{"an unknown setting", `<outline xmlUrl="https://1.example/" caravan:intervall="6h"/>`, 1, `4:38 warning: caravan:intervall is not known`},
		{"a query that is wrong", `<outline xmlUrl="https://1.example/" caravan:only="bad ("/>`, 0, `4:38 error: The query of caravan:only is not understood, and the source is left out: unclosed. Mend the query.`},
		{"a setting on a folder", `<outline text="A" caravan:paused="true"><outline xmlUrl="https://1.example/"/></outline>`, 1, `4:19 warning: caravan:paused has no effect on a folder.`},
		{"a setting without a feed", `<outline text="A"><outline text="B" htmlUrl="https://b.example/" caravan:show="full"/></outline>`, 0, `4:66 warning: caravan:show has no effect on a line without xmlUrl.`},
		{"a folder without a name", `<outline><outline xmlUrl="https://1.example/"/></outline>`, 1, `4:1 warning: This folder has no text`},
		{"a folder twice", "<outline text=\"A\"><outline xmlUrl=\"https://1.example/\"/></outline>\n<outline text=\"A\"><outline xmlUrl=\"https://2.example/\"/></outline>", 2,
			`5:1 warning: The folder "A" stands on line 4 already; both are read as one.`},
		{"an empty folder", `<outline text="A"></outline>`, 0, `4:1 warning: The outline "A" has no xmlUrl, no htmlUrl and nothing inside`},
		{"a link", `<outline text="L" type="link" url="https://l.example/"/>`, 0, `4:31 warning: The link "L" is neither a feed nor a page to list`},
		{"an include of a file", `<outline type="include" url="/etc/passwd"/>`, 0, `4:25 error: The list at "/etc/passwd" is not included: the address has no scheme.`},
		{"an include of nothing", `<outline type="include"/>`, 0, `4:1 error: This include has no url.`},
		{"an include twice", "<outline type=\"include\" url=\"https://l.example/\"/>\n<outline type=\"include\" url=\"https://l.example/\"/>", 0, `5:1 warning: This list is included twice.`},
		{"a comment", `<outline text="A" isComment="true"><outline xmlUrl="https://1.example/"/></outline>`, 0, `4:19 warning: The outline "A" is commented out and left out, with all in it.`},
		{"an attribute twice", `<outline xmlUrl="https://1.example/" xmlurl="https://2.example/"/>`, 1, `4:38 warning: The attribute xmlurl stands twice; the first one counts.`},
	}
	check := func(query string) error {
		if strings.HasPrefix(query, "bad") {
			return errors.New("unclosed.")
		}
		return nil
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := ParseWith("f", []byte(body(test.in+"\n"+kept)), Options{CheckQuery: check})
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(said(list.Problems)), "\n")
			want := strings.Split(test.want, "\n")
			if len(lines) != len(want) {
				t.Fatalf("problems\n%s\nwant\n%s", said(list.Problems), test.want)
			}
			for i := range want {
				if !strings.HasPrefix(lines[i], want[i]) {
					t.Errorf("problem\n%s\nwant\n%s", lines[i], want[i])
				}
			}
			if n := strings.Count(show(list), " |  | ") + strings.Count(show(list), " | 1 | "); n < test.sources+1 {
				t.Errorf("list\n%s\nwant %d sources besides the one that is right", show(list), test.sources)
			}
		})
	}
}

// R11
func TestParseRefusesWhatIsNoList(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "", "The file is empty."},
		{"white space", "\n \n", "The file is empty."},
		{"text", "https://a.example/feed\n", "This is not XML."},
		{"a web page", "<!DOCTYPE html><html><body><outline xmlUrl='https://a.example/'/></body></html>", "This is a web page, not OPML."},
		{"a feed", `<?xml version="1.0"?><rdf:RDF/>`, "This is a feed, not a list of feeds."},
		{"other XML", "<list/>", "it has no <opml> element."},
		{"no sources", "<opml><body><outline text='A' htmlUrl='https://a.example/'/></body></opml>", "The list names no source."},
		{"too much", strings.Repeat(" ", maxBytes+1), "larger than 64 MB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := Parse("feeds.opml", []byte(test.in))
			public, ok := errors.AsType[*caravan.PublicError](err)
			if !ok || !errors.Is(err, caravan.ErrInvalid) || !strings.Contains(public.Message, test.want) || !strings.HasPrefix(public.Message, "feeds.opml: ") {
				t.Fatalf("error = %v, want a public one that says %q", err, test.want)
			}
			if len(list.Problems) == 0 || !strings.Contains(list.Problems[0].Message, test.want) {
				t.Errorf("problems = %v, want it among them", list.Problems)
			}
		})
	}
}

func TestParseBoundsIncludedLists(t *testing.T) {
	in := body(strings.Repeat("<outline text='x' xmlUrl='https://1.example/'/>\n", 1200) + `<outline type="include" url="https://l.example/"/>`)
	list, err := ParseWith("f", []byte(in), Options{Included: true})
	if err != nil || count(list.Problems, "this one and 200 after it are left out") != 1 {
		t.Errorf("error %v, %d problems, want one about 201 outlines left out", err, len(list.Problems))
	}
	list, err = ParseWith("f", []byte(body(`<outline type="include" url="https://l.example/"/>`)), Options{Included: true})
	if err == nil || len(list.Includes) > 0 || count(list.Problems, "may not include others") != 1 {
		t.Errorf("includes = %v, problems %v, want the include refused", list.Includes, list.Problems)
	}
}
