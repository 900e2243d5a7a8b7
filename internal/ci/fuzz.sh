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
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fuzz() {
	go test -run '^$' -fuzz "^$2\$" -fuzztime "${each}s" "$1" >"$log" 2>&1
}

echo "$count fuzz targets, $each s each"
echo "$targets" | while read -r dir name; do
	if ! fuzz "$dir" "$name"; then
		# go test sometimes takes the end of the time for a failure; one that
		# found something has written it down.
		if grep -q 'Failing input written' "$log" || ! fuzz "$dir" "$name"; then
			cat "$log"
			exit 1
		fi
	fi
	echo "$dir $name: $(grep -E '^fuzz: elapsed' "$log" | tail -1)"
done
