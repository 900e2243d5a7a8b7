package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"caravan/opml"
)

// editList replaces the list at path by what edit makes of it. The new file
// takes the old one's place in one step, with its mode; where path is a link,
// the file that it leads to is replaced.
func editList(path string, edit func(data []byte) ([]byte, error)) error {
	save, err := opml.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%w (give --feeds the OPML file that lists your sources)", err)
	}
	edited, err := edit(save.Data)
	if err != nil || bytes.Equal(edited, save.Data) {
		return err
	}
	if err := replaceFile(path, edited); err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}

// replaceFile writes data to a new file beside the one at path and moves it to
// its place, so that whoever reads sees the old file or the new one. A file
// that is not there yet is for its owner alone.
func replaceFile(path string, data []byte) (err error) {
	mode := fs.FileMode(0o600)
	switch real, err := filepath.EvalSymlinks(path); {
	case err == nil:
		path = real
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(beside.Name()))
		}
	}()
	_, err = beside.Write(data)
	if err == nil {
		err = beside.Chmod(mode)
	}
	if err == nil {
		err = beside.Sync()
	}
	if err = errors.Join(err, beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), path)
}
