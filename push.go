package caravan

import "time"

// A Subscription is what caravan has agreed with a WebSub hub about one source,
// or wants to agree: that the hub sends what the source publishes.
type Subscription struct {
	Token    string // the end of the callback's address, which nobody can guess
	Source   string // slug
	Hub      string // who is asked
	Topic    string // what for: the feed's own address of itself
	Callback string // where the hub sends to, as it was told
	Secret   string // signs what the hub sends
	Leaving  bool   // it is to end: what was asked for last is that

	AskedAt  time.Time // of the last request
	NextTry  time.Time // of the next: a renewal, or another try
	Tries    int       // requests since the hub last confirmed one
	Since    time.Time // from when on there was a lease without a break; zero before the first
	Until    time.Time // the end of the lease; zero while there is none
	Denied   bool      // the hub has refused; NextTry is far away
	Trusted  bool      // no poll has found anything that the hub had not sent
	LastPush time.Time // the last delivery that was of use
	Trouble  string    // what came of the last request, when it was nothing good; for people
}

// Live reports whether the hub has confirmed the subscription and its lease has
// not ended.
func (s Subscription) Live(now time.Time) bool { return !s.Leaving && s.Until.After(now) }

// Rests reports whether the source may be polled less often for it.
func (s Subscription) Rests(now time.Time) bool { return s.Trusted && s.Live(now) }

// A Push is a subscription as it may be told of: without what gives access.
type Push struct {
	Hub      string    `json:"hub,omitempty"`
	Since    time.Time `json:"since,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	LastPush time.Time `json:"last_push,omitzero"`
	Trusted  bool      `json:"trusted"`
	Denied   bool      `json:"denied,omitempty"`
	Trouble  string    `json:"trouble,omitempty"`
}

// A HubQuery is what a hub asks of a callback: whether it was asked for this, or
// that it will not do it.
type HubQuery struct {
	Token  string
	Mode   string // "subscribe", "unsubscribe" or "denied"
	Topic  string
	Lease  time.Duration // how long the hub will send; zero when it does not say
	Reason string        // of a denial
}

// A PushMessage is what a hub has sent to a callback. Only Body is signed.
type PushMessage struct {
	Token       string
	ContentType string
	Signature   string // the header X-Hub-Signature
	Body        []byte
}

// A Receipt says what became of a message when it came. The hub is thanked for
// all alike.
type Receipt string

// The receipts.
const (
	PushTaken    Receipt = "taken"    // it is read once the hub has its answer
	PushUnsigned Receipt = "unsigned" // ignored: no signature, or one of an unknown method
	PushForged   Receipt = "forged"   // ignored: the signature is wrong
	PushFull     Receipt = "full"     // too much waits already: the source is polled instead
)

// A Delivery is one message of a hub that was genuine, to be stored.
type Delivery struct {
	Token    string
	At       time.Time // when it came
	Bytes    int64
	Digest   string    // of the body; the same body is taken once
	Document *Document // nil when the message was of no use: then the source is due as soon as it may be
	Trouble  string    // why it was of none, for people
}

// A PushTrace is the delivery that brought an item.
type PushTrace struct {
	At      time.Time `json:"at"`
	Hub     string    `json:"hub"`
	New     int       `json:"new"`
	Changed int       `json:"changed"`
}

// A Rest is a later next poll, for a source whose hub can be trusted to send
// what is new.
type Rest struct {
	Next     time.Time // zero means that there is no such rest
	Decision string    // why, for people
}
