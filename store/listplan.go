package store

import (
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
	"time"

	"caravan"
)

// This file holds the decisions of taking over a source list: functions over
// values, which [Store.SyncList] asks.

// A wanted source is what a list says of one source: its first line, and the
// folders it stands in.
type wanted struct {
	id      int64 // of the known source; 0 for a new one
	line    caravan.ListSource
	keys    []string // the addresses of all its lines
	folders []int    // indexes of the list's communities, the primary one first
}

// resolve joins the lines of a list that are one source, and finds the sources
// that are known: by any address they ever had, or its twin under the other of
// http and https.
func resolve(list caravan.List, aliases map[string]int64) []wanted {
	var out []wanted
	byKey, byID := map[string]int{}, map[int64]int{}
	for folder, c := range list.Communities {
		for _, line := range c.Sources {
			key, twin := caravan.SourceKey(line.URL), caravan.TwinKey(line.URL)
			id := aliases[key]
			if id == 0 {
				id = aliases[twin]
			}
			i, ok := byKey[key]
			if !ok {
				i, ok = byKey[twin]
			}
			if !ok && id != 0 {
				i, ok = byID[id]
			}
			if !ok {
				i = len(out)
				out = append(out, wanted{id: id, line: line})
			}
			byKey[key] = i
			if id != 0 {
				byID[id] = i
			}
			w := &out[i]
			if !slices.Contains(w.keys, key) {
				w.keys = append(w.keys, key)
			}
			if !slices.Contains(w.folders, folder) {
				w.folders = append(w.folders, folder)
			}
		}
	}
	return out
}

// A folderRow is a community as stored.
type folderRow struct {
	id          int64
	slug, title string
	listed      bool
	mark        mark
	sources     []int64 // that are its members
}

// matchFolders finds the stored community of each of the list's: the one of
// the same title, else a listed one whose title is gone and of whose sources
// the folder holds more than half: it was renamed. 0 stands for a new one.
func matchFolders(list caravan.List, wants []wanted, stored []folderRow) []int64 {
	out := make([]int64, len(list.Communities))
	taken := map[int64]bool{}
	for i, c := range list.Communities {
		for _, f := range stored {
			if f.title == folderTitle(c) && !taken[f.id] {
				out[i], taken[f.id] = f.id, true
				break
			}
		}
	}
	held := make([]map[int64]bool, len(list.Communities))
	for i := range held {
		held[i] = map[int64]bool{}
	}
	for _, w := range wants {
		for _, folder := range w.folders {
			held[folder][w.id] = true
		}
	}
	for i := range list.Communities {
		if out[i] != 0 {
			continue
		}
		for _, f := range stored {
			if f.listed && !taken[f.id] && holdsMost(held[i], f.sources) {
				out[i], taken[f.id] = f.id, true
				break
			}
		}
	}
	return out
}

func holdsMost(held map[int64]bool, sources []int64) bool {
	n := 0
	for _, s := range sources {
		if held[s] {
			n++
		}
	}
	return 2*n > len(sources)
}

// folderTitle returns the title of a folder: its path, "A / B".
func folderTitle(c caravan.ListCommunity) string { return strings.Join(c.Path, " / ") }

// freeSlug returns the first of slug, slug-2, slug-3 … that is not taken.
func freeSlug(slug string, taken map[string]bool) string {
	if !taken[slug] {
		return slug
	}
	for n := 2; ; n++ {
		if s := slug + "-" + itoa(n); !taken[s] {
			return s
		}
	}
}

// sourceSlug returns the slug that a new source wishes: the line's own, else
// its title, else its host and path.
func sourceSlug(line caravan.ListSource) string {
	if line.Settings.Slug != "" {
		return caravan.Slug(line.Settings.Slug, "s")
	}
	if line.Title != "" {
		return caravan.Slug(line.Title, "s")
	}
	u, err := url.Parse(line.URL)
	if err != nil || u.Host == "" {
		return caravan.Slug(caravan.RedactURL(line.URL), "s")
	}
	return caravan.Slug(hostName(line.URL)+" "+u.Path, "s")
}

// A mark is the sign of a community: one of 24 shapes in one of 10 hues.
type mark struct{ glyph, hue int }

const (
	glyphs = 24
	hues   = 10
)

// assignMark gives a community seen for the first time its mark, beside the
// marks that are taken. Up to 24 communities no shape is used twice, and no
// hue more often than need be; beyond, no pair of both.
func assignMark(slug string, taken []mark) mark {
	h := fnv.New32a()
	h.Write([]byte(slug))
	sum := h.Sum32()
	usedGlyph, usedPair := [glyphs]int{}, map[mark]bool{}
	usedHue := [hues]int{}
	for _, m := range taken {
		usedGlyph[m.glyph%glyphs]++
		usedHue[m.hue%hues]++
		usedPair[m] = true
	}
	m := mark{glyph: int(sum % glyphs), hue: int(sum >> 8 % hues)}
	if len(taken) < glyphs {
		for usedGlyph[m.glyph] > 0 {
			m.glyph = (m.glyph + 1) % glyphs
		}
	}
	least := slices.Min(usedHue[:])
	for usedHue[m.hue] > least {
		m.hue = (m.hue + 1) % hues
	}
	for i := 1; usedPair[m] && i < glyphs*hues; i++ {
		m.hue = (m.hue + 1) % hues
		if i%hues == 0 {
			m.glyph = (m.glyph + 1) % glyphs
		}
	}
	return m
}

// confirmAfter is how long after a refused list the same one counts as a
// confirmation when it is given again.
const confirmAfter = 10 * time.Second

// A refusal is a list whose removals wait to be accepted.
type refusal struct {
	Hash  string
	Since time.Time
}

// mayRemove decides whether so many of the listed sources may be removed by a
// list with the hash given. again says that this process has refused the very
// list before: a restart is no confirmation.
func mayRemove(removed, listed int, hash string, refused refusal, again bool, now time.Time) bool {
	if 2*removed <= listed {
		return true
	}
	return again && refused.Hash == hash && now.Sub(refused.Since) >= confirmAfter
}
