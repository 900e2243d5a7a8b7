// Package archtest holds the test that keeps the direction of imports: what
// each package of the module may import of the others.
package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the module.
const Module = "caravan"

// Imports returns, for each folder below root that holds Go code other than
// tests, the module's packages it imports. Folders and packages are named by
// their path below the root with a leading slash; the root is "".
func Imports(root string) (map[string][]string, error) {
	imports := make(map[string][]string)
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		pkg := strings.TrimPrefix(path.Join("/", filepath.ToSlash(dir)), "/")
		if pkg != "" {
			pkg = "/" + pkg
		}
		found, err := fileImports(name)
		if err != nil {
			return err
		}
		if imports[pkg] == nil {
			imports[pkg] = []string{}
		}
		for _, p := range found {
			if !slices.Contains(imports[pkg], p) {
				imports[pkg] = append(imports[pkg], p)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read imports below %s: %w", root, err)
	}
	return imports, nil
}

func fileImports(name string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if p == Module || strings.HasPrefix(p, Module+"/") {
			found = append(found, strings.TrimPrefix(p, Module))
		}
	}
	return found, nil
}
