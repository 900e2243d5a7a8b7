package blocklist

import (
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBlockListMatchesHostsAndPrefixes(t *testing.T) {
	list, problems := parse("block.txt", []byte("\ufeff# asked by mail\r\n\r\nexample.org\tasked to be left out\n  https://Pad.example/blog/  excerpts only\nhttp://port.example:8080\nmünchen.example\n[2001:db8::1]\n"))
	if len(problems) != 0 || len(list) != 5 {
		t.Fatalf("%d rules, problems %v", len(list), problems)
	}
	for i, want := range []string{"example.org", "pad.example/blog", "port.example:8080", "xn--mnchen-3ya.example", "[2001:db8::1]"} {
		if got := list.blocked()[i].Where; got != want {
			t.Errorf("rule %d is shown as %q, want %q", i, got, want)
		}
	}
	for address, want := range map[string]string{
		"https://example.org/feed":                "asked to be left out",
		"http://EXAMPLE.org.:8080/":               "asked to be left out",
		"https://www.example.org/feed":            "asked to be left out",
		"https://notexample.org/":                 "",
		"https://example.org.evil/":               "",
		"http://pad.example/blog":                 "excerpts only",
		"https://pad.example/blog/feed?x=1":       "excerpts only",
		"https://pad.example//a/../%62log/feed":   "excerpts only",
		"https://pad.example/blogs":               "",
		"https://pad.example/":                    "",
		"http://port.example:8080/feed":           noReason,
		"http://port.example/feed":                "",
		"https://xn--mnchen-3ya.example/feed.xml": noReason,
		"https://[2001:DB8::1]/feed":              noReason,
		"::":                                      "",
	} {
		if got := list.reason(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestBlockListNamesLinesWithProblems(t *testing.T) {
	list, problems := parse("block.txt", []byte("good.example\n  ftp://a.example reason\n/path\nhttps://u:secret@a.example\na.example?x\n..\na..example\n.example\n"))
	if len(list) != 1 || len(problems) != 7 {
		t.Fatalf("%d rules, problems %v", len(list), problems)
	}
	if got := problems[0].String(); !strings.HasPrefix(got, `block.txt:2:3: error: "ftp://a.example" is neither`) {
		t.Error(got)
	}
	if got := problems[2].String(); strings.Contains(got, "secret") {
		t.Errorf("credentials are shown: %s", got)
	}
}

func FuzzParseBlockList(f *testing.F) {
	f.Add("example.org reason\n# no\nhttps://a.example/b c")
	f.Add("ftp://x\n[::1]\n\xff")
	f.Add("..\n...\na..b\n.a")
	f.Fuzz(func(t *testing.T, text string) {
		list, problems := parse("b", []byte(text))
		for _, r := range list {
			host := r.host
			if strings.Contains(host, ":") {
				host = "[" + host + "]"
			}
			if r.port != "" {
				host += ":" + r.port
			}
			own := (&url.URL{Scheme: "https", Host: host, Path: r.path}).String()
			if r.host == "" || r.reason == "" || !strings.Contains(host, "%") && list.reason(own) == "" {
				t.Errorf("%+v does not block %s", r, own)
			}
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 || p.Column < 1 {
				t.Errorf("problem at %d:%d", p.Line, p.Column)
			}
		}
	})
}

func TestBlockListIsTakenOverOnceSaved(t *testing.T) {
	path := blockFile(t, "a.example\n")
	k, err := Open(t.Context(), path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct{ text, blocked, open string }{
		{"", "a.example", "b.example"}, // an editor at work
		{"b.example\n", "a.example", "b.example"},
		{"b.example\n", "b.example", "a.example"},
	} {
		if err := os.WriteFile(path, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		k.look(t.Context())
		if k.Reason("https://"+step.blocked) == "" || k.Reason("https://"+step.open) != "" {
			t.Errorf("step %d: wrong list in use", i)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if k.look(t.Context()); k.Reason("https://b.example") == "" {
		t.Error("a file that went away unblocked its hosts")
	}
}

func blockFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "block.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
