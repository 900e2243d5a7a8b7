package main

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
)

// forgetAfter is how long the cache remembers a source that is not checked any
// more.
const forgetAfter = 90 * 24 * time.Hour

// A trialCache remembers trials from one check to the next, in the user's cache
// directory. Addresses are kept as hashes: some hold passwords.
type trialCache struct {
	path   string // empty means nothing is kept
	trials map[string]trial
}

// openTrialCache reads the cache. One that cannot be read is an empty one; where
// there is no place for a cache, the error says so.
func openTrialCache() (*trialCache, error) {
	c := &trialCache{trials: map[string]trial{}}
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
	if json.Unmarshal(data, &c.trials) != nil || c.trials == nil {
		c.trials = map[string]trial{}
	}
	return c, nil
}

// cacheKey is the name of an address in the cache.
func cacheKey(address string) string {
	sum := sha256.Sum256([]byte(caravan.SourceKey(address)))
	return hex.EncodeToString(sum[:16])
}

// get returns what is remembered of an address.
func (c *trialCache) get(address string) trial {
	t := c.trials[cacheKey(address)]
	t.By = "an earlier check"
	return t
}

// put remembers a trial.
func (c *trialCache) put(address string, t trial) { c.trials[cacheKey(address)] = t }

// save writes the cache, without what is too old to be of use.
func (c *trialCache) save(now time.Time) error {
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
	if err := replaceFile(c.path, data); err != nil {
		return fmt.Errorf("write cache: %w", err)
	}
	return nil
}
