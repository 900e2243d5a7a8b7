package templates_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"caravan/internal/a11y"
)

func TestGoldenPagesAreValidHTML(t *testing.T) {
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) < 10 {
		t.Fatalf("%v %v", files, err)
	}
	var pages, mails []string
	for _, file := range files {
		if strings.HasSuffix(file, "email.html") {
			mails = append(mails, file)
			continue
		}
		pages = append(pages, file)
	}
	if len(mails) == 0 {
		t.Error("no e-mail among the golden files")
	}
	said, err := a11y.Validate(pages...)
	if errors.Is(err, a11y.ErrNone) {
		t.Skip(err)
	}
	if err != nil || said != "" {
		t.Errorf("%v\n%s", err, said)
	}
	if said, err := a11y.ValidateEmail(mails...); err != nil || said != "" {
		t.Errorf("e-mail: %v\n%s", err, said)
	}
}
