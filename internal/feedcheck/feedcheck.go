// Package feedcheck judges JSON feeds, for tests: what the JSON Feed 1.1
// specification asks of a document and no installed program checks.
package feedcheck

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// JSON returns what is wrong with a JSON Feed 1.1 document, in sentences; none
// means that it is valid. Fields that the specification does not know must
// begin with an underscore.
func JSON(document []byte) []string {
	var doc map[string]any
	if err := json.Unmarshal(document, &doc); err != nil {
		return []string{err.Error()}
	}
	var c checker
	c.must(doc["version"] == "https://jsonfeed.org/version/1.1", "version is %v", doc["version"])
	c.must(isText(doc["title"]), "title is %v", doc["title"])
	c.must(isURL(doc["feed_url"]), "feed_url is %v", doc["feed_url"])
	c.must(doc["home_page_url"] == nil || isURL(doc["home_page_url"]), "home_page_url is %v", doc["home_page_url"])
	c.must(doc["next_url"] == nil || isURL(doc["next_url"]) && doc["next_url"] != doc["feed_url"], "next_url is %v", doc["next_url"])
	c.fields("feed", doc, "version title home_page_url feed_url description user_comment next_url icon favicon authors language expired hubs items")
	c.authors("feed", doc)
	items, ok := doc["items"].([]any)
	c.must(ok, "items is %T", doc["items"])
	seen := map[any]bool{}
	for i, v := range items {
		item, ok := v.(map[string]any)
		c.must(ok, "item %d is %T", i, v)
		c.must(!seen[item["id"]], "item %d has the id of another, %v", i, item["id"])
		seen[item["id"]] = true
		c.item(fmt.Sprintf("item %d", i), item)
	}
	return c.problems
}

// A checker collects problems.
type checker struct{ problems []string }

// must notes a problem unless ok.
func (c *checker) must(ok bool, format string, args ...any) {
	if !ok {
		c.problems = append(c.problems, fmt.Sprintf(format, args...))
	}
}

// item checks one item.
func (c *checker) item(name string, item map[string]any) {
	c.must(isText(item["id"]), "%s: id is %v", name, item["id"])
	c.must(isText(item["content_html"]) || isText(item["content_text"]), "%s has no content", name)
	for _, field := range []string{"url", "external_url", "image", "banner_image"} {
		c.must(item[field] == nil || isURL(item[field]), "%s: %s is %v", name, field, item[field])
	}
	for _, field := range []string{"date_published", "date_modified"} {
		date, isString := item[field].(string)
		_, err := time.Parse(time.RFC3339, date)
		c.must(item[field] == nil || isString && err == nil, "%s: %s is %v", name, field, item[field])
	}
	c.authors(name, item)
	attachments, _ := item["attachments"].([]any)
	for _, v := range attachments {
		a, _ := v.(map[string]any)
		c.must(isURL(a["url"]) && isText(a["mime_type"]), "%s: attachment %v", name, v)
	}
	c.fields(name, item, "id url external_url title content_html content_text summary image banner_image date_published date_modified authors tags language attachments")
}

// authors checks the authors of a feed or an item: version 1.1 has a list of
// objects.
func (c *checker) authors(name string, of map[string]any) {
	list, isList := of["authors"].([]any)
	c.must(of["authors"] == nil || isList, "%s: authors are %v", name, of["authors"])
	for _, v := range list {
		author, _ := v.(map[string]any)
		c.must(isText(author["name"]) || isURL(author["url"]) || isURL(author["avatar"]), "%s: author %v", name, v)
	}
}

// fields checks that of has no field besides the known ones and extensions.
func (c *checker) fields(name string, of map[string]any, known string) {
	for field := range of {
		c.must(strings.HasPrefix(field, "_") || slices.Contains(strings.Fields(known), field), "%s: unknown field %s", name, field)
	}
}

// isText reports whether v is a string that is not empty.
func isText(v any) bool {
	s, ok := v.(string)
	return ok && s != ""
}

// isURL reports whether v is an absolute address.
func isURL(v any) bool {
	s, ok := v.(string)
	u, err := url.Parse(s)
	return ok && err == nil && u.IsAbs()
}
