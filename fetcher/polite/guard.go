package polite

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
	"golang.org/x/net/idna"
)

// errRefused marks connections that the guard did not let out.
var errRefused = errors.New("refused")

// A refusal says which connection was not let out, and why.
type refusal struct {
	to     netip.AddrPort
	reason string
}

// Error names the address and the reason.
func (r *refusal) Error() string { return r.to.String() + ": " + r.reason }

// Is makes a refusal of class errRefused.
func (r *refusal) Is(target error) bool { return target == errRefused }

// refusedPort is the reason where the port is what is wrong.
const refusedPort = "a port that is not for the web"

// closedPorts are ports above 1023 where something other than the web listens,
// and where a stray request could do harm.
func closedPorts() []uint16 {
	return []uint16{
		1433, 1521, 1719, 1720, 1723, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 3659, 4045, 4190,
		5060, 5061, 5432, 5672, 5900, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
		9200, 9300, 10080, 11211, 27017, 27018, 27019,
	}
}

// A guard decides which addresses may be connected to. It is a value of rules:
// safe for concurrent use.
type guard struct {
	public  *ssrf.Guardian // knows the special-purpose registries of IANA
	private []netip.Prefix
}

func newGuard(private []netip.Prefix) *guard {
	return &guard{public: ssrf.New(ssrf.WithAnyPort()), private: private}
}

// control is asked by the dialer for every connection, after the name was
// resolved and before anything is sent.
func (g *guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: %s %s", errRefused, network, address)
	}
	return g.check(to)
}

// check decides one connection.
func (g *guard) check(to netip.AddrPort) error {
	if !openPort(to.Port()) {
		return &refusal{to: to, reason: refusedPort}
	}
	if g.inPrivate(to.Addr()) {
		return nil
	}
	if g.public.SafeAddr(embedded(to.Addr())) != nil {
		return &refusal{to: to, reason: "an address that is not public"}
	}
	return nil
}

// inPrivate reports whether an address is in a range that was opened.
func (g *guard) inPrivate(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(g.private, func(p netip.Prefix) bool { return p.Contains(a) })
}

// embedded returns the IPv4 address that an IPv6 one stands for: mapped, or
// behind the well-known NAT64 prefix, where the host on the other side is what
// counts. Other ways of embedding (6to4, Teredo, compatible addresses) lie in
// ranges that are refused as a whole.
func embedded(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if !ssrf.IPv6NAT64Prefix.Contains(a) {
		return a
	}
	b := a.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

// openPort reports whether a port may be asked: the web's own, and the free
// ones where nothing else is known to listen.
func openPort(port uint16) bool {
	if port < 1024 {
		return port == 80 || port == 443
	}
	return !slices.Contains(closedPorts(), port)
}

// literal returns the address that a host is written as. The name localhost
// counts as the loopback address, as the resolver would answer.
func literal(host string) (netip.Addr, bool) {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	a, err := netip.ParseAddr(host)
	return a, err == nil
}

// dialled returns host as the transport will write it: names that are not of
// ASCII are mapped, so that digits of full width become an address.
func dialled(host string) string {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// oddNumber reports whether a host that is no literal address still ends in a
// number, as no name does. Package net would ask for it as a name; a proxy, or a
// resolver of the system, may read an address in it (127.1, 0x7f000001).
func oddNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	digits, base := last, "0123456789"
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		digits, base = hex, "0123456789abcdef"
	}
	return last != "" && strings.Trim(digits, base) == ""
}

// allows reports whether an address is written as one inside an opened range.
func (g *guard) allows(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return false
	}
	a, ok := literal(u.Hostname())
	return ok && g.inPrivate(a)
}

// hostKey names the host of an address.
func (g *guard) hostKey(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return strings.TrimSpace(address)
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if !g.allows(address) {
		return host
	}
	return net.JoinHostPort(host, portOf(u))
}

// portOf returns the port of u, its scheme's own when none is written.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if strings.EqualFold(u.Scheme, "https") {
		return "443"
	}
	return "80"
}
