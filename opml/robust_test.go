package opml

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"caravan"
	"caravan/opml/internal/markup"
)

// addresses returns the feed addresses of a list.
func addresses(list caravan.List) map[string]bool {
	all := map[string]bool{}
	for _, c := range list.Communities {
		for _, s := range c.Sources {
			all[s.URL] = true
		}
	}
	return all
}

// mutate changes data in one place, as accidents do.
func mutate(random *rand.Rand, data []byte) []byte {
	at := random.IntN(len(data) + 1)
	to := min(at+random.IntN(200), len(data))
	pieces := []string{
		"<", ">", "\"", "'", "&", "/>", "</outline>", "<outline>", "<!--", "-->", "<![CDATA[", "]]>", "\x00", "\xFF",
		"</body>", "</opml>", "<?", "<!DOCTYPE x [", "=", "<outline text=\"", " xmlUrl=\"", "\r", "&#0;", "&bogus;",
	}
	switch random.IntN(5) {
	case 0:
		return bytes.Clone(data[:at]) // cut off
	case 1:
		return slices.Concat(data[:at], data[to:]) // something lost
	case 2:
		return slices.Concat(data[:to], data[at:]) // something twice
	case 3:
		flipped := bytes.Clone(data)
		for range 1 + random.IntN(4) {
			flipped[random.IntN(len(data))] ^= 1 << random.IntN(8)
		}
		return flipped
	}
	return slices.Concat(data[:at], []byte(pieces[random.IntN(len(pieces))]), data[at:])
}

// TestParseLosesNothingSilently breaks each real list in 200 ways: a source that
// is missing afterwards is told of, and the file is never taken for whole and
// blameless.
func TestParseLosesNothingSilently(t *testing.T) {
	for path := range corpusFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 40_000 {
			data = trimmed(data, 12_000) // its rows are all alike
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(len(data)), 200))
			for i := range 200 {
				mutated := mutate(random, data)
				list, err := Parse("f", mutated)
				checkNoLoss(t, mutated, list, err)
				if t.Failed() {
					t.Fatalf("mutation %d", i)
				}
			}
		})
	}
}

// trimmed cuts rows out of the middle of a long list.
func trimmed(data []byte, size int) []byte {
	from := size / 2
	from += bytes.IndexByte(data[from:], '\n') + 1
	to := len(data) - size/2
	to += bytes.IndexByte(data[to:], '\n') + 1
	return slices.Concat(data[:from], data[to:])
}

// checkNoLoss checks that each address that stands in an attribute of the
// file's text is in the list, or that a problem was reported about it or before
// it.
func checkNoLoss(t *testing.T, data []byte, list caravan.List, err error) {
	t.Helper()
	read := addresses(list)
	d, _ := markup.Decode(data)
	rest, at := d.Text, 0
	for {
		i := strings.Index(rest[at:], ` xmlUrl="http`)
		if i < 0 {
			return
		}
		at += i + len(` xmlUrl="`)
		end := strings.IndexByte(rest[at:], '"')
		if end < 0 || strings.ContainsAny(rest[at:at+end], "<>\n\r") {
			continue
		}
		address, _ := markup.Plain(rest[at : at+end])
		if read[strings.TrimSpace(address)] || err != nil || commented(rest[:at]) {
			continue
		}
		if len(list.Problems) == 0 {
			t.Errorf("%s is lost, and nothing is said about it", address)
			return
		}
		p := markup.NewPlacer(d.Text)
		line, _ := p.At(at)
		if first := list.Problems[0]; first.Line > line {
			t.Errorf("%s in line %d is lost, and the first problem is %s", address, line, first)
			return
		}
	}
}

// commented reports whether text ends inside a comment, a CDATA section or an
// instruction.
func commented(text string) bool {
	return strings.LastIndex(text, "<!--") > strings.LastIndex(text, "-->") ||
		strings.LastIndex(text, "<![CDATA[") > strings.LastIndex(text, "]]>") ||
		strings.LastIndex(text, "<?") > strings.LastIndex(text, "?>")
}

// manyRows is a list of n sources in folders of a thousand.
func manyRows(n int) []byte {
	var b bytes.Buffer
	b.WriteString("<opml version=\"2.0\">\n<head><title>Many</title></head>\n<body>\n")
	for i := range n {
		if i%1000 == 0 {
			fmt.Fprintf(&b, "<outline text=\"Folder %d\">\n", i/1000)
		}
		fmt.Fprintf(&b, "  <outline type=\"rss\" text=\"Source %d &amp; more\" title=\"Source %d &amp; more\" "+
			"xmlUrl=\"https://%d.example/feed\" htmlUrl=\"https://%d.example/\" language=\"en\"/>\n", i, i, i, i)
		if i%1000 == 999 || i == n-1 {
			b.WriteString("</outline>\n")
		}
	}
	b.WriteString("</body>\n</opml>\n")
	return b.Bytes()
}

// S37
func TestParseReadsAHundredThousandOutlines(t *testing.T) {
	list, err := Parse("f", manyRows(maxOutlines-100)) // folders count too
	if err != nil || len(list.Problems) > 0 || len(addresses(list)) != maxOutlines-100 {
		t.Fatalf("%d sources, error %v, problems %v", len(addresses(list)), err, list.Problems)
	}
	list, err = Parse("f", manyRows(maxOutlines+900))
	if err != nil || len(list.Problems) != 1 || len(addresses(list)) != maxOutlines-100 {
		t.Fatalf("%d sources, error %v, problems %v", len(addresses(list)), err, list.Problems)
	}
	if p := list.Problems[0]; p.Severity != failure || !strings.Contains(p.Message, "this one and 1000 after it are left out") {
		t.Errorf("problem = %v, want the rows left out counted", p)
	}
}

// S37
func TestParseBoundsDepth(t *testing.T) {
	const deep = 20_000
	in := "<opml><body>" + strings.Repeat(`<outline text="f">`, deep) + `<outline xmlUrl="https://deep.example/"/>` +
		strings.Repeat("</outline>", deep) + `<outline xmlUrl="https://1.example/"/></body></opml>`
	list, err := Parse("f", []byte(in))
	if err != nil || !addresses(list)["https://1.example/"] || len(addresses(list)) != 1 {
		t.Fatalf("sources %v, error %v", addresses(list), err)
	}
	if count(list.Problems, "deeper than 32 folders and is left out, with all in it") != 1 {
		t.Errorf("problems = %v, want one about the depth", list.Problems)
	}
}

// TestParseTakesTimeInProportion gives input that is hard for readers that look
// back or ahead too often.
func TestParseTakesTimeInProportion(t *testing.T) {
	const n = 100_000
	head, tail := "<opml><body>", "</body></opml>"
	tests := map[string]string{
		"quotes that never close": head + strings.Repeat(`<outline a="x"y `, n/10) + tail,
		"quotes inside one value": head + `<outline text="` + strings.Repeat(`"x`, n) + tail,
		"tags that never end":     head + strings.Repeat("<outline ", n) + tail,
		"bodies that never end":   head + strings.Repeat("<body ", n) + tail,
		"bare ampersands":         head + `<outline text="` + strings.Repeat("&", n) + `" xmlUrl="https://1.example/"/>` + tail,
		"less-than signs":         head + strings.Repeat("< ", n) + tail,
		"end tags":                head + strings.Repeat("</outline>", n/3) + tail,
		"open elements":           head + strings.Repeat("<a>", n/3) + strings.Repeat("</b>", n/3) + tail,
		"attributes":              head + "<outline " + strings.Repeat(`a="" `, n/3) + "/>" + tail,
		"names":                   head + "<outline " + strings.Repeat("a", n) + "/>" + tail,
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			list, err := Parse("f", []byte(in))
			if len(list.Problems) == 0 && err == nil {
				t.Error("nothing was found wrong")
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "<opml/>", body(sourceLine), body(`<outline text="A"><outline text='B & "C"' xmlUrl=https://x.example/ caravan:only="a"/></outline>`),
		"\xFF\xFE<\x00o\x00", `<?xml version="1.0" encoding="Shift_JIS"?>` + body(sourceLine), body(`<outline text="a xmlUrl="b"/>`),
		"<!DOCTYPE x [<!ENTITY a 'b'>]>" + body("<!--"+sourceLine), body("<![CDATA[" + sourceLine), body(sourceLine + "&#0;\x00\xE9"),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Parse("f", data)
		if again, _ := Parse("f", data); len(again.Problems) != len(list.Problems) || show(again) != show(list) {
			t.Error("two readings of one list differ")
		}
		if err == nil && len(addresses(list)) == 0 && len(list.Includes) == 0 {
			t.Error("a list without sources is taken for one")
		}
		for i, p := range list.Problems {
			if p.Line < 0 || p.Column < 0 || p.Message == "" || i > 0 && list.Problems[i-1].Line > p.Line {
				t.Errorf("problem %d: %v", i, p)
			}
		}
		for address := range addresses(list) {
			if wrongAddress(address) != "" {
				t.Errorf("the address %q is in the list", address)
			}
		}
	})
}

// FuzzEdit inserts a source and removes it again: what comes back is the file
// as it was, but for a folder that was made or opened for the source.
func FuzzEdit(f *testing.F) {
	f.Add([]byte(listOf(openOne, lineA, closing)), "One", "Title", "https://n.example/feed")
	f.Add([]byte(listOf(openOne, lineA, closing, openTwo, closing)), "Two", "T & <b> \"'", "https://n.example/?a&b")
	f.Add([]byte("<opml><body/></opml>"), "", "", "http://n.example")
	f.Add([]byte("\xFF\xFE"+"<\x00o\x00p\x00m\x00l\x00>\x00<\x00b\x00o\x00d\x00y\x00/\x00>\x00<\x00/\x00o\x00p\x00m\x00l\x00>\x00"), "é", "→", "http://n.example/")
	f.Fuzz(func(t *testing.T, data []byte, folder, title, address string) {
		source := caravan.ListSource{URL: strings.TrimSpace(address), Title: title}
		inserted, err := Insert(data, source, []string{folder})
		if err != nil {
			return
		}
		before, _ := Parse("f", data)
		after, _ := Parse("f", inserted)
		if len(seats(after)) != len(seats(before))+1 {
			t.Fatalf("%d memberships, want %d", len(seats(after)), len(seats(before))+1)
		}
		removed, err := Remove(inserted, source.URL)
		if err != nil {
			if !strings.Contains(err.Error(), "holds other lines") {
				t.Fatalf("Remove = %v after Insert made\n%s", err, inserted)
			}
			return
		}
		lists, _ := Parse("f", removed)
		gone := caravan.SourceKey(source.URL)
		for _, s := range seats(lists) {
			if s.key == gone {
				t.Fatalf("the source is still there in\n%s", removed)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	data := manyRows(maxOutlines - 100)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("f", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInsert(b *testing.B) {
	data := manyRows(1000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Insert(data, newSource(), []string{"Folder 0"}); err != nil {
			b.Fatal(err)
		}
	}
}
