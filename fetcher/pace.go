package fetcher

import "time"

// A pace bounds how many polls start in a second, so that what has piled up
// while the program or the network was down does not go out at once.
type pace struct {
	rate   float64 // a second
	burst  float64
	budget float64
	last   time.Time
}

// newPace returns a pace with its whole burst at hand.
func newPace(rate float64, burst int, now time.Time) *pace {
	return &pace{rate: rate, burst: float64(burst), budget: float64(burst), last: now}
}

// allowance returns how many polls may start now.
func (p *pace) allowance(now time.Time) int {
	if passed := now.Sub(p.last).Seconds(); passed > 0 {
		p.budget = min(p.burst, p.budget+passed*p.rate)
	}
	p.last = now // also when the clock was set back
	return max(0, int(p.budget))
}

// take notes that n polls have started.
func (p *pace) take(n int) { p.budget -= float64(n) }

// next returns how long it takes until one more may start.
func (p *pace) next() time.Duration {
	if p.budget >= 1 {
		return 0
	}
	return time.Duration((1 - p.budget) / p.rate * float64(time.Second))
}
