package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"caravan"
)

// Kinds of identity key, as they enter the hash.
const (
	kindGUID        = 'g'
	kindLink        = 'l'
	kindFingerprint = 'f'
	kindFeedID      = 'i' // of an id in feeds, which is no key
)

// keyHashes are the hashes of an item's identity keys, strongest first; 0 for
// a key it does not have.
type keyHashes [3]int64

// hashKeys returns the hashes of k.
func hashKeys(k caravan.Keys) keyHashes {
	var h keyHashes
	for i, key := range []struct {
		kind byte
		text string
	}{{kindGUID, k.GUID}, {kindLink, k.Link}, {kindFingerprint, k.Fingerprint}} {
		if key.text != "" {
			h[i] = hash64(key.kind, key.text)
		}
	}
	return h
}

// A known item is one of the source that may come again.
type known struct {
	member
	full    bool // its body is loaded
	touched bool // an item of this document was it already
}

// knowledge is what is stored of a source and shares a key with a document.
type knowledge struct {
	source  int64
	partial bool // the document is a part of the feed
	byHash  map[int64][]*known
}

// know loads what is stored of a source and shares a key with the items.
func (u *unit) know(ctx context.Context, source int64, items []caravan.Item) (*knowledge, error) {
	k := &knowledge{source: source, byHash: map[int64][]*known{}}
	var hashes []int64
	for _, it := range items {
		for _, h := range hashKeys(it.Keys) {
			if h != 0 {
				hashes = append(hashes, h)
			}
		}
	}
	type alias struct{ hash, item int64 }
	var aliases []alias
	seen := map[int64]*known{}
	var ids []int64
	for part := range chunks(hashes, 512) {
		p := params{source}
		err := each(ctx, u, func(rows *sql.Rows) error {
			var a alias
			if err := rows.Scan(&a.hash, &a.item); err != nil {
				return err
			}
			aliases = append(aliases, a)
			if _, ok := seen[a.item]; !ok {
				seen[a.item] = nil
				ids = append(ids, a.item)
			}
			return nil
		}, `SELECT DISTINCT hash, item_id FROM item_keys WHERE source_id = $1 AND hash IN `+list(&p, part)+` ORDER BY item_id`, p...)
		if err != nil {
			return nil, err
		}
	}
	for part := range chunks(ids, 512) {
		var p params
		members, err := selectMembers(ctx, u, `WHERE i.id IN `+list(&p, part), p...)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			seen[m.id] = &known{member: m}
		}
	}
	for _, a := range aliases {
		k.add(a.hash, seen[a.item])
	}
	return k, nil
}

// add notes that an item is known under a hash, and reports whether it was not
// before.
func (k *knowledge) add(hash int64, item *known) bool {
	for _, have := range k.byHash[hash] {
		if have == item {
			return false
		}
	}
	k.byHash[hash] = append(k.byHash[hash], item)
	return true
}

// candidates returns the stored items that share a key with an item, those by
// the strongest key first. Each is shown under the very keys that it shares,
// as it may be known under several of a kind.
func (k *knowledge) candidates(it caravan.Item) []*known {
	var out []*known
	seen := map[*known]bool{}
	hashes := hashKeys(it.Keys)
	for i, h := range hashes {
		if h == 0 {
			continue
		}
		for _, c := range k.byHash[h] {
			if k.partial && !k.certain(hashes, i, c) {
				continue
			}
			switch i {
			case 0:
				c.item.Keys.GUID = it.Keys.GUID
			case 1:
				c.item.Keys.Link = it.Keys.Link
			default:
				c.item.Keys.Fingerprint = it.Keys.Fingerprint
			}
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// certain reports whether an item in a part of a document may be a stored one
// that has its i-th key. Which links and words do not tell a source's items apart
// is seen in a whole document; in a part of one only the strongest key tells, or
// link and words together.
func (k *knowledge) certain(hashes keyHashes, i int, c *known) bool {
	strongest := slices.IndexFunc(hashes[:], func(h int64) bool { return h != 0 })
	return i == strongest || strongest == 0 && slices.Contains(k.byHash[hashes[1]], c) && slices.Contains(k.byHash[hashes[2]], c)
}

// strongest returns the one key that counts in a part of a document.
func strongest(k caravan.Keys) caravan.Keys {
	switch {
	case k.GUID != "":
		return caravan.Keys{GUID: k.GUID}
	case k.Link != "":
		return caravan.Keys{Link: k.Link}
	}
	return caravan.Keys{Fingerprint: k.Fingerprint}
}

// plainly returns the candidate that is the item beyond doubt: known by its
// strongest key, unchanged, or emptied so that there is nothing to compare.
func plainly(it caravan.Item, candidates []*known) *known {
	for _, c := range candidates {
		if c.item.Title == it.Title && c.item.Keys.Content == it.Keys.Content && sameStrongest(it.Keys, c.item.Keys) {
			return c
		}
	}
	for _, c := range candidates {
		if c.emptied {
			return c
		}
	}
	return nil
}

// sameStrongest reports whether two items agree in the strongest key that a has.
func sameStrongest(a, b caravan.Keys) bool {
	switch {
	case a.GUID != "":
		return a.GUID == b.GUID
	case a.Link != "":
		return a.Link == b.Link
	}
	return a.Fingerprint != "" && a.Fingerprint == b.Fingerprint
}

// recognise returns the stored item that an item is, nil when it is new.
func (u *unit) recognise(ctx context.Context, k *knowledge, it caravan.Item) (*known, error) {
	candidates := k.candidates(it)
	if len(candidates) == 0 {
		return nil, nil
	}
	if c := plainly(it, candidates); c != nil {
		return c, nil
	}
	items := make([]caravan.Item, len(candidates))
	for i, c := range candidates {
		if err := u.loadBody(ctx, c); err != nil {
			return nil, err
		}
		items[i] = c.item
	}
	if i, ok := u.cfg.Match(it, items); ok {
		return candidates[i], nil
	}
	return nil, nil
}

// loadBody loads text, content and MinHash of a known item, once.
func (u *unit) loadBody(ctx context.Context, c *known) error {
	if c.full {
		return nil
	}
	var packed, minhash []byte
	if err := one(ctx, u, []any{&packed, &minhash}, `SELECT body, minhash FROM item_bodies WHERE item_id = $1`, c.id); err != nil {
		return err
	}
	b, err := unpack(packed)
	if err != nil {
		return err
	}
	c.full = true
	c.item.Text, c.item.Content, c.item.Raw, c.item.Links, c.item.MinHash = b.text, b.html, b.raw, b.links, unpackMinHash(minhash)
	return nil
}

// publicKey returns the key that the public id of an item with keys k is made
// from at the given try, from 0: where an id is taken, the link and then the
// fingerprint is added.
func publicKey(k caravan.Keys, try int) string {
	key := k.IdentityKey()
	if try >= 1 {
		key += "\x00link:" + k.Link
	}
	if try >= 2 {
		key += "\x00text:" + k.Fingerprint
	}
	for ; try > 2; try-- { // the same article, word for word, again
		key += "\x00again"
	}
	return key
}

// giveIDs decides the public id of a new item and its id in feeds.
func (u *unit) giveIDs(ctx context.Context, firstURL string, it *caravan.Item) error {
	taken := func(column string, id any) (bool, error) {
		var row int64
		err := one(ctx, u, []any{&row}, `SELECT id FROM items WHERE `+column+` = $1`, id)
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		return true, err
	}
	own := ""
	if caravan.ValidFeedID(it.GUID) {
		used, err := taken("feed_hash", hash64(kindFeedID, it.GUID))
		if err != nil {
			return err
		}
		if !used {
			own = it.GUID
		}
	}
	for try := 0; ; try++ {
		key := publicKey(it.Keys, try)
		it.ID, it.FeedID = caravan.PublicID(firstURL, key), own
		used, err := taken("public_id", it.ID)
		if err == nil && !used && own == "" {
			it.FeedID = caravan.FeedUUID(firstURL, key)
			used, err = taken("feed_hash", hash64(kindFeedID, it.FeedID))
		}
		if err != nil || !used {
			return err
		}
	}
}
