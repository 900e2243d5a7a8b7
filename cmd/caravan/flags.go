package main

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"caravan/fetcher/push"
)

// dataFlags name the files a command works on.
type dataFlags struct {
	Feeds string `default:"feeds.opml" env:"CARAVAN_FEEDS" placeholder:"FILE" help:"The source list, an OPML file (${default})."`
	Data  string `default:"data" env:"CARAVAN_DATA" placeholder:"DIR" help:"Where everything is kept (${default})."`
}

// netFlags say how caravan meets publishers and readers.
type netFlags struct {
	Listen         string         `default:"127.0.0.1:8080" env:"CARAVAN_LISTEN" placeholder:"ADDRESS" help:"Where to answer HTTP (${default})."`
	BaseURL        string         `name:"base-url" env:"CARAVAN_BASE_URL" placeholder:"URL" help:"The public address, as readers type it; http:// and the listen address when not given."`
	Contact        string         `env:"CARAVAN_CONTACT" placeholder:"URL" help:"Page or mailto: address that publishers are told in the User-Agent; the base URL's /about when not given."`
	Hub            string         `env:"CARAVAN_HUB" placeholder:"URL" help:"A WebSub hub to announce changes to."`
	TimeZone       string         `name:"time-zone" default:"UTC" env:"CARAVAN_TIME_ZONE" placeholder:"NAME" help:"IANA name of the zone that decides days, weeks and months (${default})."`
	AllowPrivate   []netip.Prefix `name:"allow-private" env:"CARAVAN_ALLOW_PRIVATE" placeholder:"CIDR,…" help:"Address ranges that may be polled though they are not public (tests, intranets)."`
	TrustedProxies []netip.Prefix `name:"trusted-proxy" env:"CARAVAN_TRUSTED_PROXY" placeholder:"CIDR,…" help:"Addresses of your reverse proxies: what they say of a reader's address is believed."`
	Block          string         `env:"CARAVAN_BLOCK" placeholder:"FILE" help:"Hosts and addresses that are never asked: one a line, perhaps with a reason after it. Read again when saved."`
	ClockSpeed     float64        `name:"clock-speed" default:"1" env:"CARAVAN_CLOCK_SPEED" placeholder:"N" help:"For drills: N seconds pass in one for the schedule. Refused unless every source lies in an allowed private range."`
}

// paths of what lies in the data directory.
func (f dataFlags) database() string    { return filepath.Join(f.Data, "caravan.db") }
func (f dataFlags) indexDir() string    { return filepath.Join(f.Data, "index") }
func (f dataFlags) lockFile() string    { return filepath.Join(f.Data, "lock") }
func (f dataFlags) includesDir() string { return filepath.Join(f.Data, "includes") }
func (f dataFlags) socket() string      { return filepath.Join(f.Data, "caravan.sock") }

// zone loads the time zone.
func (f netFlags) zone() (*time.Location, error) {
	zone, err := time.LoadLocation(f.TimeZone)
	if err != nil || f.TimeZone == "Local" {
		return nil, usageError{fmt.Errorf("--time-zone %q is not an IANA name such as America/Santiago", f.TimeZone)}
	}
	return zone, nil
}

// baseURL returns the public address: the given one, else that of listen.
func (f netFlags) baseURL(listen net.Addr) (string, error) {
	if f.BaseURL == "" {
		return "http://" + listen.String(), nil
	}
	u, err := url.Parse(f.BaseURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", usageError{fmt.Errorf("--base-url %q: want http(s)://host, perhaps with a path, and nothing after it", f.BaseURL)}
	}
	return strings.TrimRight(f.BaseURL, "/"), nil
}

// contact returns what publishers are told, and whether it is of use to them:
// an address that only this machine can open is not.
func (f netFlags) contact(baseURL string) (contact string, public bool) {
	contact = f.Contact
	if contact == "" {
		contact = baseURL + "/about"
	}
	u, err := url.Parse(contact)
	if err != nil {
		return contact, false
	}
	if u.Scheme == "mailto" {
		return contact, true
	}
	return contact, push.Public(u.Hostname())
}
