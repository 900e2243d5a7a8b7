package article

import (
	"net/url"
	"strings"
)

// stripTrackers takes the parameters off u that say where a reader came from.
// The order and spelling of the others stay.
func stripTrackers(u *url.URL) {
	if u.RawQuery != "" {
		u.RawQuery = stripQuery(u.RawQuery)
		u.ForceQuery = false
	}
	if u.Fragment != "" {
		name, _, _ := strings.Cut(u.Fragment, "=")
		if name != u.Fragment && isTrackingParameter(name) {
			u.Fragment, u.RawFragment = "", ""
		}
	}
}

// stripQuery returns query without tracking parameters.
func stripQuery(query string) string {
	tracked := false
	for part := range strings.SplitSeq(query, "&") {
		tracked = tracked || isTrackingPart(part)
	}
	if !tracked {
		return query
	}
	kept := make([]string, 0, 4)
	for part := range strings.SplitSeq(query, "&") {
		if !isTrackingPart(part) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

// isTrackingPart reports whether one name=value of a query is a tracker's.
// "&amp;" written twice over leaves names that begin with "amp;".
func isTrackingPart(part string) bool {
	name, _, _ := strings.Cut(part, "=")
	return isTrackingParameter(strings.TrimPrefix(name, "amp;"))
}

// isTrackingParameter reports whether a parameter of that name only tells
// where a reader came from.
func isTrackingParameter(name string) bool {
	name = strings.ToLower(name)
	if trackingParameters[name] {
		return true
	}
	for _, prefix := range []string{"utm_", "utm-", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "oly_", "at_custom", "at_campaign", "at_medium"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// trackingParameters are the parameters that the common mailing, advertising
// and statistics services add to links.
var trackingParameters = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true,
	"msclkid": true, "yclid": true, "twclid": true, "ttclid": true, "li_fat_id": true, "igshid": true, "igsh": true,
	"mc_cid": true, "mc_eid": true, "mkt_tok": true, "vero_id": true, "vero_conv": true, "_hsenc": true, "_hsmi": true,
	"hsctatracking": true, "ml_subscriber": true, "ml_subscriber_hash": true, "ck_subscriber_id": true,
	"s_cid": true, "s_cmp": true, "cmp": true, "cmpid": true, "xtor": true, "wt_mc": true, "wt.mc_id": true, "ns_campaign": true, "ns_mchannel": true,
	"ns_source": true, "ns_linkname": true, "ns_fee": true, "rb_clickid": true, "epik": true, "srsltid": true,
	"ref_src": true, "ref_url": true, "_ga": true, "_gl": true, "__s": true, "sfmc_id": true, "sfmc_activityid": true,
	"ftag": true, "icid": true, "ncid": true, "guccounter": true, "guce_referrer": true, "guce_referrer_sig": true,
	"isfreemail": true, "triedredirect": true,
	"source=rss": false, "fb_action_ids": true, "fb_action_types": true, "fb_source": true,
	"trk": true, "trkcampaign": true, "sc_campaign": true, "sc_channel": true, "sc_content": true, "sc_medium": true,
	"sc_outcome": true, "sc_geo": true, "sc_country": true, "wickedid": true, "oft_id": true, "dm_i": true,
}

// unwrap returns the address inside a known service that passes readers on,
// or u itself.
func unwrap(u *url.URL) *url.URL {
	host := strings.TrimPrefix(u.Hostname(), "www.")
	var name string
	switch {
	case strings.HasPrefix(host, "google.") && u.Path == "/url":
		name = "q"
		if u.Query().Get(name) == "" {
			name = "url"
		}
	case (host == "l.facebook.com" || host == "lm.facebook.com") && u.Path == "/l.php":
		name = "u"
	case host == "t.umblr.com" && u.Path == "/redirect":
		name = "z"
	case strings.HasSuffix(host, ".safelinks.protection.outlook.com"):
		name = "url"
	default:
		return u
	}
	inner, err := url.Parse(tidyAddress(u.Query().Get(name)))
	if err != nil || inner.Scheme != "http" && inner.Scheme != "https" || inner.Host == "" || inner.User != nil {
		return u
	}
	if inner = asciiHost(inner); inner == nil {
		return u
	}
	return inner
}

// trackerHosts are hosts, with all below them, that serve nothing but images
// for counting readers, and buttons.
var trackerHosts = map[string]bool{
	"doubleclick.net": true, "google-analytics.com": true, "googletagmanager.com": true, "googleadservices.com": true,
	"googlesyndication.com": true, "quantserve.com": true, "scorecardresearch.com": true, "statcounter.com": true,
	"sitemeter.com": true, "pixel.wp.com": true, "stats.wordpress.com": true, "stats.wp.com": true, "feeds.wordpress.com": true,
	"feedsportal.com": true, "pheedo.com": true,
	"pheedcontent.com": true, "gigya.com": true, "hits.e.cl": true,
	"addtoany.com": true, "addthis.com": true, "sharethis.com": true, "chartbeat.net": true, "parsely.com": true,
	"pixel.parsely.com": true, "imrworldwide.com": true, "xiti.com": true, "estat.com": true, "webtrends.com": true,
	"webtrendslive.com": true, "2mdn.net": true, "adnxs.com": true, "adsrvr.org": true, "zemanta.com": true, "tweetmeme.com": true,
	"fmpub.net": true, "counter.theconversation.com": true,
	"counter.theconversation.edu.au": true, "kampyle.com": true, "hit.gemius.pl": true, "hit-parade.com": true,
	"count.carrierzone.com": true, "bat.bing.com": true, "ct.pinterest.com": true, "px.ads.linkedin.com": true, "analytics.twitter.com": true,
}

// trackerPaths are the paths of counters on hosts that serve other things too.
// An empty host stands for any.
var trackerPaths = []struct{ host, path string }{
	{"feedburner.com", "/~"}, {"feedproxy.google.com", "/~"}, {"", "/~r/"}, {"", "/~ff/"}, {"", "/~a/"},
	{"medium.com", "/_/stat"}, {"facebook.com", "/tr"}, {"list-manage.com", "/track/"}, {"mandrillapp.com", "/track/"},
	{"hubspot.com", "/__ptq.gif"}, {"", "/__ptq.gif"}, {"", "/wf/open"}, {"blogger.googleusercontent.com", "/tracker/"},
	{"blogspot.com", "/tracker/"}, {"googleusercontent.com", "/tracker/"}, {"", "/piwik.php"}, {"", "/matomo.php"},
	{"", "/ga.gif"}, {"", "/__utm.gif"}, {"", "/b.gif"}, {"", "/pixel.gif"}, {"", "/track.gif"}, {"", "/tracking.gif"},
	{"", "/tracker.gif"}, {"", "/count.gif"}, {"", "/1x1.gif"}, {"", "/1x1.png"}, {"", "/mf.gif"}, {"", "/pixel.png"},
	{"", "/piwik/piwik.php"}, {"substack.com", "/o/"}, {"sendgrid.net", "/open"}, {"mailchimp.com", "/track/"}, {"npr.org", "/tracking/"},
	{"vgwort.de", "/na/"}, {"", "/open.php"}, {"", "/track/open"}, {"rackcdn.com", "/tracking"}, {"amazon-adsystem.com", "/"},
	{"assoc-amazon.com", "/e/"}, {"ir-na.amazon-adsystem.com", "/e/"},
}
