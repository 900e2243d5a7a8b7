package hyperlink

import (
	"net/url"
	"slices"
	"strings"

	"caravan/fetcher/article/plaintext"
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
	return slices.ContainsFunc(trackingPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// trackingPrefixes are how families of such parameters begin.
var trackingPrefixes = []string{
	"utm_", "utm-", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "oly_", "at_custom", "at_campaign", "at_medium",
}

// trackingParameters are the parameters that the common mailing, advertising
// and statistics services add to links.
var trackingParameters = plaintext.WordSet(`fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid
	mkt_tok vero_id vero_conv _hsenc _hsmi hsctatracking ml_subscriber ml_subscriber_hash ck_subscriber_id s_cid
	s_cmp cmpid xtor wt_mc wt.mc_id ns_campaign ns_mchannel ns_source ns_linkname ns_fee rb_clickid epik
	srsltid ref_src ref_url _ga _gl __s sfmc_id sfmc_activityid ftag icid ncid guccounter guce_referrer
	guce_referrer_sig isfreemail triedredirect fb_action_ids fb_action_types fb_source trk trkcampaign sc_campaign
	sc_channel sc_content sc_medium sc_outcome sc_geo sc_country wickedid oft_id dm_i`)

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
var trackerHosts = plaintext.WordSet(`doubleclick.net google-analytics.com googletagmanager.com googleadservices.com googlesyndication.com
	quantserve.com scorecardresearch.com statcounter.com sitemeter.com pixel.wp.com stats.wordpress.com
	stats.wp.com feeds.wordpress.com feedsportal.com pheedo.com pheedcontent.com gigya.com hits.e.cl addtoany.com
	addthis.com sharethis.com chartbeat.net parsely.com pixel.parsely.com imrworldwide.com xiti.com estat.com
	webtrends.com webtrendslive.com 2mdn.net adnxs.com adsrvr.org zemanta.com tweetmeme.com fmpub.net
	counter.theconversation.com counter.theconversation.edu.au kampyle.com hit.gemius.pl hit-parade.com
	count.carrierzone.com bat.bing.com ct.pinterest.com px.ads.linkedin.com analytics.twitter.com`)

// trackerPaths are the paths of counters on hosts that serve other things too.
// An empty host stands for any.
var trackerPaths = []struct{ host, path string }{
	{"feedburner.com", "/~"}, {"feedproxy.google.com", "/~"}, {"", "/~4/"}, {"", "/~ff/"}, {"", "/~ah/"},
	{"medium.com", "/_/stat"}, {"facebook.com", "/tr"}, {"list-manage.com", "/track/"}, {"mandrillapp.com", "/track/"},
	{"hubspot.com", "/__ptq.gif"}, {"", "/__ptq.gif"}, {"", "/wf/open"}, {"blogger.googleusercontent.com", "/tracker/"},
	{"blogspot.com", "/tracker/"}, {"googleusercontent.com", "/tracker/"}, {"", "/piwik.php"}, {"", "/matomo.php"},
	{"", "/ga.gif"}, {"", "/__utm.gif"}, {"", "/pixel.gif"}, {"", "/track.gif"}, {"", "/tracking.gif"},
	{"", "/tracker.gif"}, {"", "/count.gif"}, {"", "/1x1.gif"}, {"", "/1x1.png"}, {"", "/mf.gif"}, {"", "/pixel.png"},
	{"substack.com", "/o/"}, {"sendgrid.net", "/open"}, {"mailchimp.com", "/track/"}, {"npr.org", "/tracking/"},
	{"vgwort.de", "/na/"}, {"", "/open.php"}, {"", "/track/open"}, {"rackcdn.com", "/tracking"},
	{"amazon-adsystem.com", "/"}, {"assoc-amazon.com", "/e/"},
}

// IsTracker reports whether an image exists to count its readers: its host
// does nothing else, or its path is that of a known counter.
func IsTracker(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	host := strings.ToLower(u.Hostname())
	for h := host; h != ""; {
		if trackerHosts[h] {
			return true
		}
		_, h, _ = strings.Cut(h, ".")
	}
	path := strings.ToLower(u.Path)
	if strings.HasPrefix(host, "feeds.") && strings.HasPrefix(path, "/~") {
		return true // FeedBurner under the publisher's name
	}
	for _, t := range trackerPaths {
		if strings.Contains(path, t.path) && (t.host == "" || host == t.host || strings.HasSuffix(host, "."+t.host)) {
			return true
		}
	}
	return false
}
