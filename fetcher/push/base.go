package push

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// ReachableBase returns base, an address of this server, as hubs can use it, or
// the empty string where none could. It must be http or https, its host an
// address of the public web or a name that may stand for one; or lie in a range
// opened for tests and intranets, as allowed says. Only hubs in such a range are
// told of an address that lies in one.
func ReachableBase(base string, allowed func(address string) bool) string {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return ""
	}
	if !Public(u.Hostname()) && !allowed(base) {
		return ""
	}
	return strings.TrimRight(base, "/")
}

// Public reports whether a host, a name or an address, may be one that everybody
// reaches.
func Public(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if a, err := netip.ParseAddr(host); err == nil {
		return publicAddr(a)
	}
	return publicName(host)
}

// publicAddr reports whether an address can be reached from anywhere.
func publicAddr(a netip.Addr) bool {
	a = a.Unmap()
	carrier := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10) // RFC 6598
	return a.IsGlobalUnicast() && !a.IsPrivate() && a.Zone() == "" && !carrier.Contains(a)
}

// publicName reports whether a name may stand for a machine that others reach:
// it has more than one label, the last of which is no number and none of those
// that stay at home.
func publicName(host string) bool {
	labels := strings.Split(host, ".")
	if len(labels) < 2 || slices.Contains(labels, "") {
		return false
	}
	last := labels[len(labels)-1]
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return false
	}
	if last == "arpa" && labels[len(labels)-2] == "home" {
		return false
	}
	return !slices.Contains([]string{"local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp"}, last)
}
