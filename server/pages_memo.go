package server

import (
	"strconv"
	"sync"

	"golang.org/x/sync/singleflight"
)

// memoBytes is about how much a memo keeps.
const memoBytes = 32 << 20

// A memo keeps values that were computed from the store until the store has
// changed, up to a number of bytes. The zero memo is empty and ready; it is safe
// for concurrent use.
type memo struct {
	mu      sync.Mutex
	values  map[string]memoValue
	size    int
	flights singleflight.Group
}

type memoValue struct {
	version int64
	value   any
	size    int
}

// get returns the value of key at the store's version, computing it, with about
// how many bytes it takes, when it is not known. Callers who ask for the same
// value at once wait for one computation; a failure is not kept.
func (m *memo) get(key string, version int64, compute func() (any, int, error)) (any, error) {
	if value, ok := m.find(key, version); ok {
		return value, nil
	}
	value, err, _ := m.flights.Do(key+"\x00"+strconv.FormatInt(version, 10), func() (any, error) {
		if value, ok := m.find(key, version); ok {
			return value, nil
		}
		value, size, err := compute()
		if err != nil {
			return nil, err
		}
		m.put(key, memoValue{version, value, size})
		return value, nil
	})
	return value, err
}

func (m *memo) find(key string, version int64) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.values[key]
	return have.value, ok && have.version == version
}

// put keeps a value. Where there is no room, what is outdated goes first, then
// whatever comes.
func (m *memo) put(key string, v memoValue) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]memoValue{}
	}
	m.drop(key)
	if v.size > memoBytes/2 {
		return
	}
	for _, outdated := range []bool{true, false} {
		for other, have := range m.values {
			if m.size+v.size > memoBytes && (have.version < v.version || !outdated) {
				m.drop(other)
			}
		}
	}
	m.values[key] = v
	m.size += v.size
}

// drop forgets a value. The lock is held.
func (m *memo) drop(key string) {
	m.size -= m.values[key].size
	delete(m.values, key)
}
