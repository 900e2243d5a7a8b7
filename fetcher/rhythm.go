package fetcher

import (
	"slices"
	"time"

	"caravan"
)

// Rhythm is the usual time between a source's posts: the median of the gaps
// between the dates of its newest items. Posts of one sitting, less than an hour
// apart, count as one, unless that is how the source always posts. Zero means
// that too few dates are known.
func Rhythm(items []caravan.Item, now time.Time) time.Duration {
	const newest = 20
	var dates []time.Time
	for _, item := range items {
		if !item.Published.IsZero() && !item.Published.After(now) {
			dates = append(dates, item.Published)
		}
	}
	slices.SortFunc(dates, func(a, b time.Time) int { return b.Compare(a) })
	dates = dates[:min(len(dates), newest)]
	var gaps []time.Duration
	for i := 1; i < len(dates); i++ {
		if gap := dates[i-1].Sub(dates[i]); gap >= time.Hour {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) < 2 {
		if n := len(dates); n >= 5 && dates[0].Sub(dates[n-1]) >= 3*time.Hour {
			return time.Hour
		}
		return 0
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}
