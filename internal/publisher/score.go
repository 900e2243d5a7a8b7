package publisher

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"
)

// A Request is what a scenario's log keeps of one request and its answer.
type Request struct {
	At              time.Time // by the publisher's clock, which may run fast
	Method          string
	Path            string
	Query           string
	IfNoneMatch     string
	IfModifiedSince string
	Cookie          string
	Referer         string
	UserAgent       string
	AcceptEncoding  string
	AIM             string // A-IM

	Status       int
	ETag         string // issued with the answer
	LastModified string // likewise
}

// A Score counts what a client did to one scenario. Everything from Unconditional
// on is a fault, but for the one unconditional request that a new client needs.
type Score struct {
	Scenario      string
	Requests      int
	NotModified   int
	Unconditional int // without validators although some had been issued, and the first
	OutOfSequence int // with validators of an older answer, or mixed from two
	Bogus         int // with validators that were never issued
	Early         int // sooner than the scenario allows
	Cookies       int
	Referers      int
	Queries       int // with a query that the address does not have
	Heads         int
	Side          int // for another path of the host
	BadAgent      int // User-Agent without a name, version and contact
	Plain         int // without gzip among the accepted encodings
	Unasked       int // A-IM without If-None-Match
}

// Faults sums up what a polite client never does. allowed is how many
// unconditional requests the scenario makes necessary.
func (s Score) Faults(allowed int) int {
	return max(0, s.Unconditional-allowed) + s.OutOfSequence + s.Bogus + s.Early + s.Cookies + s.Referers +
		s.Queries + s.Heads + s.Side + s.BadAgent + s.Plain + s.Unasked
}

// A yardstick says what a scenario expects of its client.
type yardstick struct {
	paths map[string]bool // what may be asked for
	gap   time.Duration   // least time between two requests of the first path
	slack time.Duration   // how much a clock that runs fast blurs
}

// score holds a log against a yardstick.
func score(name string, log []Request, y yardstick) Score {
	s := Score{Scenario: name, Requests: len(log)}
	issuedTags, issuedDates := make(map[string]bool), make(map[string]bool)
	current := make(map[string]Request) // by path, the answer whose validators hold
	last := make(map[string]time.Time)
	for _, r := range log {
		s.habits(r, y)
		held, known := current[r.Path]
		s.conditional(r, held, known, issuedTags, issuedDates)
		if before, ok := last[r.Path]; ok && r.At.Sub(before) < y.gap-y.slack {
			s.Early++
		}
		last[r.Path] = r.At
		if r.ETag != "" {
			issuedTags[r.ETag] = true
		}
		if r.LastModified != "" {
			issuedDates[r.LastModified] = true
		}
		switch {
		case r.Status == http.StatusNotModified:
			s.NotModified++
			if r.ETag != "" && known {
				held.ETag = r.ETag
				current[r.Path] = held
			}
		case r.Status == http.StatusOK || r.Status == http.StatusIMUsed:
			current[r.Path] = r
		}
	}
	return s
}

// habits counts what has nothing to do with validators.
func (s *Score) habits(r Request, y yardstick) {
	count := func(n *int, fault bool) {
		if fault {
			*n++
		}
	}
	count(&s.Cookies, r.Cookie != "")
	count(&s.Referers, r.Referer != "")
	count(&s.Queries, r.Query != "")
	count(&s.Heads, r.Method != http.MethodGet)
	count(&s.Side, !y.paths[r.Path])
	count(&s.BadAgent, !politeAgent(r.UserAgent))
	count(&s.Plain, !strings.Contains(r.AcceptEncoding, "gzip"))
	count(&s.Unasked, r.AIM != "" && r.IfNoneMatch == "")
}

// conditional counts what is wrong with the validators of r, where held is the
// answer they should come from.
func (s *Score) conditional(r, held Request, known bool, tags, dates map[string]bool) {
	if r.IfNoneMatch == "" && r.IfModifiedSince == "" {
		// An address that redirects has no validators of its own.
		if s.Unconditional == 0 && !known || held.ETag != "" || held.LastModified != "" {
			s.Unconditional++
		}
		return
	}
	switch {
	case r.IfNoneMatch != "" && !tags[r.IfNoneMatch], r.IfModifiedSince != "" && !dates[r.IfModifiedSince]:
		s.Bogus++
	case r.IfNoneMatch != held.ETag && r.IfNoneMatch != "", r.IfModifiedSince != held.LastModified && r.IfModifiedSince != "":
		s.OutOfSequence++
	}
}

// politeAgent reports whether ua is name/version (+contact).
func politeAgent(ua string) bool {
	product, contact, ok := strings.Cut(ua, " (+")
	name, version, slash := strings.Cut(product, "/")
	return ok && slash && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == "" &&
		version != "" && strings.Trim(version, "0123456789.") == "" &&
		strings.HasPrefix(contact, "http") && strings.HasSuffix(contact, ")")
}

// WriteScores writes scores as a table, one scenario a line.
func WriteScores(w io.Writer, scores []Score) error {
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "scenario\treq\t304\tuncond\toos\tbogus\tearly\tcookie\treferer\tquery\thead\tside\tagent\tplain\taim\t")
	for _, s := range scores {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", s.Scenario, s.Requests, s.NotModified,
			s.Unconditional, s.OutOfSequence, s.Bogus, s.Early, s.Cookies, s.Referers, s.Queries, s.Heads, s.Side, s.BadAgent, s.Plain, s.Unasked)
	}
	return table.Flush()
}
