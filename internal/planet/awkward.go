package planet

import (
	"time"

	"caravan"
)

// awkward adds articles that pages stumble over: written from right to left,
// without a title, a date, an author or a text, with markup or turned
// characters where plain words belong, and long ones.
func (p *Planet) awkward(now time.Time) {
	arabic := *p.source("مختبر الميناء", "دفتر المختبر", "ar", "https://mina.example/", now)
	p.add(arabic, caravan.Item{
		Title: "كيف رسم الجيران خريطة الفيضان", Link: "https://mina.example/kharita", Language: "ar", Authors: []string{"ليلى حداد"},
		Tags: []string{"خرائط"}, Full: true, Published: now.Add(-5 * time.Hour),
		Content: "<p>وضعنا الخريطة على طاولة في المكتبة وسألنا الجيران أين وقف الماء. في مساءين عرفنا تسعة أقبية لم تكن في أي خريطة.</p>",
	})
	odd := *p.source("Odd & <Ends>", "The <b>odd</b> notebook", "en", "https://odd.example/", now)
	p.add(odd, caravan.Item{
		Title: `<script>alert("title")</script> & "quotes" '`, Link: "https://odd.example/markup", Language: "en",
		Authors: []string{`<img src=x onerror=alert(1)>`}, Tags: []string{`"><svg onload=alert(1)>`}, Full: true, Published: now.Add(-26 * time.Hour),
		Content: "<p>Plain words of a post whose title looks like markup.</p>",
	})
	p.add(odd, caravan.Item{
		Title: "Turned \u202eround and never turned back", Link: "https://odd.example/bidi", Language: "en", Authors: []string{"A \u202eB"},
		Published: now.Add(-27 * time.Hour), Content: "<p>The neighbours of this title stand as they should.</p>",
	})
	p.add(odd, caravan.Item{
		Link: "https://odd.example/untitled", Published: now.Add(-28 * time.Hour),
		Content: "<p>A note without a title, whose first words have to serve as one in every list there is.</p>",
	})
	p.add(odd, caravan.Item{Title: "javascript link, so no link", Link: "javascript:alert(1)", Language: "en", Published: now.Add(-29 * time.Hour)})
	p.add(odd, caravan.Item{
		Title: "Eineunglaublichlangewortkettedieniemandtrennenkannundübermehrerezeilenlaufenmuss", Link: "https://odd.example/long",
		Language: "de", Published: now.Add(-50 * time.Hour), Content: "<p>Kurz.</p>",
	})
	p.add(odd, caravan.Item{
		Title: "A whole article with everything in it", Link: "https://odd.example/everything", Language: "en", Authors: []string{"Ada N.", "B. C."},
		Tags: []string{"forms"}, Full: true, Published: now.Add(48 * time.Hour), FirstSeen: now.Add(-7 * time.Hour), Revisions: 2, Changed: now.Add(-2 * time.Hour),
		License: "https://creativecommons.org/licenses/by/4.0/", Comments: "https://odd.example/everything#comments",
		Enclosures: []caravan.Enclosure{{URL: "https://odd.example/talk.mp3", Type: "audio/mpeg", Length: 12_400_000}},
		Content: `<p>An opening with a <a href="https://odd.example/">link</a>.</p><h2>A heading</h2><ul><li>one</li><li>two</li></ul>` +
			`<blockquote><p>A quotation in italics.</p></blockquote><figure><img src="https://pictures.example/a.jpg" alt="A table"><figcaption>A picture.</figcaption></figure>` +
			`<pre><code>a very long line of code that has to scroll inside of its own box and never pushes the whole page wider than the window is</code></pre>` +
			`<table><tr><th>Year</th><th>Number</th></tr><tr><td>2026</td><td>1</td></tr></table>`,
	})
	undated := caravan.Item{Title: "An article that has no date", Link: "https://odd.example/undated", Language: "en", FirstSeen: now.Add(-300 * 24 * time.Hour), Undated: true}
	p.add(odd, undated)
}

// states puts the sources into every state there is, and the list into trouble.
func (p *Planet) states(now time.Time) {
	set := func(slug string, change func(*caravan.Source)) {
		for i := range p.Feeds {
			if p.Feeds[i].Slug == slug {
				change(&p.Feeds[i])
			}
		}
	}
	fail := func(class caravan.FailureClass, status, failures int, detail string) func(*caravan.Source) {
		return func(s *caravan.Source) {
			s.State.Failure = caravan.Failure{Class: class, Detail: detail}
			s.State.Status, s.State.Failures = status, failures
			s.State.FailingSince, s.State.NextPoll = now.AddDate(0, 0, -failures), now.Add(5*time.Hour)
			s.State.LastSuccess = s.State.FailingSince
		}
	}
	slugs := make([]string, len(p.Feeds))
	for i, s := range p.Feeds {
		slugs[i] = s.Slug
	}
	set(slugs[1], fail(caravan.FailTLS, 0, 5, "certificate expired on 20 November 2026"))
	set(slugs[2], fail(caravan.FailShield, 403, 9, ""))
	set(slugs[3], func(s *caravan.Source) {
		fail(caravan.FailGone, 410, 3, "")(s)
		s.State.NextPoll = time.Time{}
	})
	set(slugs[4], func(s *caravan.Source) { s.URL = "https://passerelle.example/nouveau/feed" })
	set(slugs[5], func(s *caravan.Source) { s.State.Rhythm = 12 * time.Hour })
	set(slugs[6], func(s *caravan.Source) { s.Settings.Paused = true })
	set(slugs[7], fail(caravan.FailTimeout, 0, 1, ""))
	set(slugs[13], func(s *caravan.Source) { s.State = caravan.PollState{NextPoll: now.Add(4 * time.Minute)} })
	set(slugs[8], func(s *caravan.Source) { s.Settings.Show = caravan.ShowExcerpt })
	set(slugs[9], func(s *caravan.Source) { s.Settings.Show, s.Settings.Skip = caravan.ShowTitle, "tag:jobs" })
	p.List.Problems = []caravan.Problem{
		{File: "feeds.opml", Line: 18, Column: 7, Severity: caravan.SeverityWarning, Message: "This outline names the same address as line 12. Remove one of them.", Text: `<outline text="Lantern again" xmlUrl="https://…@lantern.example/feed"/>`, At: 1},
		{File: "feeds.opml", Line: 52, Column: 31, Severity: caravan.SeverityError, Message: "A quotation mark is missing after the name. Add it.", Text: `<outline text="Open <data> xmlUrl="https://data.example/feed"/>`, At: 27},
	}
	p.Folders = append(p.Folders, caravan.Community{
		Slug: "paper-only", Title: "Paper Only", SiteURL: "https://paper.example/", Glyph: 20, Hue: 8, Order: len(p.Folders),
		Publications: []caravan.Publication{{Title: "The printed letter", SiteURL: "https://paper.example/letter"}},
	})
}
