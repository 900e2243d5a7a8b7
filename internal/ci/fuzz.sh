#!/bin/sh
# Runs every fuzz target of the module, sharing out the seconds given as the
# argument among them (at least two each).
set -eu
seconds=${1:-60}
targets=$(grep -rlE '^func Fuzz' --include='*_test.go' . | while read -r file; do
	sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file" | while read -r name; do echo "$(dirname "$file") $name"; done
done)
count=$(echo "$targets" | wc -l)
each=$((seconds / count))
[ "$each" -ge 2 ] || each=2
echo "$count fuzz targets, $each s each"
echo "$targets" | while read -r dir name; do
	go test -run '^$' -fuzz "^$name\$" -fuzztime "${each}s" "$dir"
done
