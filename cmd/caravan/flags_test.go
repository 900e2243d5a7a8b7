package main

import (
	"net"
	"testing"
)

func TestContactIsPublicOrNot(t *testing.T) { // E21
	tests := []struct {
		contact, base, want string
		public              bool
	}{
		{"", "https://planet.example.org", "https://planet.example.org/about", true},
		{"", "http://127.0.0.1:8080", "http://127.0.0.1:8080/about", false},
		{"", "http://localhost:8080", "http://localhost:8080/about", false},
		{"", "http://192.168.1.4", "http://192.168.1.4/about", false},
		{"", "http://100.64.0.1", "http://100.64.0.1/about", false},
		{"", "http://planet.local", "http://planet.local/about", false},
		{"mailto:me@example.org", "http://127.0.0.1", "mailto:me@example.org", true},
		{"https://example.org/who", "http://127.0.0.1", "https://example.org/who", true},
	}
	for _, tt := range tests {
		got, public := netFlags{Contact: tt.contact}.contact(tt.base)
		if got != tt.want || public != tt.public {
			t.Errorf("contact(%q, %q) = %q, %v, want %q, %v", tt.contact, tt.base, got, public, tt.want, tt.public)
		}
	}
}

func TestBaseURL(t *testing.T) {
	listen := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"", "http://127.0.0.1:8080", true},
		{"https://planet.example/", "https://planet.example", true},
		{"https://planet.example/caravan/", "https://planet.example/caravan", true},
		{"planet.example", "", false},
		{"ftp://planet.example", "", false},
		{"https://planet.example/?x=1", "", false},
	}
	for _, tt := range tests {
		got, err := netFlags{BaseURL: tt.in}.baseURL(listen)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("baseURL(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
		}
	}
}

func TestZoneMustBeAName(t *testing.T) {
	for name, ok := range map[string]bool{"UTC": true, "America/Santiago": true, "Local": false, "Mars/Olympus": false} {
		if _, err := (netFlags{TimeZone: name}).zone(); (err == nil) != ok {
			t.Errorf("zone(%q) = %v", name, err)
		}
	}
}
