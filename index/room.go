package index

import (
	"fmt"
	"syscall"

	"caravan"
)

// leastRoom is how many bytes the disk must have left for the index to be written
// to: the engine does not survive a write that fails, and could not be searched
// any more.
const leastRoom = 64 << 20

// room returns an error of class [caravan.ErrUnavailable] when the disk has too
// little left. Where that cannot be told there is room.
func (i *Index) room() error {
	left, err := i.cfg.Room(i.cfg.Dir)
	if err != nil || left >= leastRoom {
		return nil
	}
	return fmt.Errorf("the disk of %s has %d MB left and the search index is not written to under %d: make room; what is indexed is found meanwhile: %w",
		i.cfg.Dir, left>>20, leastRoom>>20, caravan.ErrUnavailable)
}

// diskRoom returns how many bytes the disk of a directory has left.
func diskRoom(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("look up room of %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
