package clean

import "testing"

// TestTheGateHoldsWhatTheCleanerWouldLetThrough gives the gate what only a hole
// in the cleaner could give it.
func TestTheGateHoldsWhatTheCleanerWouldLetThrough(t *testing.T) { // S18
	for in, want := range map[string]string{
		`a<script>b</script>c`:                              `ac`,
		`a<style>b</style>c`:                                `ac`,
		`<p onclick="x">a</p>`:                              `<p>a</p>`,
		`<p style="x" class="y" id="z">a</p>`:               `<p>a</p>`,
		`<a href="javascript:x">a</a>`:                      `<a>a</a>`,
		`<a href="data:text/html,x">a</a>`:                  `<a>a</a>`,
		`<a href="/relative">a</a>`:                         `<a>a</a>`,
		`<a href="https://a.example/" target="x">a</a>`:     `<a href="https://a.example/">a</a>`,
		`<a href="https://a.example/" rel="opener">a</a>`:   `<a href="https://a.example/">a</a>`,
		`<img src="javascript:x" alt="a">`:                  `<img alt="a">`,
		`<img src="https://a.example/i" onerror="x">`:       `<img src="https://a.example/i">`,
		`<img src="https://a.example/i" loading="eager">`:   `<img src="https://a.example/i">`,
		`<img srcset="javascript:x 1x" alt="">`:             `<img alt="">`,
		`<iframe src="https://a.example/"></iframe>a`:       `a`,
		`<form action="https://a.example/"><input>a</form>`: `a`,
		`<svg onload="x"><p>a</p></svg>`:                    `<p>a</p>`,
		`<td colspan="x">a</td>`:                            `<td>a</td>`,
		`<ol type="x" start="y"><li value="z">a</li></ol>`:  `<ol><li>a</li></ol>`,
		`<p dir="x" lang="{}">a</p>`:                        `<p>a</p>`,
		`<time datetime="<">a</time>`:                       `<time>a</time>`,
		`<h1>a</h1>`:                                        `a`,
		`plain & text`:                                      `plain & text`,
	} {
		if got := gate([]byte(in)); got != want {
			t.Errorf("gate(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTheGateLeavesQuotationMarksInText(t *testing.T) {
	for in, want := range map[string]string{
		`<p>&#34;it&#39;s&#34; &#38;</p>`:                `<p>"it's" &#38;</p>`,
		`<p title="a&#34;b&#39;c">&#34;</p>`:             `<p title="a&#34;b'c">"</p>`,
		`<p title="&#34;">`:                              `<p title="&#34;">`,
		`&#34;<b>x</b>&#34;`:                             `"<b>x</b>"`,
		`<b title="x">a</b> &#34;<i title="&#34;">b</i>`: `<b title="x">a</b> "<i title="&#34;">b</i>`,
		`no reference`:                                   `no reference`,
		`&#35;&#3`:                                       `&#35;&#3`,
		`&amp;#34;`:                                      `&amp;#34;`,
	} {
		if got := plainQuotes(in); got != want {
			t.Errorf("plainQuotes(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSourcesAreBoundedAndMadeValid(t *testing.T) { // S13
	for in, want := range map[string]string{
		"a\xffb":                    "a\uFFFDb",
		"é":                         "é",
		"<![CDATA[<p>a</p>]]>":      "<p>a</p>",
		" <![CDATA[<p>a</p>]]>\n":   "<p>a</p>",
		"<![CDATA[<p>a</p>":         "<p>a</p>",
		"a <![CDATA[<p>b</p>]]>":    "a <![CDATA[<p>b</p>]]>",
		string(make([]byte, 3<<20)): string(make([]byte, maxSource)),
	} {
		if got := trimSource(in); got != want {
			t.Errorf("trimSource(%.40q) = %.40q (%d bytes), want %.40q", in, got, len(got), want)
		}
	}
}
