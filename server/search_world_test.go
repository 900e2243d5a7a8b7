package server

import (
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"caravan/index"
	"caravan/index/thesaurus"
)

// A post is an article that a search is to find.
type post struct {
	title, text, author, tags string
	year                      int
}

// posts are articles in several languages and scripts, with the words that
// other programs' searches miss.
var posts = map[string][]post{
	"English lab": {
		{"A public-sector handbook for innovators", "How a public-sector team prototypes services with residents, week after week, and what it learnt.", "Geoff Mulgan", "open data,labs", 2026},
		{"C++ in government services", "Why one agency still writes its forms engine in C++ and how it tests the forms with people.", "Zoë O’Neill", "code", 2025},
		{"Forms that people can finish", "Forty-one forms were closed and nobody complained. The forms that stayed ask less of people.", "Geoff Mulgan", "forms", 2024},
		{"Innovating in the open", "Labs: what they are, what they are not, and why innovating in the open is slower at first.", "Ada Byron", "labs,open data", 2023},
		{"Participatory budgeting in five cities", "Residents decide on a part of the budget. Participatory budgeting works best with paper too.", "Ada Byron", "budget", 2022},
		{"AI & ethics: a <script>alert(1)</script> talk", "A talk about AI & ethics, with R&D figures and <b>bold</b> claims that were checked.", "Ada Byron", "ai", 2026},
		{"Service design, explained 👋 for mayors", "Service design begins with people. This primer explains service design to mayors. 🚲", "Geoff Mulgan", "design", 2026},
	},
	"Laboratoire": {
		{"L’innovation publique près de chez vous", "Comment l’innovation publique change l’accueil au guichet, avec les agents et les habitants de la ville.", "Élodie Martin", "données ouvertes", 2026},
		{"Le budget participatif d’innovation à Lyon", "Le budget participatif finance des projets d’innovation proposés par les habitants du quartier.", "Élodie Martin", "budget", 2024},
		{"Laboratoire d’innovation : mode d’emploi", "Un laboratoire d’innovation commence petit, avec une question et trois personnes qui ont du temps.", "Élodie Martin", "labos", 2023},
	},
	"Laboratorio": {
		{"Presupuesto participativo en Montevideo", "El presupuesto participativo permite a los vecinos decidir qué obras se hacen en su barrio cada año.", "Inés Núñez", "presupuesto", 2025},
		{"La innovación que no se ve", "La innovación pública ocurre también en el archivo, en la ventanilla y en la cocina de la escuela.", "Inés Núñez", "innovación", 2021},
	},
	"Laboratório": {
		{"Inovação e licitação sem medo", "A licitação pública pode comprar inovação, desde que o edital descreva o problema e não a solução.", "João Sá", "licitação", 2026},
		{"Orçamento participativo no Recife", "Os moradores do Recife decidem sobre o orçamento participativo em assembleias de bairro e em um laboratório.", "João Sá", "orçamento", 2020},
	},
	"مختبر": {
		{"الابتكار في الخدمات العامة", "كيف يغيّر مختبر الابتكار الخدمات العامة في المدينة مع السكان والموظفين كل أسبوع.", "سلمى حداد", "ابتكار", 2025},
	},
	"实验室": {
		{"公共创新实验室", "公共创新实验室如何与居民一起改进城市服务，并从小处开始测试新的想法。", "王芳", "创新", 2024},
	},
}

// equivalents is the thesaurus of the tests.
const equivalents = `innovation lab = laboratoire d'innovation = laboratorio de innovación = laboratório de inovação
participatory budgeting = budget participatif = presupuesto participativo = orçamento participativo
`

// searchWorld is a server over a real store and a real index with [posts].
func searchWorld(t testing.TB, change ...func(*Config)) (*world, *httptest.Server) {
	t.Helper()
	p := newWorld(t, testNow)
	folders := map[string][]string{}
	var order []string
	for _, name := range []string{"English lab", "Laboratoire", "Laboratorio", "Laboratório", "مختبر", "实验室"} {
		address := "https://" + fmt.Sprint(len(order)) + ".example/feed"
		folders[name+" & friends"] = []string{strings.ReplaceAll(name, " ", "-") + " " + address}
		order = append(order, name+" & friends")
	}
	p.sync(folders, order...)
	sources, err := p.store.Sources(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		name := strings.TrimSuffix(s.Communities[0].Title, " & friends")
		p.poll(s.Slug, p.read(rss(t, s.URL, posts[name]), s.URL))
	}
	i, err := index.Open(context.Background(), index.Config{
		Dir: filepath.Join(t.TempDir(), "index"), Log: slog.New(slog.DiscardHandler), Now: p.clock, Store: p.store, Budget: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.Close() })
	words, problems := thesaurus.Parse("thesaurus.txt", []byte(equivalents))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	i.SetThesaurus(words)
	if err := i.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	ts := httptest.NewUnstartedServer(nil)
	c := Config{Store: p.store, Index: i, BaseURL: "http://" + ts.Listener.Addr().String(), Now: p.clock}
	for _, f := range change {
		f(&c)
	}
	if p.Server, err = New(c); err != nil {
		t.Fatal(err)
	}
	ts.Config.Handler = p.Server.Handler()
	ts.Start()
	t.Cleanup(ts.Close)
	return p, ts
}

// rss writes articles as a feed.
func rss(t testing.TB, address string, list []post) string {
	t.Helper()
	type item struct {
		Title   string   `xml:"title"`
		Link    string   `xml:"link"`
		GUID    string   `xml:"guid"`
		Text    string   `xml:"description"`
		Creator string   `xml:"http://purl.org/dc/elements/1.1/ creator"`
		Tags    []string `xml:"category"`
		Date    string   `xml:"pubDate"`
	}
	var doc struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Title   string   `xml:"channel>title"`
		Items   []item   `xml:"channel>item"`
	}
	doc.Version, doc.Title = "2.0", address
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for i, p := range list {
		link := strings.TrimSuffix(address, "feed") + fmt.Sprint(i)
		doc.Items = append(doc.Items, item{
			Title: escape.Replace(p.title), Link: link, GUID: link, Text: "<p>" + escape.Replace(p.text) + "</p>", Creator: p.author,
			Tags: strings.Split(p.tags, ","), Date: time.Date(p.year, 11, 5+i, 9, 0, 0, 0, time.UTC).Format(time.RFC1123Z),
		})
	}
	out, err := xml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return xml.Header + string(out)
}

// found returns the titles on a search page, in their order.
func found(t testing.TB, p *world, query url.Values) []string {
	t.Helper()
	v := getJSON(t, p.Handler(), "/api/v1/search?"+query.Encode(), 200)
	var titles []string
	for _, item := range at(v, "items").([]any) {
		titles = append(titles, at(item, "title").(string))
	}
	return titles
}
