package polite

import (
	"net/http"
	"testing"
)

func TestShieldsAreNamed(t *testing.T) {
	tests := []struct {
		status int
		header http.Header
		body   string
		want   string
	}{
		{403, http.Header{"Cf-Mitigated": {"challenge"}}, "", "Cloudflare"},
		{503, http.Header{"Server": {"cloudflare"}}, "<html><title>Just a moment...</title>", "Cloudflare"},
		{200, http.Header{}, "\ufeff\n<!DOCTYPE html><title>Making sure you're not a bot!</title>", "Anubis"},
		{429, http.Header{"X-Vercel-Mitigated": {"deny"}}, "", "Vercel"},
		{405, http.Header{"X-Amzn-Waf-Action": {"captcha"}}, "", "AWS WAF"},
		{403, http.Header{"Server": {"cloudflare"}}, "<html>Forbidden", ""},
		{404, http.Header{}, "making sure you're not a bot!", ""},
		{200, http.Header{}, "<rss><title>Making sure you're not a bot!</title>", ""},
		{200, http.Header{}, "<html><title>Log in</title>", ""},
	}
	for _, tt := range tests {
		if got := shield(tt.status, tt.header, []byte(tt.body)); got != tt.want {
			t.Errorf("shield(%d, %v, %q) = %q, want %q", tt.status, tt.header, tt.body, got, tt.want)
		}
	}
}
