package push

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// PublicBase returns the address under which hubs can reach this server, or the
// empty string where they cannot: base must be http or https, its host an
// address of the public web or a name that may stand for one.
func PublicBase(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return ""
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if a, err := netip.ParseAddr(host); err == nil {
		if !publicAddr(a) {
			return ""
		}
	} else if !publicName(host) {
		return ""
	}
	return strings.TrimRight(base, "/")
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
