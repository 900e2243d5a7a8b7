package hyperlink

import (
	"fmt"
	"strings"
	"testing"
)

func TestTheBaseIsThePublishersOwn(t *testing.T) { // S20
	tests := []struct{ name, link, site, feed, want string }{
		{"the link", "https://a.example/x/y", "", "", "https://a.example/x/p"},
		{"the link on the site", "https://a.example/x/y", "https://a.example/", "", "https://a.example/x/p"},
		{"the link on another name of the site", "https://news.a.example/x/y", "https://www.a.example/", "", "https://news.a.example/x/p"},
		{"the link on the feed's site", "https://a.example/x/y", "https://b.example/", "https://feeds.a.example/f", "https://a.example/x/p"},
		{"the site, as the link leads elsewhere", "https://c.example/x/y", "https://b.example/s/", "https://a.example/f", "https://b.example/s/p"},
		{"the link, as there is no site", "https://c.example/x/y", "", "https://a.example/f", "https://c.example/x/p"},
		{"the feed, as there is nothing else", "", "", "https://a.example/f/g", "https://a.example/f/p"},
		{"nothing", "", "", "", ""},
		{"no web address", "urn:x", "mailto:a@b.example", "ftp://a.example/", ""},
		{"addresses that are none", "https://", "https://[", "/f", ""},
		{"space around", " https://a.example/x/y ", "", "", "https://a.example/x/p"},
		{"two publishers under one suffix", "https://a.co.uk/x/y", "https://b.co.uk/s/", "", "https://b.co.uk/s/p"},
		{"two blogs of one host", "https://a.github.io/x/y", "https://b.github.io/s/", "", "https://b.github.io/s/p"},
		{"addresses of numbers", "http://127.0.0.1/x/y", "http://127.0.0.1:80/", "", "http://127.0.0.1/x/p"},
		{"a dot at the end", "https://a.example./x/y", "https://A.example/", "", "https://a.example./x/p"},
	}
	for _, test := range tests {
		if got := New(test.link, test.site, test.feed).Web("p"); got != test.want {
			t.Errorf("%s: p is %q, want %q", test.name, got, test.want)
		}
	}
}

func TestWhatBrowsersMendIsMended(t *testing.T) { // WHATWG URL
	tests := []struct{ in, want string }{
		{"https://a.example", "https://a.example"},
		{"\u00a0https://a.example/\ufeff", "https://a.example/"},
		{"https://a.exa\nmple/x\ty", "https://a.example/xy"},
		{"\x00https://a.example/", "https://a.example/"},
		{"hTTps://a.example/", "https://a.example/"},
		{"https:a.example/x", "https://a.example/x"},
		{"https:///a.example/x", "https://a.example/x"},
		{"HTTP:\\\\a.example\\x", "http://a.example/x"},
		{"https://a.example/x?y=a\\b", "https://a.example/x?y=a\\b"},
		{"https://a.example/x#a\\b", "https://a.example/x#a%5Cb"},
		{"https://a.example/<x>", "https://a.example/%3Cx%3E"},
		{"https://a.example/{x}", "https://a.example/%7Bx%7D"},
		{"https://a.example/a^b`c|d", "https://a.example/a%5Eb%60c%7Cd"},
		{"https://a.example/%zz", "https://a.example/%25zz"},
		{"https://a.example/%4", "https://a.example/%254"},
		{"https://a.example/%4g", "https://a.example/%254g"},
		{"https://a.example/%41%5a%0f%F0", "https://a.example/%41%5a%0f%F0"},
		{"https://a.example/%", "https://a.example/%25"},
		{"https://a.example/\x7f", "https://a.example/%7F"},
		{"https://A.EXAMPLE:8080/", "https://a.example:8080/"},
		{"https://a.example:65535/", "https://a.example:65535/"},
		{"https://a.example:65536/", ""},
		{"https://a.example:x/", ""},
		{"https://[::1]/x", "https://[::1]/x"},
		{"https://[::1]:81/x", "https://[::1]:81/x"},
		{"https://.a.example/", ""},
		{"https://a..example/", ""},
		{"https://a'b.example/", ""},
		{"https://a(b).example/", ""},
		{"https://", ""},
		{"https:///", ""},
		{"https://:80/", ""},
		{"https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/"},
		{"https://MÜNCHEN.example/", "https://xn--mnchen-3ya.example/"},
		{"https://\u202ea.example/", ""},
		{"https://" + strings.Repeat("ä", 251) + ".example/", ""},
		{"https://" + strings.Repeat("a", 500) + "/", "https://" + strings.Repeat("a", 500) + "/"},
		{"https://" + strings.Repeat("a", 501) + "/", ""},
		{"https://u:p@a.example/", "https://a.example/"},
		{"ftp://a.example/", ""},
		{"javascript:x", ""},
		{"https:a", "https://a"},
		{"http://a.example/" + strings.Repeat("x", 4079), "http://a.example/" + strings.Repeat("x", 4079)},
		{"http://a.example/" + strings.Repeat("x", 4080), ""},
		{"//a.example/x", "https://a.example/x"},
		{"/x", ""},
		{"x", ""},
		{"", ""},
		{" ", ""},
	}
	for _, test := range tests {
		if got := (&Resolver{}).Web(test.in); got != test.want {
			t.Errorf("Web(%.80q) = %.80q, want %.80q", test.in, got, test.want)
		}
	}
}

func TestMailIsFollowedWhereReadersFollowIt(t *testing.T) {
	at := New("https://a.example/", "", "")
	for in, want := range map[string]string{
		"mailto:jo@a.example":             "mailto:jo@a.example",
		"MAILTO:jo@a.example":             "mailto:jo@a.example",
		"mailto:jo@a.example?subject=a b": "mailto:jo@a.example?subject=a%20b",
		"mailto:jo\\x@a.example":          "mailto:jo\\x@a.example",
		"mailto:jo":                       "",
		"mailto:":                         "",
		"mailto://jo@a.example":           "",
	} {
		if got := at.Link(in); got != want {
			t.Errorf("Link(%q) = %q, want %q", in, got, want)
		}
		if at.Web(in) != "" || at.Image(in) != "" || at.Exact(in) != "" || Canonical(in) != "" {
			t.Errorf("%q: Web %q, Image %q, Exact %q, Canonical %q, want none", in, at.Web(in), at.Image(in), at.Exact(in), Canonical(in))
		}
	}
}

func TestTrackersAreTakenOffAddresses(t *testing.T) {
	const at = "https://a.example/p"
	names := "utm_source utm-medium UTM_CAMPAIGN mtm_kwd pk_source piwik_x matomo_x hsa_acc oly_enc_id at_custom1 at_campaign at_medium fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok vero_id vero_conv _hsenc _hsmi ml_subscriber ck_subscriber_id s_cid cmpid xtor wt_mc wt.mc_id ns_campaign rb_clickid epik srsltid ref_src ref_url _ga _gl sfmc_id ftag icid ncid guccounter fb_action_ids fb_source trk sc_campaign wickedid oft_id dm_i amp;utm_source"
	for name := range strings.FieldsSeq(names) {
		for in, want := range map[string]string{
			"?%s=1":         "",
			"?a=1&%s=2":     "?a=1",
			"?%s=1&a=2":     "?a=2",
			"?a=1&%s=2&b=3": "?a=1&b=3",
			"?%s":           "",
		} {
			if got := (&Resolver{}).Web(at + fmt.Sprintf(in, name)); got != at+want {
				t.Errorf("Web(%s) = %q, want %q", fmt.Sprintf(in, name), got, at+want)
			}
		}
	}
	for _, kept := range []string{"?source=1", "?utm=1", "?ref=1", "?a=utm_source", "?page=2&b=", "?", "?a&&b", "#top", "#a=b", "#utm_source"} {
		want := at + strings.TrimSuffix(kept, "?")
		if kept == "?" {
			want = at + "?"
		}
		if got := (&Resolver{}).Web(at + kept); got != want {
			t.Errorf("Web(%s) = %q, want it as it is", kept, got)
		}
	}
	for _, gone := range []string{"#utm_source=rss", "#xtor=RSS-1", "#Utm_medium=x"} {
		if got := (&Resolver{}).Web(at + gone); got != at {
			t.Errorf("Web(%s) = %q", gone, got)
		}
	}
	if got := (&Resolver{}).Image(at + "?utm_source=1&x=2"); got != at+"?utm_source=1&x=2" {
		t.Errorf("the query of an image becomes %q", got)
	}
}

func TestAddressesThatOnlyPassOnAreUnwrapped(t *testing.T) {
	const inner = "https%3A%2F%2Fa.example%2Fp%3Fx%3D1"
	for _, in := range []string{"https://www.google.com/url?q=" + inner, "https://google.co.uk/url?url=" + inner, "https://l.facebook.com/l.php?u=" + inner, "https://lm.facebook.com/l.php?u=" + inner + "&h=x", "https://t.umblr.com/redirect?z=" + inner, "https://eur01.safelinks.protection.outlook.com/?url=" + inner} {
		if got := (&Resolver{}).Link(in); got != "https://a.example/p?x=1" {
			t.Errorf("Link(%q) = %q", in, got)
		}
	}
	for _, in := range []string{"https://www.google.com/maps?q=" + inner, "https://l.facebook.com/x?u=" + inner, "https://t.umblr.com/x?z=" + inner, "https://safelinks.example/?url=" + inner, "https://www.google.com/url?q=javascript:x", "https://www.google.com/url?q=https://u:p@a.example/", "https://www.google.com/url?q=/x", "https://www.google.com/url?q=https://a..example/", "https://www.google.com/url?x=1"} {
		if got := (&Resolver{}).Link(in); !strings.HasPrefix(got, strings.SplitAfter(in, "?")[0]) {
			t.Errorf("Link(%q) = %q, want it as it is", in, got)
		}
	}
}

func TestAnExactAddressIsLeftAsItIs(t *testing.T) {
	at := New("https://a.example/x/", "", "")
	for in, want := range map[string]string{
		"https://b.example/p?utm_source=x#y": "https://b.example/p?utm_source=x#y",
		"http://B.Example/é":                 "http://B.Example/é",
		" https://b.example/ ":               "https://b.example/",
		"p":                                  "https://a.example/x/p",
		"//b.example/p":                      "https://b.example/p",
		"https://u@b.example/":               "https://b.example/",
		"https://b.example/a b":              "https://b.example/a%20b",
		"javascript:x":                       "",
		"":                                   "",
		"HTTPS://b.example/":                 "https://b.example/",
	} {
		if got := at.Exact(in); got != want {
			t.Errorf("Exact(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCandidatesOfImagesAreBoundedAndWhole(t *testing.T) {
	at := New("https://a.example/", "", "")
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("%d.png %dw", i, i+1))
	}
	if got := strings.Count(at.Srcset(strings.Join(many, ", ")), ".png"); got != 20 {
		t.Errorf("%d candidates, want 20", got)
	}
	for in, want := range map[string]string{
		"a.png":             "https://a.example/a.png",
		"a.png 10w":         "https://a.example/a.png 10w",
		"a.png 1.5x,":       "https://a.example/a.png 1.5x",
		"a.png w":           "",
		"a.png 10q":         "",
		"a.png 10":          "",
		"a.png 1234567890w": "",
		"a.png 123456789w":  "https://a.example/a.png 123456789w",
		"a.png 1-x":         "",
		"a.png x":           "",
		"a.png 1x b, c.png": "https://a.example/c.png",
		"https://pixel.wp.com/x.gif 1x, b.png 2x": "https://a.example/b.png 2x",
		",,":             "",
		"\ta.png\n1x\f":  "https://a.example/a.png 1x",
		"a.png,b.png 2x": "https://a.example/a.png,b.png 2x",
		"/,":             "https://a.example/",
	} {
		if got := at.Srcset(in); got != want {
			t.Errorf("Srcset(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestImagesThatCountReadersAreKnown(t *testing.T) { // S22
	hosts := "doubleclick.net google-analytics.com googletagmanager.com quantserve.com scorecardresearch.com statcounter.com pixel.wp.com stats.wordpress.com feeds.wordpress.com feedsportal.com pheedo.com addtoany.com addthis.com sharethis.com chartbeat.net parsely.com imrworldwide.com xiti.com webtrends.com adnxs.com zemanta.com bat.bing.com ct.pinterest.com px.ads.linkedin.com analytics.twitter.com hit.gemius.pl"
	for host := range strings.FieldsSeq(hosts) {
		if !IsTracker("https://"+host+"/x.gif") || !IsTracker("http://a.b."+strings.ToUpper(host)+"/") || IsTracker("https://x"+host+"/") || IsTracker("https://"+host+".example/") {
			t.Errorf("%s is not told from its neighbours", host)
		}
	}
	for address, want := range map[string]bool{
		"https://feeds.feedburner.com/~r/x":    true,
		"https://feeds.a.example/~r/x/4":       true,
		"https://a.example/~jo/x.png":          false,
		"https://a.example/~4/x":               true,
		"https://a.example/~ff/x":              true,
		"https://medium.com/_/stat?x":          true,
		"https://a.example/_/stat":             false,
		"https://www.facebook.com/tr?id=1":     true,
		"https://facebook.com/tr":              true,
		"https://a.example/tr":                 false,
		"https://x.list-manage.com/track/open": true,
		"https://a.example/track/open":         true,
		"https://a.example/piwik.php":          true,
		"https://a.example/PIXEL.GIF":          true,
		"https://a.example/1x1.png":            true,
		"https://a.example/11x1.png":           false,
		"https://a.example/x.png":              false,
		"https://email.substack.com/o/x":       true,
		"https://substack.com/o/x":             true,
		"https://a.example/o/x":                false,
		"https://ssl-vg03.met.vgwort.de/na/x":  true,
		"https://notfacebook.com/tr":           false,
		"https://[":                            true,
		"":                                     false,
	} {
		if got := IsTracker(address); got != want {
			t.Errorf("IsTracker(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestSpellingsOfOnePageAreOne(t *testing.T) { // R17
	for in, want := range map[string]string{
		"https://a.example/amp":             "a.example",
		"https://a.example/p/amp/amp/":      "a.example/p",
		"https://www.amp.www.a.example/p":   "a.example/p",
		"https://www.example/p":             "www.example/p",
		"https://amp.example/":              "amp.example",
		"http://a.example:443/":             "a.example:443",
		"https://a.example:80/":             "a.example:80",
		"https://a.example:8443/p":          "a.example:8443/p",
		"https://[::1]:443/p":               "[::1]/p",
		"https://a.example//x///y/":         "a.example/x/y",
		"https://a.example/a%2Fb/":          "a.example/a%2Fb",
		"https://a.example/a%2fb/amp":       "a.example/a%2fb",
		"https://a.example/100%25/":         "a.example/100%25",
		"https://a.example/a%20b":           "a.example/a%20b",
		"https://a.example/?AMP=1&x=2":      "a.example?x=2",
		"https://a.example/?outputType=amp": "a.example",
		"https://a.example/?amp=2":          "a.example?amp=2",
		"https://a.example/?a=1&&b=2&":      "a.example?a=1&b=2",
		"https://a.example/#!x":             "a.example#!x",
		"https://a.example/#x":              "a.example",
		"https://a.example/?":               "a.example",
	} {
		if got := Canonical(in); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", in, got, want)
		}
	}
}
