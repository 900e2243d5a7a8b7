package clean

// A kind says by which rules of nesting an element is opened and closed.
type kind uint8

const (
	inline    kind = iota // flows with the text
	block                 // stands alone and ends an open paragraph
	paragraph             // a block that holds no block
	heading               // a block that holds no heading
	list                  // ul, ol, dl
	listItem              // li, dt, dd
	table                 //
	rowGroup              // thead, tbody, tfoot
	row                   //
	cell                  // td, th
	caption               //
	ruby                  // inline
	rubyText              // rt, rp
	ghost                 // inline, kept on the stack, not written
	void                  // has no content
	embedded              // void after cleaning: iframe, object, video … become a link
	skipped               // dropped with all its content
)

// An element says what becomes of a tag: the name it is written with and the
// rules it follows. Tags without an element here are dropped and their content
// is kept.
type element struct {
	name string
	kind kind
}

// elements lists the tags with a meaning of their own, by the name the
// publisher used. Sections of every sort are blocks and nothing more once
// their classes and ids are gone, so they share the name div.
var elements = map[string]element{
	"a": {"a", inline}, "abbr": {"abbr", inline}, "acronym": {"abbr", inline},
	"b": {"b", inline}, "bdi": {"bdi", inline}, "bdo": {"bdo", inline},
	"cite": {"cite", inline}, "code": {"code", inline}, "del": {"del", inline},
	"dfn": {"dfn", inline}, "em": {"em", inline}, "i": {"i", inline},
	"ins": {"ins", inline}, "kbd": {"kbd", inline}, "mark": {"mark", inline},
	"q": {"q", inline}, "s": {"s", inline}, "samp": {"samp", inline},
	"small": {"small", inline}, "span": {"span", inline}, "strike": {"s", inline},
	"strong": {"strong", inline}, "sub": {"sub", inline}, "sup": {"sup", inline},
	"time": {"time", inline}, "tt": {"code", inline}, "u": {"u", inline},
	"var": {"var", inline},

	"big": {"big", ghost}, "font": {"font", ghost}, "label": {"label", ghost},
	"nobr": {"nobr", ghost}, "picture": {"picture", ghost},

	"p": {"p", paragraph}, "blockquote": {"blockquote", block}, "div": {"div", block},
	"details": {"details", block}, "summary": {"summary", block},
	"figure": {"figure", block}, "figcaption": {"figcaption", block},
	"pre": {"pre", block}, "listing": {"pre", block}, "xmp": {"pre", block},
	"address": {"div", block}, "article": {"div", block}, "aside": {"div", block},
	"center": {"div", block}, "fieldset": {"div", block}, "footer": {"div", block},
	"form": {"div", block}, "header": {"div", block}, "hgroup": {"div", block},
	"legend": {"div", block}, "main": {"div", block}, "nav": {"div", block},
	"search": {"div", block}, "section": {"div", block}, "dialog": {"div", block},

	"h1": {"h2", heading}, "h2": {"h2", heading}, "h3": {"h3", heading},
	"h4": {"h4", heading}, "h5": {"h5", heading}, "h6": {"h6", heading},

	"ul": {"ul", list}, "ol": {"ol", list}, "dl": {"dl", list},
	"menu": {"ul", list}, "dir": {"ul", list},
	"li": {"li", listItem}, "dt": {"dt", listItem}, "dd": {"dd", listItem},

	"table": {"table", table}, "caption": {"caption", caption},
	"thead": {"thead", rowGroup}, "tbody": {"tbody", rowGroup}, "tfoot": {"tfoot", rowGroup},
	"tr": {"tr", row}, "td": {"td", cell}, "th": {"th", cell},

	"ruby": {"ruby", ruby}, "rt": {"rt", rubyText}, "rp": {"rp", rubyText},

	"br": {"br", void}, "hr": {"hr", void}, "img": {"img", void},
	"image": {"img", void}, "wbr": {"wbr", void}, "source": {"source", void},

	"iframe": {"iframe", embedded}, "embed": {"embed", embedded},
	"object": {"object", embedded}, "video": {"video", embedded}, "audio": {"audio", embedded},

	"script": {"script", skipped}, "style": {"style", skipped}, "title": {"title", skipped},
	"svg": {"svg", skipped}, "math": {"math", skipped}, "template": {"template", skipped},
	"textarea": {"textarea", skipped}, "select": {"select", skipped},
	"button": {"button", skipped}, "datalist": {"datalist", skipped},
	"canvas": {"canvas", skipped}, "noembed": {"noembed", skipped},
	"noframes": {"noframes", skipped}, "frameset": {"frameset", skipped},
	"applet": {"applet", skipped}, "map": {"map", skipped}, "marquee": {"div", block},
}

// rawText lists the tags after which HTML reads no further tag until their own
// end tag.
var rawText = map[string]bool{
	"iframe": true, "noembed": true, "noframes": true, "noscript": true, "plaintext": true,
	"script": true, "style": true, "textarea": true, "title": true, "xmp": true,
}
