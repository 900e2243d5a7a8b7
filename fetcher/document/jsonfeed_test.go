package document

import (
	"reflect"
	"testing"
	"time"

	"caravan"
)

// jsonFeed wraps the members of one item in a feed.
func jsonFeed(members string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","title":"T","authors":[{"name":"Feed Author"}],"home_page_url":"https://example.org/","items":[{` + members + `}]}`
}

func TestItemsOfJSONFeedsAreMapped(t *testing.T) {
	tests := []struct {
		name, members string
		want          fields
	}{
		{"what the standard says", `"id":"1","url":"/a","title":"A","content_html":"<p>x</p>","summary":"s & t","date_published":"2006-01-02T15:04:05+01:00","tags":["a","b"],"language":"fr"`,
			fields{"GUID": "1", "Link": "https://example.org/a", "Title": "A", "Content": "<p>x</p>", "Summary": "s &amp; t", "Full": true, "Tags": []string{"a", "b"}, "Language": "fr",
				"Published": time.Date(2006, 1, 2, 14, 4, 5, 0, time.UTC), "Authors": []string{"Feed Author"}}},
		{"number as id", `"id":12.5,"content_text":"x"`, fields{"GUID": "12.5"}},
		{"tags as text", `"id":"1","tags":"a, b,c"`, fields{"Tags": []string{"a", "b", "c"}}},
		{"tags as objects", `"id":"1","tags":[{"name":"a"},3,null]`, fields{"Tags": []string{"a", "3"}}},
		{"author as text", `"id":"1","author":"Jo"`, fields{"Authors": []string{"Jo"}}},
		{"author as object", `"id":"1","author":{"name":"Jo"}`, fields{"Authors": []string{"Jo"}}},
		{"authors as object", `"id":"1","authors":{"name":"Jo"}`, fields{"Authors": []string{"Jo"}}},
		{"attachment as object", `"id":"1","attachments":{"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":"12","duration_in_seconds":61.5}`,
			fields{"Enclosures": []caravan.Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 12}}, "Media": caravan.Media{Duration: 62 * time.Second}}},
		{"wrong types all over", `"id":["x"],"title":{"a":1},"url":3,"content_html":["x"],"date_published":{},"tags":{"a":"b"},"image":false,"attachments":"x"`, fields{"GUID": "", "Title": "", "Content": ""}},
		{"text content", `"id":"1","content_text":"a < b\nc\n\nd"`, fields{"Content": "<p>a &lt; b<br>c</p><p>d</p>"}},
		{"only an external address", `"id":"1","external_url":"https://other.example/"`, fields{"Link": "https://other.example/"}},
		{"id as address", `"id":"https://example.org/1"`, fields{"Link": "https://example.org/1"}},
		{"date without seconds", `"id":"1","date_published":"2018-01-06T08:00"`, fields{"Published": time.Date(2018, 1, 6, 8, 0, 0, 0, time.UTC)}},
		{"date in seconds", `"id":"1","date_published":1514862245`, fields{"Published": time.Date(2018, 1, 2, 3, 4, 5, 0, time.UTC)}},
		{"line break in a string", "\"id\":\"1\",\"title\":\"a\nb\",", fields{"Title": "a b"}},
		{"image", `"id":"1","banner_image":"/i.png"`, fields{"ImageURL": "https://example.org/i.png"}},
		{"escaped control character", `"id":"a\u0000b\u001f"`, fields{"GUID": "ab"}},
		{"half a pair", `"id":"1","title":"a\ud800b"`, fields{"Title": "a\uFFFDb"}},
	}
	for _, test := range tests {
		test.want.check(t, test.name, parseOne(t, jsonFeed(test.members)))
	}
}

func TestBrokenJSONGivesWhatIsComplete(t *testing.T) {
	const head = `{"version":"https://jsonfeed.org/version/1","items":[{"title":"a"},{"title":"b"}`
	tests := []struct {
		name, body string
		want       []string
		damaged    bool
	}{
		{"whole", head + `]}`, []string{"a", "b"}, false},
		{"commas too many", head + `,],}`, []string{"a", "b"}, false},
		{"cut between items", head, []string{"a", "b"}, true},
		{"cut inside an item", head + `,{"title":"c","content_html":"<p>`, []string{"a", "b"}, true},
		{"cut after a backslash", head + `,{"title":"c\`, []string{"a", "b"}, true},
		{"cut behind the items", head + `],"title":"x`, []string{"a", "b"}, true},
		{"an item that is none", head + `,7,"x",null,{"title":"c"}]}`, []string{"a", "b", "c"}, true},
		{"junk between", head + `:::}}{"title":"c"}]}`, []string{"a", "b", "c"}, false},
		{"a guard first", ")]}',\n" + head + `]}`, []string{"a", "b"}, false},
		{"no version", `{"title":"T","items":[{"title":"a","content_text":"x"}]}`, []string{"a"}, false},
		{"something behind", head + `]} trailing`, []string{"a", "b"}, false},
	}
	for _, test := range tests {
		doc, err := Parse([]byte(test.body), Options{})
		if err != nil || !reflect.DeepEqual(titles(doc.Items), test.want) || doc.Damaged != test.damaged {
			t.Errorf("%s: %q, damaged %v, %v, want %q, %v", test.name, titles(doc.Items), doc.Damaged, err, test.want, test.damaged)
		}
	}
}
