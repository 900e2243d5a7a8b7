package feedcheck

import (
	"strings"
	"testing"
)

// valid is a document without a fault.
const valid = `{"version":"https://jsonfeed.org/version/1.1","title":"T","feed_url":"https://a.example/feed.json","_x":1,
"items":[{"id":"1","url":"https://a.example/1","content_text":"x","date_published":"2026-11-25T12:00:00Z","authors":[{"name":"A"}],"attachments":[{"url":"https://a.example/1.mp3","mime_type":"audio/mpeg"}]}]}`

func TestJSONFindsWhatIsWrong(t *testing.T) {
	if problems := JSON([]byte(valid)); len(problems) > 0 {
		t.Errorf("problems of a valid document: %q", problems)
	}
	for _, test := range []struct{ old, new, want string }{
		{`{"version"`, `"version"`, "invalid character"},
		{`version/1.1`, `version/1`, "version is"},
		{`"title":"T"`, `"title":""`, "title is"},
		{`https://a.example/feed.json`, `/feed.json`, "feed_url is"},
		{`"_x":1`, `"next_url":"https://a.example/feed.json"`, "next_url is"},
		{`"_x":1`, `"x":1`, "unknown field x"},
		{`"id":"1"`, `"id":1`, "item 0: id is 1"},
		{`"items":[`, `"items":[{"id":"1","content_text":"y"},`, "has the id of another"},
		{`"items":[`, `"items":["x",`, "item 0 is string"},
		{`"url":"https://a.example/1"`, `"url":"1"`, "item 0: url is 1"},
		{`"content_text":"x"`, `"content_text":""`, "item 0 has no content"},
		{`2026-11-25T12:00:00Z`, `25 Nov 2026`, "date_published is"},
		{`[{"name":"A"}]`, `{"name":"A"}`, "authors are"},
		{`[{"name":"A"}]`, `["A"]`, "author A"},
		{`,"mime_type":"audio/mpeg"`, ``, "attachment"},
		{`"content_text"`, `"author":{},"content_text"`, "unknown field author"},
	} {
		if !strings.Contains(valid, test.old) {
			t.Fatalf("the valid document lacks %s", test.old)
		}
		if problems := JSON([]byte(strings.Replace(valid, test.old, test.new, 1))); !strings.Contains(strings.Join(problems, "\n"), test.want) {
			t.Errorf("with %s: problems %q, want one of %q", test.new, problems, test.want)
		}
	}
}
