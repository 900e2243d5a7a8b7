package opml

import (
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// sourceLine is a row that every test of tolerance must still find.
const sourceLine = `<outline text="T" xmlUrl="https://1.example/"/>`

// TestParseReadsEncodings gives the same list in many encodings.
func TestParseReadsEncodings(t *testing.T) {
	const title = "Café “Été” 学"
	plain := `<opml><head><title>` + title + `</title></head><body>` + sourceLine + `</body></opml>`
	with := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` + "\n" + plain }
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	wide := func(s string, order func(unit uint16) string) string {
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(s)) {
			b.WriteString(order(unit))
		}
		return b.String()
	}
	little := func(u uint16) string { return string([]byte{byte(u), byte(u >> 8)}) }
	big := func(u uint16) string { return string([]byte{byte(u >> 8), byte(u)}) }
	western := strings.ReplaceAll(plain, "学", "")
	tests := []struct{ name, in, title, problem string }{
		{"UTF-8", plain, title, ""},
		{"UTF-8 declared", with("utf-8"), title, ""},
		{"UTF-8 with a mark", "\uFEFF" + with("ISO-8859-1"), title, ""},
		{"UTF-16 little", "\xFF\xFE" + wide(with("UTF-16"), little), title, ""},
		{"UTF-16 big", "\xFE\xFF" + wide(plain, big), title, ""},
		{"UTF-16 without a mark", wide(plain, little), title, ""},
		{"UTF-16 big without a mark", wide(plain, big), title, ""},
		{"UTF-32", "\xFF\xFE\x00\x00" + wide(plain, func(u uint16) string { return little(u) + "\x00\x00" }), title, ""},
		{"Shift_JIS declared", encode(japanese.ShiftJIS.NewEncoder().String(strings.ReplaceAll(with("Shift_JIS"), title, "学校"))), "学校", ""},
		{"windows-1252 declared", `<?xml version='1.0' encoding='windows-1252'?>` + encode(charmap.Windows1252.NewEncoder().String(western)), "Café “Été”", ""},
		{"windows-1252 called Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?>` + encode(charmap.Windows1252.NewEncoder().String(western)), "Café “Été”", ""},
		{"windows-1252 undeclared", encode(charmap.Windows1252.NewEncoder().String(western)), "Café “Été”",
			"1:23 warning: 5 bytes from here on are not UTF-8 and are read as windows-1252."},
		{"UTF-8 with one other byte", strings.ReplaceAll(plain, "</title>", "\xE9</title>"), title + "é", "1:32 warning: 1 bytes from here on"},
		{"UTF-16 declared, UTF-8 written", with("UTF-16"), title, "1:1 warning: The XML declaration says utf-16, but the file is not written so."},
		{"an unknown encoding", with("martian"), title, `1:1 warning: The XML declaration names an unknown encoding, "martian".`},
		{"not what is declared", strings.ReplaceAll(with("Shift_JIS"), title, "x\xFFy"), "x\uFFFDy", "2:21 warning: Some bytes from here on are not shift_jis"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := Parse("f", []byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if list.Title != test.title {
				t.Errorf("title = %q, want %q", list.Title, test.title)
			}
			if got := said(list.Problems); !strings.HasPrefix(got, test.problem) || (test.problem == "") != (got == "") {
				t.Errorf("problems = %q, want %q", got, test.problem)
			}
			if got := show(list); got != "[Other]  \nhttps://1.example/ | T |  | \n" {
				t.Errorf("list = %q", got)
			}
		})
	}
}

// TestParseToleratesCarelessMarkup gives lists that strict readers refuse; the
// file counts as whole.
func TestParseToleratesCarelessMarkup(t *testing.T) {
	tests := []struct{ name, in, title, problem string }{
		{"a bare ampersand", `<outline text="A & B" xmlUrl="https://1.example/?a=1&copy=2&b"/>`, "A & B", "4:18 warning: An ampersand stands alone. Write &amp; for it."},
		{"an HTML entity", `<outline text="Caf&eacute;&nbsp;&hellip;" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "Café …", "4:19 warning: &eacute; is HTML, not XML."},
		{"an unknown entity", `<outline text="&own;" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "&own;", "4:16 warning: &own; is not known and stands as it is."},
		{"numbers", `<outline text="&#233;&#xe9;&#146;" xmlUrl="https://1.example/?a=1&#38;copy=2&#x26;b"/>`, "éé’", ""},
		{"numbers of no character", `<outline text="a&#0;b&#xFFFF;&#x110000;&#;" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "ab", "4:17 warning: A reference to a character that XML does not allow is left out."},
		{"control characters", "<outline text=\"a\x01b\x00\" xmlUrl=\"https://1.example/?a=1&amp;copy=2&amp;b\"/>", "ab", "4:17 warning: A character that XML does not allow is left out."},
		{"a less-than sign", `<outline text="a < b <i>c</i>" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "a < b <i>c</i>", "4:18 warning: A < stands inside the value of text."},
		{"quotes inside", `<outline text="The "best" of" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, `The "best" of`, "4:20 warning: A quote stands inside the value of text."},
		{"no quotes", `<outline text=T xmlUrl=https://1.example/?a=1&amp;copy=2&amp;b />`, "T", "4:10 warning: The value of text has no quotes."},
		{"no space between", `<outline text='T'xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "T", ""},
		{"stray characters", `<outline , text="T" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "T", "4:10 warning: Something stands here that is no attribute"},
		{"an attribute without a value", `<outline expanded text="T" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "T", "4:10 warning: The attribute expanded has no value."},
		{"white space in the tag", "<outline\n\ttext = 'T'\n\txmlUrl\n=\n\"https://1.example/?a=1&amp;copy=2&amp;b\"\n/>", "T", ""},
		{"a name space prefix", `<o:outline text="T" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"></o:outline>`, "T", ""},
		{"text between", `x < y &z; <outline text="T" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b">some text<br/></outline>`, "T", "4:1 warning: Text between outlines is not read. Delete it.\n4:3 warning: Text between outlines is not read. Delete it.\n4:3 warning: A < stands alone."},
		{"comments, instructions, CDATA", `<!-- <outline> -- --><?php <outline> ?><![CDATA[<outline>]]><outline text="T" xmlUrl="https://1.example/?a=1&amp;copy=2&amp;b"/>`, "T", "4:49 warning: Text between"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := body(test.in)
			list, err := Parse("f", []byte(in))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := show(list), "[Other]  \nhttps://1.example/?a=1&copy=2&b | "+test.title+" |  | \n"; got != want {
				t.Errorf("list = %q, want %q", got, want)
			}
			if got := said(list.Problems); !strings.HasPrefix(got, test.problem) || (test.problem == "") != (got == "") {
				t.Errorf("problems = %q, want %q", got, test.problem)
			}
			if err := Whole("f", []byte(in)); err != nil {
				t.Errorf("Whole = %v", err)
			}
		})
	}
}

// TestParseRecoversBrokenMarkup gives lists that are broken in one place: the
// other rows are read, the place is told, and the file is not whole. R11, R12
func TestParseRecoversBrokenMarkup(t *testing.T) {
	const tail = "\n</body>\n</opml>"
	tests := []struct{ name, in, want string }{
		{"cut between rows", "<opml>\n<body>\n" + sourceLine + "\n", "4:1 error: The file ends before </opml>"},
		{"cut in a tag", "<opml>\n<body>\n" + sourceLine + "\n<outline text=\"U\" xml", "4:1 error: The file ends inside this tag"},
		{"cut in a value", "<opml>\n<body>\n" + sourceLine + "\n<outline text=\"U\" xmlUrl=\"https://2.exa", "4:19 error: xmlUrl: a quote is missing"},
		{"cut in the end tag", "<opml>\n<body>\n" + sourceLine + "\n</body></opml", "4:8 error: The file ends inside this tag"},
		{"cut in a comment", "<opml>\n<body>\n" + sourceLine + "\n<!-- and", "4:1 error: This comment does not end"},
		{"no closing quote", "<opml>\n<body>\n<outline text=\"U xmlUrl=\"https://2.example/\"/>\n" + sourceLine + tail, "3:10 error: text: a quote is missing"},
		{"no closing quote at the end", "<opml>\n<body>\n<outline text=\"U\" xmlUrl=\"https://2.example/ />\n" + sourceLine + tail, "3:19 error: xmlUrl: a quote is missing"},
		{"no opening quote", "<opml>\n<body>\n<outline text=U\" xmlUrl=\"https://2.example/\"/>\n" + sourceLine + tail, ""},
		{"markup in a value", "<opml>\n<body>\n<outline text=\"<a href=\"https://x/\" target=\"_top\">U</a>\" xmlUrl=\"https://2.example/\"/>\n" + sourceLine + tail,
			"3:10 error: text: a quote is missing"},
		{"no end of the tag", "<opml>\n<body>\n<outline text=\"U\" xmlUrl=\"https://2.example/\"\n" + sourceLine + tail, "3:1 error: This tag does not end"},
		{"a folder not closed", "<opml>\n<body>\n" + sourceLine + "\n<outline text=\"F\">\n" + tail, "4:1 error: This <outline> is not closed."},
		{"closed twice", "<opml>\n<body>\n" + sourceLine + "\n</outline>" + tail, "4:1 error: </outline> closes nothing."},
		{"more after the end", "<opml>\n<body>\n" + sourceLine + tail + "\n<outline/>", "6:1 error: Something stands after </opml>."},
		{"zeros after the end", "<opml>\n<body>\n" + sourceLine + tail + "\n\x00\x00\x00", "6:1 error: Something stands after </opml>."},
		{"two lists in one file", "<opml>\n<body>\n" + sourceLine + tail + "<opml><body/></opml>", "5:8 error: Something stands after </opml>."},
		{"a document type without end", "<!DOCTYPE opml [ <!ENTITY x \"y\n<opml><body>" + sourceLine + tail, "1:1 error: The document type does not end"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := Parse("f", []byte(test.in))
			if strings.HasPrefix(test.in, "<!DOCTYPE") {
				if err == nil {
					t.Fatal("a list was found where there is none")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(show(list), "https://1.example/ | T") {
				t.Errorf("list\n%s\nwithout the row that is right", show(list))
			}
			if test.want != "" && !strings.Contains("\n"+said(list.Problems), "\n"+test.want) {
				t.Errorf("problems\n%s\nwant\n%s", said(list.Problems), test.want)
			}
			if whole := Whole("f", []byte(test.in)); (whole == nil) != (test.want == "") {
				t.Errorf("Whole = %v", whole)
			}
		})
	}
}

// TestParseExpandsNoEntities is for the billion laughs and files read through
// entities. S37
func TestParseExpandsNoEntities(t *testing.T) {
	in := `<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>` +
		"\n" + `<opml><body><outline text="&b;&f;" xmlUrl="https://1.example/"/></body></opml>`
	list, err := Parse("f", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if got := list.Communities[0].Sources[0].Title; got != "&b;&f;" {
		t.Errorf("title = %q, want the references as they are", got)
	}
	if count(list.Problems, "document type declares") != 1 {
		t.Errorf("problems = %v, want one about the document type", list.Problems)
	}
}
