package page

import (
	"net/url"
	"sort"
	"strconv"
	"time"

	"caravan"
)

// Years is the histogram of what was found by year.
type Years struct {
	Bars       []YearBar
	From, To   string // values of the form
	Min, Max   string
	Width      int
	Clear      string
	Hidden     []Field
	FromAction string
}

// A YearBar is one year's column.
type YearBar struct {
	Label                     string
	Short                     string
	Href                      string
	In                        bool
	X, BarX, Y, Height, TextX int
}

// years makes the histogram: eleven columns at most, wider spans beyond.
func (b *builder) years(in SearchInput, query url.Values) *Years {
	counts := map[int]int{}
	for _, v := range in.Result.Facets.Year {
		if y, err := strconv.Atoi(v.Value); err == nil && y > 1970 {
			counts[y] += v.Count
		}
	}
	from, to := yearsOf(in.Request.Filter)
	if len(counts) == 0 || len(counts) == 1 && from == 0 {
		return nil
	}
	all := make([]int, 0, len(counts))
	for y := range counts {
		all = append(all, y)
	}
	sort.Ints(all)
	first, last := all[0], all[len(all)-1]
	step := 1
	for _, s := range []int{1, 2, 5, 10, 25} {
		step = s
		if (last-first/s*s)/s+1 <= 11 {
			break
		}
	}
	first = first / step * step
	v := &Years{From: itoa(first), To: itoa(last), Min: itoa(first), Max: itoa(last)}
	if from > 0 {
		v.From, v.To = itoa(max(from, first)), itoa(min(to, last))
		v.Clear = b.href("/search", with(with(query, "after", ""), "before", ""))
	}
	v.Bars = b.yearBars(yearSpan{first, last, step, from, to}, counts, query)
	v.Width = max(264, 24*len(v.Bars))
	v.FromAction = b.Root + "/search"
	v.Hidden = fields(query, "q", "community", "source", "language", "tag", "sort", "plain", "exact", "typed")
	return v
}

// A yearSpan is what a histogram covers and what of it is chosen; from is 0
// when no years are.
type yearSpan struct{ first, last, step, from, to int }

// yearBars draws the columns. Without a range a column sets its span; with one
// span set another column makes the range; a range starts again.
func (b *builder) yearBars(s yearSpan, counts map[int]int, query url.Values) []YearBar {
	var heights []int
	for y := s.first; y <= s.last; y += s.step {
		n := 0
		for i := range s.step {
			n += counts[y+i]
		}
		heights = append(heights, n)
	}
	top := most(heights)
	var bars []YearBar
	for i, n := range heights {
		y := s.first + i*s.step
		end := y + s.step - 1
		from, to := y, end
		if s.from > 0 && s.to-s.from < s.step {
			from, to = min(s.from, y), max(s.to, end)
		}
		h := max(1, scale(n, top, 58))
		label := itoa(y)
		if s.step > 1 {
			label += "–" + itoa(end)
		}
		q := with(with(query, "after", itoa(from)+"-01-01"), "before", itoa(to+1)+"-01-01")
		bars = append(bars, YearBar{
			Label: b.Lang.T("search.year-label", label, n), Short: "’" + itoa(y)[2:], Href: b.href("/search", q),
			In: s.from == 0 || end >= s.from && y <= s.to,
			X:  24 * i, BarX: 24*i + 3, Y: 64 - h, Height: h, TextX: 24*i + 12,
		})
	}
	return bars
}

// yearsOf returns the years a filter is bounded by, or zeros.
func yearsOf(f caravan.Filter) (from, to int) {
	if f.After.IsZero() && f.Before.IsZero() {
		return 0, 0
	}
	from, to = 1, 9999
	if !f.After.IsZero() {
		from = f.After.Year()
	}
	if !f.Before.IsZero() {
		to = f.Before.Add(-time.Nanosecond).Year()
	}
	return from, to
}
