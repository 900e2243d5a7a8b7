package article

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"caravan"
)

// cpu returns the processor time that the process has used.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestPrepareTakesLinearTime gives the whole path what other programs have
// taken quadratic time for, as much of it as is read of one item or more. The
// bound is a second of processor time; what is quadratic takes minutes.
func TestPrepareTakesLinearTime(t *testing.T) { // S42
	repeat := func(s string) string { return strings.Repeat(s, (2<<20)/len(s)) }
	whole := func(s string) string { return strings.Repeat(s, 5<<20/len(s)) }
	tests := map[string]string{
		"less-than signs":       whole("<"),
		"begun tags":            whole("<div"),
		"begun end tags":        repeat("</"),
		"nested blocks":         repeat("<div>"),
		"nested inline":         repeat("<b><i><a href=x>"),
		"nested lists":          repeat("<ul><li>x"),
		"nested tables":         repeat("<table><td>x"),
		"misnested":             repeat("<a href=/x><div></a><p></div>"),
		"end tags":              repeat("</p></div></li>"),
		"comments":              repeat("<!--"),
		"comments closed":       repeat("<!---->"),
		"ampersands":            repeat("&"),
		"references":            repeat("&#x301;"),
		"long reference":        "&" + repeat("a"),
		"attributes of one tag": "<a " + repeat("b c d ") + ">",
		"different attributes":  "<a " + numbered(2e5) + ">" + strings.Repeat("<b c>x", 5e5),
		"long attribute":        `<img alt="` + repeat("x ") + `">`,
		"srcset":                `<img srcset="` + repeat("a 1x,") + `">`,
		"style":                 `<p style="` + repeat("a:b;") + `">x`,
		"classes":               `<p class="` + repeat("a ") + `">x`,
		"images":                repeat("<img src=/x.png alt=x>"),
		"links":                 repeat("<a href=/x>x</a> "),
		"international links":   strings.Repeat(`<a href="https://`+strings.Repeat("яж", 400)+`.example/">x</a>`, 500),
		"frames":                repeat("<iframe src=//a.example/x>"),
		"objects":               repeat("<object data=/x><param>"),
		"drawings":              repeat("<svg><style>"),
		"unclosed raw text":     repeat("<textarea><title><xmp>"),
		"noise":                 repeat(`<p class=ad>x `),
		"numbers":               repeat("1 "),
		"numbers with counters": repeat("1 comment "),
		"quotation marks":       repeat(`”"`),
		"marks":                 repeat("\u0327\u0338"),
		"zero width":            repeat("\u200d"),
		"ideographs":            repeat("公。"),
		"line breaks":           repeat("x<br>"),
		"one word":              repeat("x"),
		"invitations":           repeat("<a href=/x>read more</a> "),
		"directions":            repeat("\u202e"),
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			before := cpu(t)
			Prepare(caravan.Item{Title: in, Content: in, Summary: in, Link: "https://blog.example/", GUID: in,
				Authors: []string{in}}, Options{})
			if took := cpu(t) - before; took > raceCost*time.Second {
				t.Errorf("took %v of processor time", took)
			}
		})
	}
}

// numbered returns n different names of attributes.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteByte(' ')
		for ; i > 0; i /= 26 {
			b.WriteByte('a' + byte(i%26))
		}
		b.WriteByte('-')
	}
	return b.String()
}
