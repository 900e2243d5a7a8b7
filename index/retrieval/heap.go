package retrieval

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// A Ranked is a document in its place among others.
type Ranked struct {
	Doc   uint32
	At    int64 // when the story was published, milliseconds
	Score float64
}

// better orders documents by score, then newest first. Documents are numbered
// differently in every index, so equal ones are ordered by their ids in the end.
func better(a, b Ranked) int {
	switch { // written out: half of the work of ranking is done here
	case a.Score > b.Score:
		return -1
	case a.Score < b.Score:
		return 1
	}
	return cmp.Compare(b.At, a.At)
}

// A heap keeps the best of what it is offered; the worst of them is on top.
type heap struct {
	docs []Ranked
	size int
}

func (h *heap) offer(r Ranked) {
	if len(h.docs) < h.size {
		h.docs = append(h.docs, r)
		for i := len(h.docs) - 1; i > 0 && better(h.docs[i], h.docs[(i-1)/2]) > 0; i = (i - 1) / 2 {
			h.docs[i], h.docs[(i-1)/2] = h.docs[(i-1)/2], h.docs[i]
		}
		return
	}
	if better(r, h.docs[0]) >= 0 {
		return
	}
	h.docs[0] = r
	for i := 0; ; {
		child := 2*i + 1
		if child >= len(h.docs) {
			return
		}
		if child+1 < len(h.docs) && better(h.docs[child+1], h.docs[child]) > 0 {
			child++
		}
		if better(h.docs[child], h.docs[i]) <= 0 {
			return
		}
		h.docs[i], h.docs[child] = h.docs[child], h.docs[i]
		i = child
	}
}

// Newest returns the latest of set.
func (e *Evaluator) Newest(set *roaring.Bitmap, n int) []Ranked {
	h := heap{size: n}
	c := e.v.Cursor()
	for _, doc := range set.ToArray() {
		at := c.Time(doc)
		if len(h.docs) == n && at < h.docs[0].At {
			continue
		}
		h.offer(Ranked{Doc: doc, At: at, Score: float64(at)})
	}
	slices.SortFunc(h.docs, better)
	return h.docs
}
