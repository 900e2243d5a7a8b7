package index

import (
	"cmp"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// A ranked document.
type ranked struct {
	doc   uint32
	at    int64 // when the story was published, milliseconds
	score float64
}

// better orders documents by score, then newest first. Documents are numbered
// differently in every index, so equal ones are ordered by their ids in the end.
func better(a, b ranked) int {
	switch { // written out: half of the work of ranking is done here
	case a.score > b.score:
		return -1
	case a.score < b.score:
		return 1
	}
	return cmp.Compare(b.at, a.at)
}

// A heap keeps the best of what it is offered; the worst of them is on top.
type heap struct {
	docs []ranked
	size int
}

func (h *heap) offer(r ranked) {
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

// newest returns the latest of set.
func (e *evaluator) newest(set *roaring.Bitmap, n int) []ranked {
	h := heap{size: n}
	c := e.v.cursor()
	for _, doc := range set.ToArray() {
		at := c.time(doc)
		if len(h.docs) == n && at < h.docs[0].at {
			continue
		}
		h.offer(ranked{doc: doc, at: at, score: float64(at)})
	}
	slices.SortFunc(h.docs, better)
	return h.docs
}
