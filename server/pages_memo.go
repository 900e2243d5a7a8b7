package server

import "sync"

// memoSize is how many values a memo keeps before it forgets all.
const memoSize = 64

// A memo keeps values that were computed from the store until the store has
// changed. The zero memo is empty and ready; it is safe for concurrent use.
type memo struct {
	mu     sync.Mutex
	values map[string]memoValue
}

type memoValue struct {
	version int64
	value   any
}

// get returns the value of key at the store's version, computing it when it is
// not known. Two callers may compute the same value at once; a failure is not
// kept.
func (m *memo) get(key string, version int64, compute func() (any, error)) (any, error) {
	m.mu.Lock()
	have, ok := m.values[key]
	m.mu.Unlock()
	if ok && have.version == version {
		return have.value, nil
	}
	value, err := compute()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil || len(m.values) >= memoSize {
		m.values = map[string]memoValue{}
	}
	m.values[key] = memoValue{version, value}
	return value, nil
}
