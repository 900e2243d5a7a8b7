//go:build !race

package article

// raceCost is how many times longer code takes under the race detector.
const raceCost = 1
