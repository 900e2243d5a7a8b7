package polite

import (
	"errors"
	"net/netip"
	"testing"

	"caravan"
)

func TestGuardRefusesEveryAddressThatIsNotPublic(t *testing.T) { // S01, S02
	tests := []struct{ what, address string }{
		{"this network", "0.0.0.0"}, {"this network", "0.0.0.1"}, {"this network", "0.255.255.255"},
		{"private", "10.0.0.1"}, {"private", "172.16.0.1"}, {"private", "172.31.255.255"}, {"private", "192.168.1.1"},
		{"carrier NAT", "100.64.0.1"}, {"carrier NAT", "100.127.255.255"},
		{"loopback", "127.0.0.1"}, {"loopback", "127.255.255.254"},
		{"link-local", "169.254.169.254"},
		{"IETF protocols", "192.0.0.1"}, {"IETF protocols", "192.0.0.170"},
		{"TEST-NET-1", "192.0.2.1"}, {"TEST-NET-2", "198.51.100.1"}, {"TEST-NET-3", "203.0.113.1"},
		{"6to4 relay", "192.88.99.1"},
		{"benchmarks", "198.18.0.1"}, {"benchmarks", "198.19.255.255"},
		{"multicast", "224.0.0.1"}, {"multicast", "239.255.255.255"},
		{"reserved", "240.0.0.1"}, {"reserved", "255.255.255.254"}, {"broadcast", "255.255.255.255"},
		{"unspecified", "::"}, {"loopback", "::1"},
		{"IPv4-compatible", "::127.0.0.1"}, {"IPv4-compatible", "::8.8.8.8"},
		{"IPv4-mapped", "::ffff:127.0.0.1"}, {"IPv4-mapped", "::ffff:7f00:1"}, {"IPv4-mapped", "::ffff:10.1.2.3"}, {"IPv4-mapped", "::ffff:0.0.0.0"},
		{"IPv4-translated", "::ffff:0:127.0.0.1"},
		{"NAT64 of loopback", "64:ff9b::7f00:1"}, {"NAT64 of private", "64:ff9b::10.0.0.1"}, {"NAT64 of link-local", "64:ff9b::169.254.169.254"},
		{"local NAT64", "64:ff9b:1::1"}, {"local NAT64", "64:ff9b:1::7f00:1"},
		{"discard", "100::1"}, {"dummy", "100:0:0:1::1"},
		{"Teredo", "2001::1"}, {"Teredo", "2001:0:7f00:1::1"},
		{"benchmarks", "2001:2::1"}, {"ORCHID", "2001:10::1"}, {"ORCHIDv2", "2001:20::1"},
		{"documentation", "2001:db8::1"}, {"documentation", "3fff::1"},
		{"6to4 of loopback", "2002:7f00:1::"}, {"6to4 of private", "2002:a00:1::1"}, {"6to4", "2002:808:808::1"},
		{"segment routing", "5f00::1"},
		{"unique local", "fc00::1"}, {"unique local", "fdff::1"},
		{"link-local", "fe80::1"}, {"link-local with a zone", "fe80::1%eth0"}, {"site-local", "fec0::1"},
		{"multicast", "ff02::1"}, {"multicast", "ff0e::1"},
		{"unassigned", "4000::1"},
	}
	guard := newGuard(nil)
	for _, tt := range tests {
		if err := guard.check(netip.AddrPortFrom(netip.MustParseAddr(tt.address), 443)); !errors.Is(err, errRefused) {
			t.Errorf("check(%s), %s = %v, want a refusal", tt.address, tt.what, err)
		}
	}
}

func TestGuardLetsPublicAddressesThrough(t *testing.T) {
	for _, address := range []string{
		"93.184.216.34", "1.1.1.1", "100.63.255.255", "172.32.0.1", "192.0.1.1", "198.17.255.255", "223.255.255.255",
		"2606:2800:220:1:248:1893:25c8:1946", "2a00:1450::1", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34",
	} {
		if err := newGuard(nil).check(netip.AddrPortFrom(netip.MustParseAddr(address), 443)); err != nil {
			t.Errorf("check(%s) = %v, want none", address, err)
		}
	}
}

func TestGuardOpensOnlyTheGivenRanges(t *testing.T) {
	guard := newGuard([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")})
	for address, open := range map[string]bool{
		"10.1.2.3": true, "::ffff:10.1.2.3": true, "fd12::1": true,
		"10.2.0.1": false, "127.0.0.1": false, "fc00::1": false, "64:ff9b::10.1.2.3": false,
	} {
		if err := guard.check(netip.AddrPortFrom(netip.MustParseAddr(address), 443)); (err == nil) != open {
			t.Errorf("check(%s) = %v, want open %t", address, err, open)
		}
	}
}

func TestGuardKnowsOnlyTCP(t *testing.T) {
	for network, address := range map[string]string{"udp4": "93.184.216.34:443", "unix": "/run/docker.sock", "tcp4": "nonsense"} {
		if err := newGuard(nil).control(t.Context(), network, address, nil); !errors.Is(err, errRefused) {
			t.Errorf("control(%s %s) = %v, want a refusal", network, address, err)
		}
	}
}

func TestGetAsksOnlyPortsOfTheWeb(t *testing.T) { // S06
	client := newClient(t)
	for _, port := range []string{"0", "1", "22", "25", "53", "110", "445", "587", "1023", "2049", "3306", "5432", "6379", "6667", "9200", "10080", "11211", "27017"} {
		for _, host := range []string{"127.0.0.1", "[::1]", "localhost", "planet.example"} {
			_, err := client.Get(t.Context(), Request{URL: "http://" + host + ":" + port + "/feed"})
			if e := failed(t, err, caravan.FailAddress); e.Sent || e.Reached {
				t.Errorf("port %s of %s was asked", port, host)
			}
		}
	}
	for _, port := range []uint16{80, 443, 1024, 3000, 8000, 8080, 8443, 65535} {
		if !openPort(port) {
			t.Errorf("port %d is closed", port)
		}
	}
}

func TestGetRefusesOddHosts(t *testing.T) { // S04
	client := newClient(t, func(c *Config) {
		c.AllowPrivate = nil
		c.Resolver = newStub(t, answers("127.0.0.1")).resolver()
	})
	for _, host := range []string{
		"127.0.0.1", "127.0.0.1.", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "[::]", "0.0.0.0", "[::ffff:7f00:1]", "[::1%25lo]", "[64:ff9b::7f00:1]",
		"localhost", "LOCALHOST.", "a.localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "rebind.example",
	} {
		_, err := client.Get(t.Context(), Request{URL: "http://" + host + ":8080/"})
		if e := failed(t, err, caravan.FailAddress); e.Sent {
			t.Errorf("%s was asked", host)
		}
	}
}

func TestHostKeyAndAllowed(t *testing.T) {
	client := newClient(t)
	tests := []struct {
		address, key string
		allowed      bool
	}{
		{"https://Planet.Example./feed", "planet.example", false},
		{"http://planet.example:8080/feed", "planet.example", false},
		{"http://127.0.0.1:8080/feed", "127.0.0.1:8080", true},
		{"http://localhost/feed", "localhost:80", true},
		{"HTTPS://[::1]/feed", "[::1]:443", true},
		{"http://10.0.0.1:8080/", "10.0.0.1", false},
		{" not an address ", "not an address", false},
		{"http://%zz/", "http://%zz/", false},
	}
	for _, tt := range tests {
		if key, allowed := client.HostKey(tt.address), client.Allowed(tt.address); key != tt.key || allowed != tt.allowed {
			t.Errorf("HostKey, Allowed of %q = %q, %t, want %q, %t", tt.address, key, allowed, tt.key, tt.allowed)
		}
	}
}
