package server

import (
	"container/list"
	"context"
	"strconv"
	"sync"
)

// memoBytes is about how much a memo keeps.
const memoBytes = 32 << 20

// memoOverhead is about how much a value takes beside itself and its key.
const memoOverhead = 256

// A memo keeps values that were computed from the store until the store has
// changed, up to a number of bytes, the least recently used going first. The zero
// memo is empty and ready; it is safe for concurrent use.
type memo struct {
	mu      sync.Mutex
	order   list.List // of *memoValue, most recently used first
	byKey   map[string]*list.Element
	size    int
	flights flights[any]
}

// A memoValue is a value that is kept, with about how many bytes that takes.
type memoValue struct {
	key     string
	version int64
	value   any
	size    int
}

// get returns the value of key at the store's version, computing it, with about
// how many bytes it takes, when it is not known. Callers who ask for the same
// value at once wait for one computation, which ends with the last of them; a
// failure is not kept.
func (m *memo) get(ctx context.Context, key string, version int64, compute func(context.Context) (any, int, error)) (any, error) {
	if value, ok := m.find(key, version); ok {
		return value, nil
	}
	return m.flights.do(ctx, key+"\x00"+strconv.FormatInt(version, 10), func(ctx context.Context) (any, error) {
		if value, ok := m.find(key, version); ok {
			return value, nil
		}
		value, size, err := compute(ctx)
		if err != nil {
			return nil, err
		}
		m.put(&memoValue{key, version, value, size})
		return value, nil
	})
}

// find returns what is kept under key, if it is of version.
func (m *memo) find(key string, version int64) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.byKey[key]
	if !ok || e.Value.(*memoValue).version != version {
		return nil, false
	}
	m.order.MoveToFront(e)
	return e.Value.(*memoValue).value, true
}

// put keeps a value, and lets go of what no longer fits. What is outdated is not
// asked for, and goes in time.
func (m *memo) put(v *memoValue) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey == nil {
		m.byKey = map[string]*list.Element{}
	}
	if e, ok := m.byKey[v.key]; ok {
		m.drop(e)
	}
	v.size += len(v.key) + memoOverhead
	if v.size > memoBytes/2 {
		return
	}
	m.byKey[v.key] = m.order.PushFront(v)
	m.size += v.size
	for m.size > memoBytes {
		m.drop(m.order.Back())
	}
}

// drop forgets a value. The lock is held.
func (m *memo) drop(e *list.Element) {
	v := m.order.Remove(e).(*memoValue)
	m.size -= v.size
	delete(m.byKey, v.key)
}
