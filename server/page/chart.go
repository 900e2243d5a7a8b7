package page

import (
	"strings"
	"time"

	"caravan"
)

// daily spreads counts over the n days that end with the day of now, oldest
// first.
func daily(counts []caravan.DayCount, now time.Time, n int) []int {
	bars := make([]int, n)
	today := day(now.UTC())
	for _, c := range counts {
		ago := daysBetween(c.Day.UTC(), today)
		if ago >= 0 && ago < n {
			bars[n-1-ago] += c.Count
		}
	}
	return bars
}

// monthly spreads counts over the n months that end with the month of now,
// oldest first.
func monthly(counts []caravan.DayCount, now time.Time, n int) []int {
	bars := make([]int, n)
	now = now.UTC()
	for _, c := range counts {
		d := c.Day.UTC()
		ago := (now.Year()-d.Year())*12 + int(now.Month()) - int(d.Month())
		if ago >= 0 && ago < n {
			bars[n-1-ago] += c.Count
		}
	}
	return bars
}

// sum adds up bars.
func sum(bars []int) int {
	total := 0
	for _, n := range bars {
		total += n
	}
	return total
}

// scale maps a bar to a height between 1 and top; nothing stays nothing.
func scale(n, most, top int) int {
	if n <= 0 || most <= 0 {
		return 0
	}
	return max(1, (n*top+most/2)/most)
}

func most(bars []int) int {
	m := 0
	for _, n := range bars {
		m = max(m, n)
	}
	return m
}

// spark draws bars as one path of vertical strokes, three units apart and 16
// high, in a box of 17 units' height.
func spark(bars []int) string {
	var b strings.Builder
	top := most(bars)
	for i, n := range bars {
		if n > 0 {
			b.WriteString("M" + itoa(1+3*i) + " 17v-" + itoa(scale(n, top, 16)))
		}
	}
	return b.String()
}

// columns draws bars as one path of blocks eight wide and ten apart, 16 high.
func columns(bars []int) string {
	var b strings.Builder
	top := most(bars)
	for i, n := range bars {
		if h := itoa(scale(n, top, 16)); n > 0 {
			b.WriteString("M" + itoa(1+10*i) + " 16v-" + h + "h8v" + h)
		}
	}
	return b.String()
}
