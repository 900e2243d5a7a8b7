package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// errLocked says that another process holds the data directory.
var errLocked = errors.New("data directory in use")

// A dirLock keeps a data directory to one process. The kernel drops it when
// the process ends, however it ends.
type dirLock struct {
	file *os.File
}

// lockDir takes the lock file at path. When another process has it, the error
// is of class errLocked and names that process.
func lockDir(path string) (*dirLock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		holder, readErr := os.ReadFile(path)
		if readErr != nil || len(holder) == 0 {
			holder = []byte("another process")
		}
		return nil, fmt.Errorf("%w by %s; stop that one, or give --data another directory (lock %s)", errLocked, strings.TrimSpace(string(holder)), path)
	}
	l := &dirLock{file: file}
	return l, l.note(fmt.Sprintf("caravan, process %d", os.Getpid()))
}

// note writes who holds the lock into it, for whoever is refused.
func (l *dirLock) note(holder string) error {
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("write lock: %w", err)
	}
	if _, err := l.file.WriteAt([]byte(holder+"\n"), 0); err != nil {
		return fmt.Errorf("write lock: %w", err)
	}
	return nil
}

// release gives the lock back. The file stays: removing it would let two
// processes lock two files of the same name.
func (l *dirLock) release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close())
}
