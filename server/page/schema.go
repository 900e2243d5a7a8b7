package page

// Schema returns what schema.org wants to know of a page, to be printed as JSON
// by the template.
func Schema(g *Graph) map[string]any {
	kind := "WebSite"
	if g.Type == "article" {
		kind = "Article"
	}
	s := map[string]any{"@context": "https://schema.org", "@type": kind, "headline": g.Title, "url": g.URL}
	add := func(name, value string) {
		if value != "" {
			s[name] = value
		}
	}
	add("datePublished", g.Published)
	add("dateModified", g.Modified)
	add("inLanguage", g.Language)
	add("isBasedOn", g.Original)
	if g.Publisher != "" {
		s["publisher"] = map[string]any{"@type": "Organization", "name": g.Publisher}
	}
	var authors []any
	for _, name := range g.Author {
		authors = append(authors, map[string]any{"@type": "Person", "name": plain(name)})
	}
	if len(authors) > 0 {
		s["author"] = authors
	}
	return s
}
