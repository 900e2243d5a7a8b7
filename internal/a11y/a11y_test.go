package a11y

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestValidateFindsMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(`<!doctype html><html><body><p><div></p></body></html>`), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := Validate(file)
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil || !strings.Contains(out, "error") {
		t.Errorf("Validate = %q, %v", out, err)
	}
}

func TestEmailMayHaveAttributesOfItsTime(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mail.html")
	text := `<!doctype html><html lang="en"><head><title>t</title></head><body><table role="presentation" border="0" cellpadding="0"><tr><td align="left" bgcolor="#ffffff">words</td></tr></table></body></html>`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	strict, err := Validate(file)
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil || !strings.Contains(strict, "no-deprecated-attr") {
		t.Errorf("Validate = %q, %v", strict, err)
	}
	if out, err := ValidateEmail(file); err != nil || out != "" {
		t.Errorf("ValidateEmail = %q, %v", out, err)
	}
}

func TestAxeIsTheScript(t *testing.T) {
	script, err := Axe()
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	if err != nil || !strings.Contains(script, "axe") {
		t.Errorf("Axe = %.40q, %v", script, err)
	}
}
