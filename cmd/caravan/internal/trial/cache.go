package trial

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"caravan"
	"caravan/cmd/caravan/internal/replace"
)

// forgetAfter is how long the cache remembers a source that is not checked any
// more.
const forgetAfter = 90 * 24 * time.Hour

// A Cache remembers trials from one check to the next, in the user's cache
// directory. Addresses are kept as hashes: some hold passwords. The zero value
// remembers for as long as it lives. It is for one goroutine.
type Cache struct {
	path   string // empty means nothing is kept
	trials map[string]Trial
}

// OpenCache reads the cache. One that cannot be read is an empty one; where
// there is no place for a cache, the error says so.
func OpenCache() (*Cache, error) {
	c := &Cache{}
	dir, err := os.UserCacheDir()
	if err != nil {
		return c, fmt.Errorf("find cache directory: %w", err)
	}
	c.path = filepath.Join(dir, "caravan", "check.json")
	data, err := os.ReadFile(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fmt.Errorf("read cache: %w", err)
	}
	if json.Unmarshal(data, &c.trials) != nil {
		c.trials = nil
	}
	return c, nil
}

// cacheKey is the name of an address in the cache.
func cacheKey(address string) string {
	sum := sha256.Sum256([]byte(caravan.SourceKey(address)))
	return hex.EncodeToString(sum[:16])
}

// Get returns what is remembered of an address.
func (c *Cache) Get(address string) Trial {
	t := c.trials[cacheKey(address)]
	t.By = "an earlier check"
	return t
}

// Put remembers a trial.
func (c *Cache) Put(address string, t Trial) {
	if c.trials == nil {
		c.trials = map[string]Trial{}
	}
	c.trials[cacheKey(address)] = t
}

// Len returns how many trials are remembered.
func (c *Cache) Len() int { return len(c.trials) }

// Save writes the cache, without what is too old to be of use.
func (c *Cache) Save(now time.Time) error {
	if c.path == "" {
		return nil
	}
	for key, t := range c.trials {
		if now.Sub(t.At) > forgetAfter {
			delete(c.trials, key)
		}
	}
	data, err := json.Marshal(c.trials)
	if err != nil {
		return fmt.Errorf("write cache: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(c.path), 0o700); err != nil {
		return fmt.Errorf("write cache: %w", err)
	}
	if err := replace.File(c.path, data); err != nil {
		return fmt.Errorf("write cache: %w", err)
	}
	return nil
}
