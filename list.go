package caravan

import (
	"fmt"
	"time"
)

// A List is the source list as read: what the curator wishes, before anything
// is stored.
type List struct {
	Title       string
	OwnerName   string
	OwnerEmail  string
	OwnerID     string
	Communities []ListCommunity // in the order of the file; "Other" last
	Includes    []string        // addresses of further lists
	Problems    []Problem
	Hash        string // of the file's bytes
}

// A ListCommunity is a folder that directly holds sources, or has a site and
// holds none.
type ListCommunity struct {
	Path         []string // titles of the folder and those around it, outermost first
	Slug         string   // the wished slug (caravan:slug of the folder); empty means none
	SiteURL      string
	Sources      []ListSource
	Publications []Publication // lines with htmlUrl and no xmlUrl
}

// A ListSource is one line with a feed address. A source listed in several
// communities stands in each; its settings are those of its first line.
type ListSource struct {
	URL         string // as written, white space trimmed
	Title       string
	SiteURL     string
	Language    string
	Description string
	Category    string
	Settings    Settings
	Line        int
	Column      int
}

// Severity says what a problem costs: an error keeps its row out, a warning
// does not.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// A Problem is something wrong with the source list, and what to do about it.
type Problem struct {
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line"`   // from 1; 0 when it concerns the whole file
	Column   int      `json:"column"` // in characters, from 1
	Severity Severity `json:"severity"`
	Message  string   `json:"message"` // one sentence of what is wrong and one of what to do

	// Text is the line, or the part of it around the problem, as it may be shown
	// to anybody: without credentials. It is empty where the line tells nothing.
	Text string `json:"text,omitempty"`
	At   int    `json:"at,omitempty"` // where in Text the problem begins, in characters, from 1
}

// String formats p as compilers do: feeds.opml:12:5: error: message.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Column, p.Severity, p.Message)
}

// A ListReport says what taking over a list changed.
type ListReport struct {
	Added     []string // addresses
	Removed   []string // addresses
	Kept      int
	Shown     int  // items that came back into view
	Hidden    int  // items that left it
	Refused   bool // it would have removed more than half of the sources; nothing was changed
	AppliedAt time.Time
}
