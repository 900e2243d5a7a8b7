package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"caravan"
)

// at returns a time as it is stored; nil, which is NULL, for the zero time.
func at(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// atMs is the time of a stored number.
func atMs(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// into scans a stored time; NULL gives the zero time.
func into(t *time.Time) *timeScan { return (*timeScan)(t) }

type timeScan time.Time

// Scan implements [sql.Scanner].
func (t *timeScan) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = timeScan{}
	case int64:
		*t = timeScan(atMs(v))
	default:
		return fmt.Errorf("time stored as %T", v)
	}
	return nil
}

// span scans a stored duration.
func span(d *time.Duration) *spanScan { return (*spanScan)(d) }

type spanScan time.Duration

// Scan implements [sql.Scanner].
func (d *spanScan) Scan(v any) error {
	ms, ok := v.(int64)
	if !ok {
		return fmt.Errorf("duration stored as %T", v)
	}
	*d = spanScan(time.Duration(ms) * time.Millisecond)
	return nil
}

// sane makes s valid UTF-8 without NUL, which PostgreSQL refuses and SQLite
// stores.
func sane(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// saneAll does so for all strings of a list, and drops the empty ones.
func saneAll(list []string) []string {
	var out []string
	for _, s := range list {
		if s = sane(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// encode writes v as JSON. The values it is used for cannot fail to encode.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return string(b)
}

// encodeSparse writes v, whose fields are mostly zero, as JSON without them.
func encodeSparse(v any) string {
	var fields map[string]any
	if err := json.Unmarshal([]byte(encode(v)), &fields); err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	prune(fields)
	return encode(fields)
}

// prune removes what a decoder would leave zero anyway.
func prune(fields map[string]any) {
	for name, v := range fields {
		switch v := v.(type) {
		case map[string]any:
			if prune(v); len(v) == 0 {
				delete(fields, name)
			}
		case nil:
			delete(fields, name)
		default:
			if v == "" || v == false || v == 0.0 || v == "0001-01-01T00:00:00Z" {
				delete(fields, name)
			}
		}
	}
}

// hash64 folds text to 64 bits that are the same for ever.
func hash64(kind byte, text string) int64 {
	h := sha256.New()
	h.Write([]byte{kind, 0})
	h.Write([]byte(text))
	return int64(binary.BigEndian.Uint64(h.Sum(nil)[:8]))
}

// packHex stores a hexadecimal key in half the room; any other text as it is,
// after a zero byte.
func packHex(s string) []byte {
	if b, err := hex.DecodeString(s); err == nil && strings.ToLower(s) == s && (len(b) == 0 || b[0] != 0) {
		return b
	}
	return append([]byte{0}, s...)
}

// unpackHex returns what packHex was given.
func unpackHex(b []byte) string {
	if len(b) > 0 && b[0] == 0 {
		return string(b[1:])
	}
	return hex.EncodeToString(b)
}

// language returns the primary subtag of a BCP 47 tag, in lower case.
func language(tag string) string {
	primary, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(primary)
}

// coded makes an error whose message pages show in the reader's language.
func coded(class error, code caravan.Code, message string) error {
	return &caravan.PublicError{Message: message, Code: code, Err: class}
}

// public makes an error whose message programs and operators may see.
func public(class error, message string) error {
	return &caravan.PublicError{Message: message, Err: class}
}

// chunks cuts a list into parts of at most n, so that no statement has more
// parameters than the engines take.
func chunks[T any](values []T, n int) iter.Seq[[]T] { return slices.Chunk(values, n) }
