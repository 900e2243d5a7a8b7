package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestSecondLockNamesTheFirst(t *testing.T) { // R35
	path := filepath.Join(t.TempDir(), "lock")
	first, err := lockDir(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.note("caravan serve, process 7, which answers on http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	_, err = lockDir(path)
	if !errors.Is(err, errLocked) || !strings.Contains(err.Error(), "process 7") {
		t.Errorf("second lock = %v, want it to name process 7", err)
	}
	if err := first.release(); err != nil {
		t.Fatal(err)
	}
	again, err := lockDir(path)
	if err != nil {
		t.Fatalf("lock after release: %v", err)
	}
	if err := again.release(); err != nil {
		t.Error(err)
	}
}
