package caravan

import "time"

// An Explanation answers where a post is: every stored item that goes by an
// address, shown or hidden, and when there is none, whose post it may be.
type Explanation struct {
	Address string        `json:"address"`
	Items   []ItemTrace   `json:"items"`
	Sources []SourceTrace `json:"sources"` // with a site that the address lies on; only when there is no item
}

// An ItemTrace is how a stored item came and what was decided of it.
type ItemTrace struct {
	ID          string     `json:"id"`
	URL         string     `json:"url,omitempty"`
	GUID        string     `json:"guid,omitempty"`
	Title       string     `json:"title,omitempty"`
	Source      string     `json:"source"`
	SourceTitle string     `json:"source_title"`
	Published   time.Time  `json:"published,omitzero"` // as the publisher dates it
	FirstSeen   time.Time  `json:"first_seen"`
	Changed     time.Time  `json:"changed"`
	Revisions   int        `json:"revisions,omitempty"`
	Undated     bool       `json:"undated,omitempty"`
	Poll        *PollTrace `json:"poll,omitempty"`   // that brought it; absent once it is forgotten
	Pushed      *PushTrace `json:"pushed,omitempty"` // the delivery that brought it, in a poll's place
	Visibility  Visibility `json:"visibility"`
	Rule        string     `json:"rule,omitempty"`     // the query of the source that hides it
	HiddenAt    time.Time  `json:"hidden_at,omitzero"` // when it was taken down, or its source left the list
	Emptied     bool       `json:"emptied,omitempty"`  // its words were erased
	Story       string     `json:"story"`              // public id of the story's first member
	Others      []Member   `json:"others,omitempty"`   // further members of the story, in the order in which they joined
}

// A Member is another item of the same story.
type Member struct {
	ID         string     `json:"id"`
	Source     string     `json:"source"`
	Visibility Visibility `json:"visibility"`
}

// A PollTrace is the poll that brought an item.
type PollTrace struct {
	At       time.Time `json:"at"`
	Status   int       `json:"status"`
	New      int       `json:"new"`
	Changed  int       `json:"changed"`
	Decision string    `json:"decision,omitempty"`
}

// A SourceTrace is how it stands with a source that has not offered a post.
type SourceTrace struct {
	Source    string    `json:"source"`
	Title     string    `json:"title"`
	URL       string    `json:"url"`
	FirstPoll time.Time `json:"first_poll,omitzero"`
	LastPoll  time.Time `json:"last_poll,omitzero"`
	NextPoll  time.Time `json:"next_poll,omitzero"`
	Newest    time.Time `json:"newest,omitzero"`
	Items     int       `json:"items"`
	Failure   string    `json:"failure,omitempty"` // of the last poll
	Paused    bool      `json:"paused,omitempty"`
	Push      *Push     `json:"push,omitempty"` // absent when no hub is asked
}

// An ItemMark is all by which an item may be asked for. Items that fit any part
// of it are meant; an empty part fits none.
type ItemMark struct {
	ID    string   // public id
	GUID  string   // as the publisher wrote it
	Link  string   // canonical, as in [Keys]
	Exact []string // spellings of its link
}
