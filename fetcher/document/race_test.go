//go:build race

package document

// raceEnabled tells tests of time and memory that the race detector is on.
const raceEnabled = true
