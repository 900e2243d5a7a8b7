package caravan

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// base32lower is RFC 4648 base32 in lower case: safe in addresses and easy to
// read out.
var base32lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// IdentityKey returns the key that the public id of an item with keys k is made
// from: its strongest mark, prefixed with its kind so that a GUID never equals
// a link. Further parts are added by the caller where the id is taken.
func (k Keys) IdentityKey() string {
	switch {
	case k.GUID != "":
		return "guid:" + k.GUID
	case k.Link != "":
		return "link:" + k.Link
	default:
		return "text:" + k.Fingerprint
	}
}

// PublicID makes the id of an item in addresses, JSON and exports: 16
// characters of lower-case base32, 80 bits of SHA-256 over the first address of
// its source and its identity key.
func PublicID(firstURL, key string) string {
	sum := sha256.Sum256([]byte(firstURL + "\x00" + key))
	return base32lower.EncodeToString(sum[:10])
}

// ValidPublicID reports whether id has the form of a public id.
func ValidPublicID(id string) bool {
	if len(id) != 16 {
		return false
	}
	_, err := base32lower.DecodeString(id)
	return err == nil
}

// FeedUUID makes an item's id in feeds where the publisher's own will not do:
// a urn:uuid of version 5 (RFC 9562) over the same parts as the public id, in
// the name space for URLs.
func FeedUUID(firstURL, key string) string {
	namespaceURL := [16]byte{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8}
	h := sha1.New()
	h.Write(namespaceURL[:])
	h.Write([]byte(firstURL + "\x00" + key))
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

// SourceKey returns the form of a feed address in which two spellings of one
// source are equal: scheme and host in lower case, no default port, no fragment,
// no surrounding white space, "/" for an empty path. The address itself is
// requested as the list writes it.
func SourceKey(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return strings.TrimSpace(address)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.ToLower(u.Host)
	if port := u.Port(); port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+port)
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// TwinKey returns the [SourceKey] of the same address under the other of http
// and https, or the empty string when it is neither.
func TwinKey(address string) string {
	key := SourceKey(address)
	if rest, ok := strings.CutPrefix(key, "http://"); ok {
		return "https://" + rest
	}
	if rest, ok := strings.CutPrefix(key, "https://"); ok {
		return "http://" + rest
	}
	return ""
}

// RedactURL returns an address as it may be shown and logged: without user name
// and password.
func RedactURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		if _, after, ok := strings.Cut(address, "@"); ok {
			return "…@" + after
		}
		return address
	}
	if u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}

// unaccented are the letters that Unicode does not take apart into a base
// letter and a mark.
var unaccented = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ı", "i",
)

// Fold returns s in lower case and without diacritics, for comparing words that
// people spell with and without them.
func Fold(s string) string {
	s = unaccented.Replace(strings.ToLower(s))
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Slug folds text to lower-case ASCII words joined by hyphens, at most 60
// characters. A text that folds to nothing takes prefix, "-" and six characters
// of its hash; prefix is "c" for communities and "s" for sources.
func Slug(text, prefix string) string {
	var b strings.Builder
	gap := false
	for _, r := range Fold(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		} else if r != '\'' && r != '’' {
			gap = true
		}
	}
	slug := b.String()
	if len(slug) > 60 {
		cut := strings.LastIndexByte(slug[:61], '-')
		if cut <= 0 {
			cut = 60
		}
		slug = slug[:cut]
	}
	if slug == "" {
		sum := sha256.Sum256([]byte(text))
		return prefix + "-" + hex.EncodeToString(sum[:])[:6]
	}
	return slug
}
