package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A body is what is kept compressed of a revision of an item. Its parts repeat
// each other, so that together they take little more room than the first.
type body struct {
	text  string
	html  string
	raw   []byte
	links []string
}

var errBody = errors.New("stored body is damaged")

// maxBody bounds what a stored body may claim to hold.
const maxBody = 256 << 20

// codec returns the compressor and decompressor, which are safe for concurrent
// use and costly to make.
var codec = sync.OnceValue(func() (c struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}) {
	var errs [2]error
	c.enc, errs[0] = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(2), zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<20))
	c.dec, errs[1] = zstd.NewReader(nil, zstd.WithDecoderConcurrency(4), zstd.WithDecoderMaxMemory(maxBody))
	if err := errors.Join(errs[:]...); err != nil {
		panic(err) // the options are constants
	}
	return c
})

// pack compresses b.
func (b body) pack() []byte {
	links := strings.Join(b.links, "\n")
	plain := make([]byte, 0, len(b.text)+len(b.html)+len(b.raw)+len(links)+16)
	plain = binary.AppendUvarint(plain, uint64(len(b.text)))
	plain = binary.AppendUvarint(plain, uint64(len(b.html)))
	plain = binary.AppendUvarint(plain, uint64(len(b.raw)))
	plain = append(plain, b.text...)
	plain = append(plain, b.html...)
	plain = append(plain, b.raw...)
	plain = append(plain, links...)
	return codec().enc.EncodeAll(plain, nil)
}

// unpack reads what pack made. An empty body is one whose item was emptied.
func unpack(packed []byte) (body, error) {
	var b body
	if len(packed) == 0 {
		return b, nil
	}
	plain, err := codec().dec.DecodeAll(packed, nil)
	if err != nil {
		return b, fmt.Errorf("%w: %w", errBody, err)
	}
	var sizes [3]int
	for i := range sizes {
		v, n := binary.Uvarint(plain)
		if n <= 0 || v > maxBody {
			return b, errBody
		}
		sizes[i], plain = int(v), plain[n:]
	}
	if sizes[0]+sizes[1]+sizes[2] > len(plain) {
		return b, errBody
	}
	b.text, plain = string(plain[:sizes[0]]), plain[sizes[0]:]
	b.html, plain = string(plain[:sizes[1]]), plain[sizes[1]:]
	if sizes[2] > 0 {
		b.raw = plain[:sizes[2]:sizes[2]]
	}
	if links := plain[sizes[2]:]; len(links) > 0 {
		b.links = strings.Split(string(links), "\n")
	}
	return b, nil
}

// shortMinHash cuts the values of a MinHash to the 16 bits of each that are
// kept. Equal values stay equal; that different ones become equal happens to
// one pair in 65,536, which no likeness shows.
func shortMinHash(values []uint64) []uint64 {
	if len(values) == 0 {
		return nil
	}
	out := make([]uint64, len(values))
	for i, v := range values {
		out[i] = v & 0xffff
	}
	return out
}

// packMinHash stores the values that shortMinHash returns; nil for none.
func packMinHash(values []uint64) []byte {
	if len(values) == 0 {
		return nil
	}
	b := make([]byte, 0, 2*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

// unpackMinHash reads what packMinHash made.
func unpackMinHash(b []byte) []uint64 {
	if len(b) < 2 {
		return nil
	}
	values := make([]uint64, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		values = append(values, uint64(binary.LittleEndian.Uint16(b)))
	}
	return values
}
