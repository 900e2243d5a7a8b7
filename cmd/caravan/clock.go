package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"caravan"
	"caravan/internal/wait"
)

// A clock may run faster than time does, for drills: a simulated week in
// minutes. Safe for concurrent use.
type clock struct {
	real  func() time.Time
	start time.Time
	speed float64 // seconds that pass in one
}

// steady is the clock that goes as time does.
func steady(real func() time.Time) clock { return clock{real: real, speed: 1} }

// openClock returns a clock of the given speed. Its start is kept in dir, so
// that a restart does not set it back.
func openClock(dir string, speed float64, real func() time.Time) (clock, error) {
	if speed == 1 {
		return steady(real), nil
	}
	if speed < 1 || speed > 1e6 {
		return clock{}, usageError{fmt.Errorf("--clock-speed %g: want 1 to 1000000", speed)}
	}
	name := filepath.Join(dir, "clock")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return clock{}, fmt.Errorf("make data directory: %w", err)
		}
		start := real().UTC()
		if err := os.WriteFile(name, []byte(start.Format(time.RFC3339Nano)+"\n"), 0o600); err != nil {
			return clock{}, fmt.Errorf("keep start of clock: %w", err)
		}
		return clock{real: real, start: start, speed: speed}, nil
	}
	if err != nil {
		return clock{}, fmt.Errorf("read start of clock: %w", err)
	}
	start, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
	if err != nil {
		return clock{}, fmt.Errorf("read start of clock %s (remove the file to start anew): %w", name, err)
	}
	return clock{real: real, start: start, speed: speed}, nil
}

// now is what the clock shows.
func (c clock) now() time.Time {
	if c.speed == 1 {
		return c.real()
	}
	return c.start.Add(time.Duration(float64(c.real().Sub(c.start)) * c.speed))
}

// wait waits until d has passed on the clock, or ctx ends.
func (c clock) wait(ctx context.Context, d time.Duration) error {
	return wait.For(ctx, time.Duration(float64(d)/c.speed))
}

// fastOnlyInPrivate returns a check that no publisher on the public web meets a
// clock that runs fast: every source must lie where allowed says yes.
func fastOnlyInPrivate(speed float64, allowed func(url string) bool) func(caravan.List) error {
	return func(list caravan.List) error {
		if speed == 1 {
			return nil
		}
		addresses := slices.Clone(list.Includes)
		for _, c := range list.Communities {
			for _, s := range c.Sources {
				addresses = append(addresses, s.URL)
			}
		}
		for _, address := range addresses {
			if !allowed(address) {
				return fmt.Errorf("--clock-speed is for drills on ranges that --allow-private names; %s is not in one", caravan.RedactURL(address))
			}
		}
		return nil
	}
}
