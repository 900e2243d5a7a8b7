# Everything a contributor runs. `make test` is the whole of it: it installs what
# the tests need (as root; else it says what is missing), then checks and tests.

GO ?= go
PACKAGES := ./...

# What the tests use besides Go: a C compiler for the race detector, a browser,
# and the readers and validators that the feeds are tried in.
DEBIAN := gcc libc6-dev chromium newsboat sfeed rss2email python3-feedparser libxml2-utils

.PHONY: test build run demo deps check race fuzz corpus screenshots bench throughput cover

test: deps check race

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o caravan ./cmd/caravan

run:
	$(GO) run ./cmd/caravan serve

demo:
	$(GO) run ./cmd/caravan serve --demo

deps:
	@sh ./internal/ci/deps.sh $(DEBIAN)
	@if command -v npm >/dev/null; then cd internal/a11y && npm ci --silent --no-audit --no-fund; else echo "npm is not here: the checks with axe-core and html-validate are skipped"; fi

check:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(GO) tool staticcheck $(PACKAGES)
	CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/caravan

race:
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 20m $(PACKAGES)

# The checks against real feeds, lists and attack vectors: CARAVAN_SHARED names
# the folder that holds them. Figures are printed; the tests that need no such
# folder run as well where their package has one that does.
corpus:
	@test -n "$(CARAVAN_SHARED)" || { echo "set CARAVAN_SHARED to the folder with corpus/ and xss/"; exit 2; }
	$(GO) test -count=1 -timeout 20m -v -run 'Corpus|Damaged|NoReal|Shared|Vectors|Real|Attack|Language|Silently|Marks|InTheBrowser' \
		./fetcher/... ./opml/... ./store ./server ./cmd/caravan >corpus.log 2>&1 || { grep -vE '^ *(=== |--- PASS)' corpus.log; exit 1; }
	@grep -vE '^ *(=== |--- PASS|--- SKIP)|no tests to run|no test files' corpus.log

# A minute in all, shared among every fuzz target.
fuzz:
	@sh ./internal/ci/fuzz.sh 60

# The pictures of the documentation, of the demo's planet at a fixed moment.
screenshots:
	$(GO) run ./internal/browser/cmd --out doc/screenshots

bench:
	$(GO) test -run '^$$' -bench . -benchmem $(PACKAGES)

# Requests per second of /feed.atom beside handlers that do nothing but write
# the same bytes, asked by Go's client and by wrk.
throughput:
	@command -v wrk >/dev/null || echo "wrk is not here (Debian: wrk): the figures are those of Go's client alone"
	$(GO) test -run '^$$' -bench '^BenchmarkFeed' -benchtime 5s ./server

cover:
	$(GO) test -coverprofile=coverage.out $(PACKAGES) && $(GO) tool cover -func=coverage.out | tail -1
