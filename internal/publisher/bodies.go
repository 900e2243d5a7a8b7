package publisher

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// bodyScenarios are about what is sent, and how slowly.
func bodyScenarios() []Scenario {
	send := func(contentType string, body func(hit int) []byte) func(*answering) {
		return func(a *answering) {
			a.Header().Set("Content-Type", contentType)
			a.Write(body(a.hit)) //nolint:errcheck // the client left; there is nobody to tell
		}
	}
	rss := func(body func(hit int) []byte) func(*answering) { return send("application/rss+xml", body) }
	always := func(body []byte) func(int) []byte { return func(int) []byte { return body } }
	replaced := func(old, with string) []byte {
		return bytes.ReplaceAll(smallDocument(0, 3), []byte(old), []byte(with))
	}
	return []Scenario{
		{Name: "empty", Gap: hourly, Uncond: -1, answer: rss(always(nil))},
		{Name: "html", Gap: hourly, Uncond: -1, answer: send("text/html", always([]byte("<!doctype html><title>Log in</title><form><input name=user></form>")))},
		{Name: "badxml", Gap: hourly, Uncond: -1, answer: rss(func(int) []byte { d := smallDocument(0, 10); return d[:len(d)*7/10] })},
		{Name: "shrink", Gap: daily, Uncond: -1, answer: rss(func(hit int) []byte {
			if hit%2 == 1 {
				return smallDocument(8, 10)
			}
			return smallDocument(0, 10)
		})},
		{Name: "guids", Gap: daily, Uncond: -1, answer: rss(func(hit int) []byte {
			return bytes.ReplaceAll(smallDocument(0, 3), []byte("<guid>"), fmt.Appendf(nil, "<guid>%d-", hit))
		})},
		{Name: "dupguid", Gap: daily, Uncond: -1, answer: rss(func(int) []byte {
			d := string(smallDocument(0, 3))
			for i := range 3 {
				d = strings.Replace(d, fmt.Sprintf("<guid>https://scenario.example/%d</guid>", i), "<guid>same</guid>", 1)
			}
			return []byte(d)
		})},
		{Name: "future", Gap: daily, Uncond: -1, answer: rss(always(replaced("2026 ", "9999 ")))},
		{Name: "ctrl", Gap: daily, Uncond: -1, answer: rss(always(replaced("Words", "W&#8;ords\x1f")))},
		{Name: "latin1", Gap: daily, Uncond: -1, answer: rss(always(replaced("Words", "Parolé d'\xe9t\xe9")))},
		{Name: "10k", Gap: daily, Uncond: -1, answer: rss(func(int) []byte { return smallDocument(0, 10_000) })},
		{Name: "deep", Gap: hourly, Uncond: -1, answer: zipped([]byte(`<rss version="2.0" xmlns:x="urn:x"><channel><item>`),
			[]byte(strings.Repeat("<x:a>", 10_000)), 250)},
		{Name: "bomb", Gap: hourly, Uncond: -1, answer: zipped(smallDocument(0, 3), bytes.Repeat([]byte(" "), 1<<20), 300)},
		{Name: "gzip", Gap: daily, Uncond: -1, answer: zipped(smallDocument(0, 3), nil, 0)},
		{Name: "hang", Gap: hourly, Uncond: -1, answer: func(a *answering) { <-a.r.Context().Done() }},
		{Name: "drip", Gap: hourly, Uncond: -1, answer: func(a *answering) { a.slowly(smallDocument(0, 1000), 1) }},
		{Name: "endless", Gap: hourly, Uncond: -1, answer: func(a *answering) {
			a.Header().Set("Content-Type", "application/rss+xml")
			chunk := bytes.Repeat([]byte("<!-- and so on -->"), 4096)
			for a.r.Context().Err() == nil {
				if _, err := a.Write(chunk); err != nil {
					return
				}
			}
		}},
	}
}

// zipped sends head and then times copies of chunk, compressed. Each is a gzip
// member of its own (RFC 1952, 2.2), so that a large body costs its publisher
// little.
func zipped(head, chunk []byte, times int) func(*answering) {
	member := func(data []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(data) //nolint:errcheck // a buffer takes everything
		w.Close()     //nolint:errcheck // likewise
		return b.Bytes()
	}
	return func(a *answering) {
		a.Header().Set("Content-Type", "application/rss+xml")
		a.Header().Set("Content-Encoding", "gzip")
		a.Write(member(head)) //nolint:errcheck // the client left; there is nobody to tell
		repeated := member(chunk)
		for range times {
			if _, err := a.Write(repeated); err != nil {
				return
			}
		}
	}
}

// slowly sends body a few bytes a second until the client leaves.
func (a *answering) slowly(body []byte, bytesPerSecond int) {
	a.Header().Set("Content-Type", "application/rss+xml")
	tick := time.NewTicker(time.Second / time.Duration(bytesPerSecond))
	defer tick.Stop()
	for i := range body {
		select {
		case <-a.r.Context().Done():
			return
		case <-tick.C:
		}
		if _, err := a.Write(body[i : i+1]); err != nil {
			return
		}
		if err := http.NewResponseController(a.ResponseWriter).Flush(); err != nil {
			return
		}
	}
}
