// Package static holds the files that pages load: the stylesheet, the script,
// the fonts and the icon. Each is served under an address that names its
// content, so that browsers may keep it for a year and never see an old one.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"sort"
	"strings"
)

//go:embed caravan.css caravan.js icon.svg fonts
var embedded embed.FS

// Prefix is the path below which the files are served.
const Prefix = "/static/"

// Files are the static files by name and by address. They are safe for
// concurrent use.
type Files struct {
	root    string
	address map[string]string // by name
	content map[string]file   // by address, below the root
}

type file struct {
	mime string
	data []byte
}

// New reads the embedded files; root is the path of the site, which addresses
// begin with. More are further files, by name.
func New(root string, more map[string][]byte) (*Files, error) {
	f := &Files{root: root, address: map[string]string{}, content: map[string]file{}}
	var names []string
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	// The stylesheet comes last: it names the fonts by their addresses.
	sort.SliceStable(names, func(i, j int) bool { return path.Ext(names[i]) != ".css" && path.Ext(names[j]) == ".css" })
	for _, name := range names {
		data, err := embedded.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read static file %s: %w", name, err)
		}
		if path.Ext(name) == ".css" {
			data = f.link(data)
		}
		f.add(name, data)
	}
	for name, data := range more {
		f.add(name, data)
	}
	return f, nil
}

// link replaces the names of files in a stylesheet by their addresses.
func (f *Files) link(css []byte) []byte {
	text := string(css)
	for name := range f.address {
		text = strings.ReplaceAll(text, "url("+name+")", "url("+f.address[name]+")")
	}
	return []byte(text)
}

func (f *Files) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	kind := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
		".png": "image/png", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	}[ext]
	f.address[name] = f.root + Prefix + hashed
	f.content[Prefix+hashed] = file{mime: kind, data: data}
}

// Address returns the address of a file by its name.
func (f *Files) Address(name string) (string, error) {
	address, ok := f.address[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return address, nil
}

// Has reports whether there is a file at a path below the root.
func (f *Files) Has(path string) bool {
	_, ok := f.content[path]
	return ok
}

// Size is the number of bytes of a file by its name, zero when there is none.
func (f *Files) Size(name string) int {
	return len(f.content[strings.TrimPrefix(f.address[name], f.root)].data)
}

// ServeHTTP answers with the file at the request's path, to be kept for a year.
// Only addresses that New made exist: a path is looked up, never opened (S36).
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := f.content[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", found.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(found.data)
}
