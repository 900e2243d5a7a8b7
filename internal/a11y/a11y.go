// Package a11y finds what the tests of the pages need from npm: axe-core, which
// looks for barriers in a page, and html-validate. They are installed with
//
//	cd internal/a11y && npm ci
//
// and no part of the program.
package a11y

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// ErrNone says that the tools are not installed.
var ErrNone = errors.New("npm ci has not been run in internal/a11y")

// Folder is where this package lies on the machine that built it.
func Folder() string {
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		return "."
	}
	return filepath.Dir(file)
}

// Axe returns the script of axe-core, or [ErrNone].
func Axe() (string, error) {
	script, err := os.ReadFile(filepath.Join(Folder(), "node_modules", "axe-core", "axe.min.js"))
	if errors.Is(err, os.ErrNotExist) {
		return "", ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("read axe-core: %w", err)
	}
	return string(script), nil
}

// Validate checks HTML files with html-validate and returns what it says of
// them; nothing when they are without errors. It returns [ErrNone] where the
// tool or node is missing.
func Validate(files ...string) (string, error) { return validate(".htmlvalidate.json", files) }

// ValidateEmail is [Validate] for e-mail, whose tables need attributes that pages
// do without.
func ValidateEmail(files ...string) (string, error) {
	return validate(".htmlvalidate-email.json", files)
}

func validate(rules string, files []string) (string, error) {
	tool := filepath.Join(Folder(), "node_modules", "html-validate", "bin", "html-validate.mjs")
	if _, err := os.Stat(tool); err != nil {
		return "", ErrNone
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return "", ErrNone
	}
	args := append([]string{tool, "--config", filepath.Join(Folder(), rules)}, files...)
	out, err := exec.Command(node, args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", fmt.Errorf("run html-validate: %w", err)
	}
	if err == nil {
		return "", nil
	}
	return string(out), nil
}
