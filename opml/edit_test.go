package opml

import (
	"errors"
	"strings"
	"testing"
	"time"

	"caravan"
)

// list makes a small file around the lines of its body.
func listOf(lines ...string) string {
	return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head><title>T</title></head>\n  <body>\n" +
		strings.Join(lines, "\n") + "\n  </body>\n</opml>\n"
}

const (
	lineA   = `      <outline type="rss" text="A" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>`
	lineB   = `      <outline type="rss" text="B" xmlUrl="https://b.example/feed" htmlUrl="https://b.example/"/>`
	lineNew = `      <outline type="rss" text="New &amp; old" xmlUrl="https://n.example/feed?a=1&amp;b=2" htmlUrl="https://n.example/" language="pt-BR"/>`
	openOne = `    <outline text="One">`
	openTwo = `    <outline text="Two" title="Two">`
	closing = `    </outline>`
)

// newSource is what the tests of Insert insert.
func newSource() caravan.ListSource {
	return caravan.ListSource{
		URL: "https://n.example/feed?a=1&b=2", Title: "New & old", SiteURL: "https://n.example/", Language: "pt-BR",
	}
}

func TestInsertWritesOneLine(t *testing.T) {
	tests := []struct {
		name string
		path []string
		in   string
		want string
	}{
		{
			name: "after the last source of the folder",
			path: []string{"One"},
			in:   listOf(openOne, lineA, lineB, closing, openTwo, closing),
			want: listOf(openOne, lineA, lineB, lineNew, closing, openTwo, closing),
		},
		{
			name: "the folder is found in other spelling",
			path: []string{" ÓNE "},
			in:   listOf(openOne, lineA, closing),
			want: listOf(openOne, lineA, lineNew, closing),
		},
		{
			name: "before subfolders",
			path: []string{"One"},
			in:   listOf(openOne, lineA, `      <outline text="Sub">`, "  "+lineB, `      </outline>`, closing),
			want: listOf(openOne, lineA, lineNew, `      <outline text="Sub">`, "  "+lineB, `      </outline>`, closing),
		},
		{
			name: "behind a comment at the end of the line",
			path: []string{"One"},
			in:   listOf(openOne, lineA+" <!-- ours -->", "      <!-- next -->", closing),
			want: listOf(openOne, lineA+" <!-- ours -->", lineNew, "      <!-- next -->", closing),
		},
		{
			name: "into an empty folder",
			path: []string{"Two"},
			in:   listOf(openOne, lineA, closing, openTwo, closing),
			want: listOf(openOne, lineA, closing, openTwo, lineNew, closing),
		},
		{
			name: "into a folder that is one tag",
			path: []string{"Two"},
			in:   listOf(openOne, lineA, closing, `    <outline text="Two" htmlUrl="https://two.example/" />`),
			want: listOf(openOne, lineA, closing, `    <outline text="Two" htmlUrl="https://two.example/">`, lineNew, closing),
		},
		{
			name: "into a new folder",
			path: []string{"Three"},
			in:   listOf(openOne, lineA, closing),
			want: listOf(openOne, lineA, closing, `    <outline text="Three">`, lineNew, closing),
		},
		{
			name: "into a new folder of an old one",
			path: []string{"One", "Sub & more"},
			in:   listOf(openOne, lineA, closing),
			want: listOf(openOne, lineA, `      <outline text="Sub &amp; more">`, "  "+lineNew, `      </outline>`, closing),
		},
		{
			name: "outside folders",
			path: nil,
			in:   listOf(lineA[2:], openOne, lineB, closing),
			want: listOf(lineA[2:], lineNew[2:], openOne, lineB, closing),
		},
		{
			name: "Other is outside folders",
			path: []string{"Other"},
			in:   listOf(openOne, lineB, closing),
			want: listOf(openOne, lineB, closing, lineNew[2:]),
		},
		{
			name: "in a file that is one line",
			path: []string{"X"},
			in:   `<opml><body><outline text="X"><outline text="A" xmlUrl="https://a.example/"/></outline></body></opml>`,
			want: `<opml><body><outline text="X"><outline text="A" xmlUrl="https://a.example/"/>` +
				`<outline text="New &amp; old" xmlUrl="https://n.example/feed?a=1&amp;b=2" type="rss" htmlUrl="https://n.example/" language="pt-BR"/>` +
				`</outline></body></opml>`,
		},
		{
			name: "in the file's own manner",
			path: []string{"X"},
			in: "\uFEFF<OPML>\r\n<Body>\r\n\t<OUTLINE TITLE='X'>\r\n" +
				"\t\t<OUTLINE XMLURL='https://a.example/' TITLE='A' TEXT='A' />\r\n\t</OUTLINE>\r\n</Body></OPML>",
			want: "\uFEFF<OPML>\r\n<Body>\r\n\t<OUTLINE TITLE='X'>\r\n" +
				"\t\t<OUTLINE XMLURL='https://a.example/' TITLE='A' TEXT='A' />\r\n" +
				"\t\t<OUTLINE XMLURL='https://n.example/feed?a=1&amp;b=2' TITLE='New &amp; old' TEXT='New &amp; old' type='rss' htmlUrl='https://n.example/' language='pt-BR' />\r\n" +
				"\t</OUTLINE>\r\n</Body></OPML>",
		},
		{
			name: "in an empty body",
			path: []string{"One"},
			in:   "<opml>\n  <body/>\n</opml>\n",
			want: "<opml>\n  <body>\n    <outline text=\"One\" title=\"One\">\n" +
				"      <outline type=\"rss\" text=\"New &amp; old\" title=\"New &amp; old\" xmlUrl=\"https://n.example/feed?a=1&amp;b=2\" htmlUrl=\"https://n.example/\" language=\"pt-BR\"/>\n" +
				"    </outline>\n  </body>\n</opml>\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Insert([]byte(test.in), newSource(), test.path)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestInsertWritesSettings(t *testing.T) {
	source := newSource()
	source.Settings = caravan.Settings{
		Interval: 48 * time.Hour, Only: `"open data"`, Skip: "-x", Show: caravan.ShowExcerpt, Paused: true, Slug: "new",
	}
	got, err := Insert([]byte(listOf(openOne, lineA, closing)), source, []string{"One"})
	if err != nil {
		t.Fatal(err)
	}
	want := `xmlns:caravan="urn:caravan:opml" caravan:interval="2d" caravan:only="&quot;open data&quot;" caravan:skip="-x" ` +
		`caravan:show="excerpt" caravan:paused="true" caravan:slug="new"/>`
	if !strings.Contains(string(got), want) {
		t.Errorf("got\n%s\nwithout %s", got, want)
	}
	list, err := Parse("f", got)
	if err != nil || len(list.Problems) > 0 {
		t.Fatal(err, list.Problems)
	}
	if read := list.Communities[0].Sources[1].Settings; read != source.Settings {
		t.Errorf("settings = %+v, want %+v", read, source.Settings)
	}
}

func TestEditsKeepTheEncoding(t *testing.T) {
	utf16 := func(s string) string {
		b := []byte{0xFF, 0xFE}
		for _, r := range s {
			b = append(b, byte(r), byte(r>>8))
		}
		return string(b)
	}
	const before = `<opml><body><outline text="Caf` + "é" + `"><outline type="rss" text="A" xmlUrl="https://a.example/"/>`
	const added = `<outline type="rss" text="` + "é→" + `" xmlUrl="https://n.example/"/>`
	const after = `</outline></body></opml>`
	latin := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(s, "é", "\xE9"), "→", "&#8594;")
	}
	declared := `<?xml version="1.0" encoding="ISO-8859-1"?>`
	tests := []struct{ name, in, want string }{
		{"UTF-8", before + after, before + added + after},
		{"UTF-8 with a mark", "\uFEFF" + before + after, "\uFEFF" + before + added + after},
		{"UTF-16", utf16(before + after), utf16(before + added + after)},
		{"declared Latin-1", declared + latin(before+after), declared + latin(before+added+after)},
		{"undeclared Latin-1", latin(before) + after, latin(before) + added + after},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := caravan.ListSource{URL: "https://n.example/", Title: "é→"}
			got, err := Insert([]byte(test.in), source, []string{"Café"})
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got\n%q\nwant\n%q", got, test.want)
			}
			back, err := Remove(got, source.URL)
			if err != nil || string(back) != test.in {
				t.Errorf("Remove = %q, %v, want the file as it was", back, err)
			}
		})
	}
}

func TestRemoveTakesTheLinesOut(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"with its line", listOf(openOne, lineA, lineB, closing), listOf(openOne, lineB, closing)},
		{"from every folder", listOf(openOne, lineA, closing, openTwo, lineB, lineA, closing), listOf(openOne, closing, openTwo, lineB, closing)},
		{"a repeated line too", listOf(openOne, lineA, lineB, lineA, closing), listOf(openOne, lineB, closing)},
		{"a comment beside it stays", listOf(openOne, lineA+" <!-- ours -->", lineB, closing), listOf(openOne, "       <!-- ours -->", lineB, closing)},
		{"other line ends", strings.ReplaceAll(listOf(openOne, lineA, lineB, closing), "\n", "\r\n"),
			strings.ReplaceAll(listOf(openOne, lineB, closing), "\n", "\r\n")},
		{"old line ends", strings.ReplaceAll(listOf(openOne, lineA, lineB, closing), "\n", "\r"),
			strings.ReplaceAll(listOf(openOne, lineB, closing), "\n", "\r")},
		{"an outline of several lines", listOf(openOne, "      <outline\n   xmlUrl='HTTPS://A.example:443/feed'\n   text='A'>\n   </outline>  ", lineB, closing),
			listOf(openOne, lineB, closing)},
		{"in a file that is one line", `<opml><body><outline xmlUrl="https://a.example/feed"/><outline xmlUrl="https://b.example/"/></body></opml>`,
			`<opml><body><outline xmlUrl="https://b.example/"/></body></opml>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Remove([]byte(test.in), " https://a.example/feed#x")
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestReplaceAddressChangesTheValueAlone(t *testing.T) {
	in := listOf(openOne, lineA, lineB, closing, openTwo, lineA, closing)
	want := strings.ReplaceAll(in, "https://a.example/feed", "https://new.example/?a=1&amp;b=2")
	got, err := ReplaceAddress([]byte(in), "https://A.example/feed", "https://new.example/?a=1&b=2")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRemoveDuplicatesKeepsTheFirst(t *testing.T) {
	in := listOf(openOne, lineA, lineB, strings.ToUpper(lineA[:6])+lineA[6:], closing, openTwo, lineA, closing)
	want := listOf(openOne, lineA, lineB, closing, openTwo, lineA, closing)
	got, err := RemoveDuplicates([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRetireMakesLinesComments(t *testing.T) {
	dead := `      <outline text="A" xmlUrl="https://a.example/x--y"/>`
	got, err := Retire([]byte(listOf(openOne, dead, lineB, closing)), "https://a.example/x--y", "gone since 2026-03-01")
	if err != nil {
		t.Fatal(err)
	}
	want := listOf(openOne, `      <!-- gone since 2026-03-01: <outline text="A" xmlUrl="https://a.example/x&#45;&#45;y"/> -->`, lineB, closing)
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEditsRefuse(t *testing.T) {
	whole := listOf(openOne, lineA, closing)
	insert := func(in, address string) error {
		_, err := Insert([]byte(in), caravan.ListSource{URL: address}, []string{"One"})
		return err
	}
	remove := func(in, address string) error { _, err := Remove([]byte(in), address); return err }
	replace := func(in, from, to string) error { _, err := ReplaceAddress([]byte(in), from, to); return err }
	tests := []struct {
		name  string
		err   error
		class error
		say   string
	}{
		{"what is listed", insert(whole, "HTTPS://a.example/feed"), caravan.ErrInvalid, "on line 6"},
		{"no address", insert(whole, "a.example"), caravan.ErrInvalid, "no scheme"},
		{"a script", insert(whole, "javascript:alert(1)"), caravan.ErrInvalid, "not followed"},
		{"a file that breaks off", insert(whole[:len(whole)-12], "https://n.example/"), caravan.ErrInvalid, "broken on line"},
		{"a web page", insert("<html></html>", "https://n.example/"), caravan.ErrInvalid, "web page"},
		{"no body", insert("<opml></opml>", "https://n.example/"), caravan.ErrInvalid, "<body>"},
		{"what is not there", remove(whole, "https://n.example/"), caravan.ErrNotFound, "not in the list"},
		{"a source that holds others", remove(listOf(`<outline xmlUrl="https://a.example/">`, lineB, `</outline>`), "https://a.example/"),
			caravan.ErrInvalid, "holds other lines"},
		{"an address that is taken", replace(listOf(openOne, lineA, lineB, closing), "https://a.example/feed", "https://b.example/feed"),
			caravan.ErrInvalid, "on line 7"},
		{"an encoding that cannot be written back", insert("\xFF\xFE<\x00o\x00p\x00m\x00l\x00>\x00<\x00b\x00o\x00d\x00y\x00>\x00\x00\xD8x\x00<\x00/\x00b\x00o\x00d\x00y\x00>\x00<\x00/\x00o\x00p\x00m\x00l\x00>\x00",
			"https://n.example/"), caravan.ErrInvalid, "Save it as UTF-8 first"},
		{"a new address that is none", replace(whole, "https://a.example/feed", "file:///etc/passwd"), caravan.ErrInvalid, "not followed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			public, ok := errors.AsType[*caravan.PublicError](test.err)
			if !ok || !errors.Is(test.err, test.class) || !strings.Contains(public.Message, test.say) {
				t.Errorf("error = %v, want one of class %v that says %q", test.err, test.class, test.say)
			}
		})
	}
}
