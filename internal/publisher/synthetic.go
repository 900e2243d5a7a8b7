package publisher

import (
	"fmt"
	"html"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// A Load describes feeds to generate: Feeds documents of Items posts each, in
// English, French, Spanish and Portuguese (50, 20, 15 and 15 of 100), dated
// over the ten years before Until, with markup, authors and tags. The same
// Load gives the same bytes on every machine.
type Load struct {
	Feeds int
	Items int
	Seed  uint64
	Until time.Time
}

// A Post is one generated article.
type Post struct {
	Title    string
	HTML     string
	Author   string
	Tags     []string
	Language string
	Date     time.Time
	Planted  string // a word that no other post of the load holds
}

// Synthetic returns the feeds of l: RSS 2.0, Atom and JSON Feed in turn, in
// communities of about twenty. Bodies are made when they are asked for, so that
// a large load costs no memory.
func Synthetic(l Load) []Feed {
	g := newGenerator(l)
	feeds := make([]Feed, l.Feeds)
	for i := range feeds {
		rng := rand.New(rand.NewPCG(l.Seed, uint64(i)))
		s := g.speakerOf(i)
		format := i % 3
		feeds[i] = Feed{
			Path:        fmt.Sprintf("/synthetic/%d.%s", i, [...]string{"rss", "atom", "json"}[format]),
			Title:       capital(s.word(rng)) + " " + s.word(rng) + fmt.Sprintf(" %d", i),
			Community:   fmt.Sprintf("Community %02d", i/20),
			SiteURL:     fmt.Sprintf("https://site-%d.example/", i),
			Language:    s.code,
			ContentType: [...]string{"application/rss+xml", "application/atom+xml", "application/feed+json"}[format],
			ETag:        fmt.Sprintf(`"%d-%d-%d"`, l.Seed, i, l.Items),
			Modified:    l.Until.UTC().Truncate(time.Second),
		}
		feed := feeds[i]
		feeds[i].Body = func() []byte { return g.document(feed, i, format) }
	}
	return feeds
}

// Posts returns the posts of the feed with number i, as its document holds them.
func (l Load) Posts(i int) []Post { return newGenerator(l).posts(i) }

type generator struct {
	load     Load
	speakers []*speaker
}

func newGenerator(l Load) *generator {
	g := &generator{load: l}
	for _, t := range tongues() {
		g.speakers = append(g.speakers, newSpeaker(t, l.Seed))
	}
	return g
}

// speakerOf gives feed i its language.
func (g *generator) speakerOf(i int) *speaker {
	switch n := (i * 37) % 100; {
	case n < 50:
		return g.speakers[0]
	case n < 70:
		return g.speakers[1]
	case n < 85:
		return g.speakers[2]
	}
	return g.speakers[3]
}

func (g *generator) posts(i int) []Post {
	rng := rand.New(rand.NewPCG(g.load.Seed^0x9e3779b97f4a7c15, uint64(i)))
	s := g.speakerOf(i)
	const decade = 3652 * 24 * time.Hour
	posts := make([]Post, g.load.Items)
	for j := range posts {
		age := time.Duration((float64(j) + rng.Float64()) / float64(len(posts)) * float64(decade))
		planted := planted(i*g.load.Items + j)
		posts[j] = Post{
			Title:    capital(s.clause(rng, 4+rng.IntN(6))) + fmt.Sprintf(" %s", s.build(rng, 2)),
			HTML:     g.article(rng, s, planted),
			Author:   capital(s.build(rng, 1)) + " " + capital(s.build(rng, 1)),
			Tags:     []string{s.everyday[rng.IntN(40)], s.everyday[rng.IntN(len(s.everyday))]},
			Language: s.code,
			Date:     g.load.Until.Add(-age).UTC().Truncate(time.Second),
			Planted:  planted,
		}
	}
	return posts
}

// planted writes n in syllables: a word nobody else uses.
func planted(n int) string {
	const onsets, vowels = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	b.WriteString("xo")
	for k := 0; k < 4 || n > 0; k++ {
		d := n % (len(onsets) * len(vowels))
		n /= len(onsets) * len(vowels)
		b.WriteByte(onsets[d/len(vowels)])
		b.WriteByte(vowels[d%len(vowels)])
	}
	return b.String()
}

// article makes a body of log-normal length, about three thousand bytes in the
// mean, with the markup that real ones have.
func (g *generator) article(rng *rand.Rand, s *speaker, planted string) string {
	want := int(math.Exp(rng.NormFloat64()*0.7 + 7.6))
	want = max(200, min(want, 40_000))
	var b strings.Builder
	hide := rng.IntN(3)
	for p := 0; b.Len() < want || p <= hide; p++ {
		switch {
		case p > 0 && p%5 == 0:
			fmt.Fprintf(&b, "<h2>%s</h2>\n", html.EscapeString(capital(s.clause(rng, 3))))
		case p%7 == 3:
			fmt.Fprintf(&b, "<ul><li>%s</li><li>%s</li></ul>\n", s.clause(rng, 6), s.clause(rng, 8))
		case p%11 == 6:
			fmt.Fprintf(&b, `<figure><img src="/pictures/%d.jpg" alt="%s"><figcaption>%s</figcaption></figure>`+"\n", rng.IntN(1000), s.word(rng), s.clause(rng, 5))
		}
		b.WriteString("<p>")
		for range 2 + rng.IntN(4) {
			b.WriteString(capital(s.clause(rng, 6+rng.IntN(14))))
			if rng.IntN(6) == 0 {
				fmt.Fprintf(&b, `, <a href="https://site-%d.example/%s?utm_source=feed">%s</a>`, rng.IntN(1000), s.word(rng), s.word(rng))
			}
			b.WriteString(". ")
		}
		if p == hide {
			b.WriteString(capital(planted) + ". ")
		}
		b.WriteString("</p>\n")
	}
	return b.String()
}

func (g *generator) document(f Feed, i, format int) []byte {
	posts := g.posts(i)
	links := make([]string, len(posts))
	for j := range links {
		links[j] = fmt.Sprintf("%s%d", f.SiteURL, j)
	}
	return encode(f, format, posts, links)
}
