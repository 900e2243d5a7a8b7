package caravan

import "time"

// PollState is what is known of a source's polling: its schedule and how the
// last polls went.
type PollState struct {
	FirstPoll    time.Time // the first poll whose document could be read; zero before
	LastPoll     time.Time
	LastSuccess  time.Time // the last that brought a readable document or a 304
	LastNew      time.Time // the last that brought something new
	NextPoll     time.Time // zero means never (gone)
	Status       int       // of the last answer; 0 when there was none
	Failures     int       // in a row
	Gones        int       // answers of 410 in a row
	Failure      Failure   // of the last poll; zero when it went well
	FailingSince time.Time // of the first failure in the row
	Validators   Validators
	Freshness    time.Duration // what the server last asked for (max-age less Age, or Expires); kept for answers of 304
	Rhythm       time.Duration // usual time between its posts; zero when unknown
	Redirect     Redirect      // an address it permanently points to, not adopted yet
	Usual        time.Time     // when NextPoll would be if no hub sent what is new
	Earliest     time.Time     // the same if news were known of: what its server, its feed and the list ask for, no more
	Unlatched    time.Time     // when the validators were last dropped because the server had answered 304 for too long
}

// Validators are the two headers of one answer, byte for byte; they are sent
// back together or not at all (RFC 9110, 13.1).
type Validators struct {
	ETag         string
	LastModified string
	URL          string // the address that gave them, after redirects; empty means the source's own
}

// None reports whether there is nothing to send back.
func (v Validators) None() bool { return v.ETag == "" && v.LastModified == "" }

// A Redirect is where a source has permanently pointed, and for how long.
type Redirect struct {
	URL      string
	Since    time.Time
	Polls    int
	Familiar bool // what it leads to has an item in common with what the source published before
}

// FailureClass says what kind of thing went wrong with a poll.
type FailureClass string

// The classes of failure of a poll.
const (
	FailNone     FailureClass = ""
	FailOffline  FailureClass = "offline"  // nobody's failure: this machine has no network
	FailDNS      FailureClass = "dns"      // the name does not resolve
	FailConnect  FailureClass = "connect"  // refused, unreachable or reset
	FailTimeout  FailureClass = "timeout"  // no answer, or too slow a one
	FailTLS      FailureClass = "tls"      // the certificate or the handshake
	FailHTTP     FailureClass = "http"     // an answer of 4xx or 5xx without a class of its own
	FailDenied   FailureClass = "denied"   // 401 or 403
	FailShield   FailureClass = "shield"   // a bot shield answered in the publisher's place
	FailMissing  FailureClass = "missing"  // 404
	FailGone     FailureClass = "gone"     // 410
	FailBusy     FailureClass = "busy"     // 429 or 503: asked to come later
	FailRedirect FailureClass = "redirect" // a loop, too many hops, or nowhere to go
	FailTooLarge FailureClass = "large"    // over the limit of size or ratio
	FailNotFeed  FailureClass = "notfeed"  // a web page, an empty body or something else
	FailBroken   FailureClass = "broken"   // a feed that cannot be read
	FailAddress  FailureClass = "address"  // an address that may not be asked
	FailBlocked  FailureClass = "blocked"  // the operator's block list
)

// A Blocked is what the operator's block list names.
type Blocked struct {
	Where  string // a host or an address without its scheme; no credentials
	Reason string
}

// A Failure is why a poll brought nothing.
type Failure struct {
	Class  FailureClass
	Detail string // for people: "certificate expired on 3 March 2026"; no credentials
}

// OK reports whether there was no failure.
func (f Failure) OK() bool { return f.Class == FailNone }

// A Claim is the right to poll one source once. It was written before it was
// returned: the source's next poll is already one floor away, its host is held
// until Lease, and a crash now costs that one interval.
type Claim struct {
	Source  Source
	Host    string    // the key of the host's row: host, or host:port in allowed private ranges
	Due     time.Time // the next poll as it stood before; Release writes it back
	Claimed time.Time
	Lease   time.Time
}

// A PollResult is all that one poll brought, to be stored in one transaction.
type PollResult struct {
	Claim    Claim
	Started  time.Time
	Took     time.Duration
	FinalURL string // after redirects
	Status   int    // 0 when there was no answer
	Bytes    int64  // of the body, decoded
	Failure  Failure

	// Document is what was read; nil when there was nothing new to read (304)
	// or nothing readable.
	Document *Document

	// State is the source's polling state from now on, its validators and next
	// poll included.
	State PollState

	HoldHost    time.Time     // ask nothing of this host before; zero means no hold
	HostSpacing time.Duration // least time to the next request of this host
	MovedTo     string        // adopt this address from now on; empty means stay
	Decision    string        // why State.NextPoll is when it is, for people
	Rest        Rest          // in State.NextPoll's place while a hub sends what is new, and this poll found nothing it had not
}

// A Document is one feed document as read.
type Document struct {
	Feed     FeedInfo
	Items    []Item
	Problems []string // each repair that was made, for people
	Partial  bool     // an answer of 226: nothing may be concluded from what is absent
	Damaged  bool     // items may be missing: it may not vouch for validators
}

// A PollReport says what storing a poll changed.
type PollReport struct {
	New       int
	Changed   int
	Unchanged int
	Source    string    // slug; another than the claim's when the line continues a moved source
	Next      time.Time // of the next poll, where it is another than the result's
	Decision  string    // why, then
}

// A Poll is one row of a source's history.
type Poll struct {
	Source   string // slug
	At       time.Time
	Took     time.Duration
	Status   int
	Bytes    int64
	New      int
	Changed  int
	Failure  Failure
	Decision string
	Problems []string
}

// A Recovery is the end of a row of failures: a source that answers again.
type Recovery struct {
	Source   string    // slug
	At       time.Time // of the poll that went well
	Failures int       // how many had failed before it, in a row
}
