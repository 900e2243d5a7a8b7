package page

import (
	"html/template"
	"net/url"
	"strings"

	"caravan/server/locale"
)

// A Loose query is one with a condition taken away.
type Loose struct {
	HTML  template.HTML
	Href  string
	Count int
}

// A BadQuery shows where a query cannot be understood.
type BadQuery struct {
	Message             string
	Where               string
	Before, Mark, After string
	Pad                 string
	Label               string
	Repairs             []Link
	Plain               Link
}

// nothing explains an empty result and offers the query with one condition less.
func (b *builder) nothing(v *Search, in SearchInput, query url.Values) {
	l := b.Lang
	v.NoneText = l.T("search.none-text")
	if !in.Oldest.IsZero() {
		v.Oldest = l.T("search.oldest", l.Date(in.Oldest.In(b.Zone)))
	}
	for _, r := range in.Result.Relaxed {
		if r.Total == 0 {
			continue
		}
		q := values(r.Filter)
		if r.Query != "" {
			q.Set("q", r.Query)
		}
		for _, name := range []string{"sort", "plain", "exact"} {
			if value := query.Get(name); value != "" {
				q.Set(name, value)
			}
		}
		text := l.HTML("search.without", nil, r.Dropped)
		switch {
		case r.Quoted:
			text = l.HTML("search.as-phrase", nil, r.Query)
			q.Del("plain") // the query has an operator now
		case r.Dropped == "":
			text = l.HTML("search.any-word", nil)
			q.Del("plain")
		}
		v.Loosen = append(v.Loosen, Loose{HTML: text, Href: b.href("/search", q), Count: r.Total})
	}
	switch {
	case in.Result.Common:
		v.NoneText = l.T("search.none-common")
	case len(v.Loosen) > 0:
		v.NoneText = l.T("search.none-loosen")
	}
	for _, condition := range in.Result.Unknown {
		v.Unknown = append(v.Unknown, l.HTML("search.unknown", nil, condition))
		if strings.HasPrefix(condition, "language:") {
			v.Unknown = append(v.Unknown, l.HTML("search.language-code", nil))
		}
	}
	for _, near := range in.Result.Also {
		if n := in.Counts[countKey(near, true)]; n > 0 {
			v.Near = append(v.Near, Link{Text: near, Href: b.href("/search", url.Values{"q": {near}}), Count: n})
		}
	}
}

// badQuery shows the mistake in a query, 20 characters on either side of it.
func (b *builder) badQuery(in SearchInput) *BadQuery {
	const around = 20
	l, e := b.Lang, in.Err
	runes := []rune(e.Query)
	if e.Query == "" {
		runes = []rune(in.Request.Query)
	}
	at := min(max(0, e.Position), len(runes))
	from, to := max(0, at-around), min(len(runes), at+1+around)
	bad := &BadQuery{Message: l.Said(string(e.Code), e.Args, locale.Capital(e.Message)), Where: l.T("search.at-character", at+1)}
	bad.Before = oneLine(string(runes[from:at]))
	if from > 0 {
		bad.Before = "…" + bad.Before
	}
	if at < len(runes) {
		bad.Mark = oneLine(string(runes[at]))
		bad.After = oneLine(string(runes[at+1 : to]))
	}
	if to < len(runes) {
		bad.After += "…"
	}
	bad.Pad = strings.Repeat(" ", len([]rune(bad.Before)))
	bad.Label = l.T("search.caret-label", at+1)
	query := b.searchValues(in.Request)
	for _, repair := range e.Repairs {
		bad.Repairs = append(bad.Repairs, Link{Text: repair, Href: b.href("/search", with(query, "q", repair)), Count: in.Counts[countKey(repair, in.Request.Plain)]})
	}
	if n, ok := in.Counts[countKey(in.Request.Query, true)]; ok && !in.Request.Plain {
		bad.Plain = Link{Href: b.href("/search", with(query, "plain", "1")), Count: n}
	}
	return bad
}

// oneLine keeps a piece of a query on one line without changing its length.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return ' '
		}
		return r
	}, s)
}
