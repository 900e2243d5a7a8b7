package article

// Shape of a MinHash.
const (
	hashes       = 64
	shingleWords = 3
	fewestWords  = 48
	mostWords    = 5000
)

// A mixer is one of the hash functions x -> mul*x + add.
type mixer struct{ mul, add uint64 }

// mixers are the hash functions of a MinHash. They are part of what is
// stored: another set makes old and new values incomparable.
var mixers = func() (m [hashes]mixer) {
	state := uint64(0x6361726176616e) // "caravan"
	for i := range m {
		m[i].mul = splitmix(&state) | 1
		m[i].add = splitmix(&state)
	}
	return m
}()

// splitmix returns the next of a fixed sequence of well-mixed numbers.
func splitmix(state *uint64) uint64 {
	*state += 0x9e3779b97f4a7c15
	return mix(*state)
}

// mix scrambles x so that every bit depends on every other.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// minHash returns, for each of the hash functions, the least value over the
// shingles of words, which are given by their hashes. It is nil under 48
// words: short texts come close to each other by chance.
func minHash(words []uint64) []uint64 {
	if len(words) < fewestWords {
		return nil
	}
	var least [hashes]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for i := 0; i+shingleWords <= len(words); i++ {
		x := mix(words[i] + 3*words[i+1] + 7*words[i+2])
		for j := range least {
			least[j] = min(least[j], x*mixers[j].mul+mixers[j].add)
		}
	}
	return least[:]
}
