package caravan

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

func TestEveryCodeIsListedOnce(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := Codes()
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		n++
		if !slices.Contains(codes, Code(value)) {
			t.Errorf("%s is not listed", spec.Names[0])
		}
		return true
	})
	slices.Sort(codes)
	if n != len(codes) || len(slices.Compact(codes)) != n {
		t.Errorf("%d codes, %d listed", n, len(codes))
	}
}
