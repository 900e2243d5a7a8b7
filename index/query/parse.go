package query

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"caravan"
	"caravan/index/words"
)

// mostMistakes is how many mistakes of one query are repaired.
const mostMistakes = 8

// Parse reads a query. Only white space gives the empty query. The error is a
// [*caravan.QueryError].
func Parse(s string) (Query, error) {
	q, repairs, bad := read(s)
	if bad == nil {
		return q, nil
	}
	bad.Query = s
	seen := map[string]bool{"": true}
	for _, candidate := range append(repairs, firstWords(s)) {
		if printed, ok := repair(candidate); ok && !seen[printed] {
			seen[printed] = true
			bad.Repairs = append(bad.Repairs, printed)
		}
	}
	return Query{}, bad
}

// repair returns the printed form of a query that parses, made from s by taking
// the first repair of each mistake that shows once the one before is gone. What
// has more mistakes than a hand makes is not repaired.
func repair(s string) (string, bool) {
	for range mostMistakes + 1 {
		q, repairs, bad := read(s)
		if bad == nil {
			return q.String(), true
		}
		if len(repairs) == 0 {
			break
		}
		s = repairs[0]
	}
	return "", false
}

// read parses s once; for a mistake it offers what might be meant instead,
// which need not parse either.
func read(s string) (Query, []string, *caravan.QueryError) {
	if len(s) > MaxBytes {
		return Query{}, nil, tooLong(s)
	}
	p := parser{text: []rune(clean(s))}
	root := p.or()
	if p.err == nil && p.at < len(p.text) { // only a bracket stops it before the end
		p.fail(p.at, wrong(caravan.QueryBracketClosing, "A closing bracket has no opening one"), without(p.text, p.at, p.at+1))
	}
	q := Query{root}
	switch {
	case p.err != nil:
	case root == nil && strings.TrimSpace(s) != "":
		p.fail(0, nothing())
	case q.count() > MaxWords:
		p.fail(p.limit, tooMany(q.count()))
	}
	return q, p.repairs, p.err
}

// A mistake is what is wrong with a query, in English and as a page needs it to
// say so in another language.
type mistake struct {
	Code    caravan.Code
	English string
	Args    []any
}

// err returns the error of a mistake at a place in a query.
func (m mistake) err(query string, at int) *caravan.QueryError {
	return &caravan.QueryError{Query: query, Position: at, Message: m.English, Code: m.Code, Args: m.Args}
}

// wrong returns the mistake of a code, its sentence made with args.
func wrong(code caravan.Code, format string, args ...any) mistake {
	return mistake{code, fmt.Sprintf(format, args...), args}
}

func nothing() mistake {
	return wrong(caravan.QueryEmpty, "There is nothing to search for: a query needs letters or digits")
}

func tooMany(n int) mistake {
	return wrong(caravan.QueryTooManyWords, "A query may have at most %d words; this one has %d", MaxWords, n)
}

func longWord() mistake {
	return wrong(caravan.QueryLongWord, "A word may have at most %d bytes", words.Longest)
}

// ParsePlain reads s as words that must all stand in an item, whatever signs it
// holds. The bounds are the same. What the error offers instead passes ParsePlain.
func ParsePlain(s string) (Query, error) {
	q, bad := readPlain(s)
	if bad == nil {
		return q, nil
	}
	if offer := firstWords(s); offer != "" {
		if _, worse := readPlain(offer); worse == nil {
			bad.Repairs = []string{offer}
		}
	}
	return Query{}, bad
}

// readPlain is [ParsePlain] without what might be meant instead.
func readPlain(s string) (Query, *caravan.QueryError) {
	if len(s) > MaxBytes {
		return Query{}, tooLong(s)
	}
	if words.Overlong(s) {
		return Query{}, longWord().err(s, 0)
	}
	q := Query{all(plain(s))}
	if q.Root == nil && strings.TrimSpace(s) != "" {
		return Query{}, nothing().err(s, 0)
	}
	if n := q.count(); n > MaxWords {
		return Query{}, tooMany(n).err(s, 0)
	}
	return q, nil
}

// clean replaces what no query can hold by spaces, one for one.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
}

// plain returns the words of s without any operator.
func plain(s string) []Node {
	split := func(r rune) bool { return r == ' ' || breaksWord(r) }
	var nodes []Node
	for _, field := range strings.FieldsFunc(clean(s), split) {
		for {
			name, rest, ok := strings.Cut(strings.TrimLeftFunc(field, isGap), ":")
			if _, known := fieldNamed(name); !ok || !known {
				break
			}
			nodes = append(nodes, wordNode(Anywhere, name))
			field = rest
		}
		text, _ := cleanWord(field)
		nodes = append(nodes, wordNode(Anywhere, text))
	}
	return nodes
}

// wordNode returns the condition on one clean word; nil when it holds nothing
// that could be found.
func wordNode(in Field, text string) Node {
	if text == "" || len(words.Tokens(text)) == 0 {
		return nil
	}
	if text == "OR" || text == "AND" { // would be read as operators
		text = strings.ToLower(text)
	}
	return Text{In: in, Words: text}
}

// tooLong returns the error for a query over [MaxBytes].
func tooLong(s string) *caravan.QueryError {
	m := wrong(caravan.QueryTooLong, "A query may have at most %d bytes; this one has %d", MaxBytes, len(s))
	return m.err(s, len([]rune(strings.ToValidUTF8(s[:MaxBytes], ""))))
}

// operators takes the operators between words out.
var operators = strings.NewReplacer(" OR ", " ", " AND ", " ")

// firstWords returns as many plain words from the beginning of s as a query may
// have.
func firstWords(s string) string {
	var kept []Node
	for _, n := range plain(operators.Replace(clean(s))) {
		longer := append(kept, n)
		q := Query{all(longer)}
		if q.count() > MaxWords || len(q.String()) > MaxBytes {
			break
		}
		kept = longer
	}
	return Query{all(kept)}.String()
}

// A parser reads a query from left to right. After the first error it stops
// making sense of what follows and only ends.
type parser struct {
	text    []rune
	at      int
	seen    int // words so far
	limit   int // where the first word too many stands
	err     *caravan.QueryError
	repairs []string
}

// fail notes the first error and how it might be repaired.
func (p *parser) fail(at int, m mistake, repairs ...string) {
	if p.err == nil {
		p.err = m.err("", at)
		p.repairs = repairs
	}
	p.at = len(p.text)
}

// or = and { "OR" and }
func (p *parser) or() Node {
	nodes := []Node{p.and()}
	for p.operator("OR") {
		nodes = append(nodes, p.and())
	}
	return oneOf(nodes)
}

// and = not { [ "AND" ] not }
func (p *parser) and() Node {
	var nodes []Node
	for {
		p.space()
		if p.at >= len(p.text) || p.text[p.at] == ')' {
			break
		}
		start := p.at
		if len(nodes) > 0 && p.operator("OR") {
			p.at = start
			break
		}
		if len(nodes) > 0 && p.operator("AND") {
			continue
		}
		nodes = append(nodes, p.not())
	}
	return all(nodes)
}

// operator reads the operator name, if it stands here between two operands.
func (p *parser) operator(name string) bool {
	p.space()
	end := p.at + len(name)
	if end >= len(p.text) || string(p.text[p.at:end]) != name || p.text[end] != ' ' && p.text[end] != '(' {
		return false
	}
	for rest := end; rest < len(p.text); rest++ {
		if p.text[rest] == ' ' {
			continue
		}
		if p.text[rest] == ')' {
			return false
		}
		p.at = end
		return true
	}
	return false
}

// not = [ "-" ] primary
func (p *parser) not() Node {
	if p.text[p.at] != '-' {
		return p.primary()
	}
	glued := p.at > 0 && strings.ContainsRune(`"”“»`, p.text[p.at-1]) // „Bim“-Dieb
	p.at++
	if glued || p.at >= len(p.text) || p.text[p.at] == ' ' || p.text[p.at] == ')' {
		return nil // a dash between words
	}
	if p.text[p.at] == '-' { // a flag of a command line
		for p.at < len(p.text) && p.text[p.at] == '-' {
			p.at++
		}
		return nil
	}
	return negate(p.primary())
}

// primary = [ field ":" ] ( "(" or ")" | phrase | word )
func (p *parser) primary() Node {
	switch r := p.text[p.at]; {
	case r == '(':
		return p.group()
	case closing(r) != "":
		return p.phrase(Anywhere)
	default:
		return p.word()
	}
}

func (p *parser) group() Node {
	open := p.at
	p.at++
	n := p.or()
	p.space()
	if p.at >= len(p.text) {
		p.fail(open, wrong(caravan.QueryBracketOpen, "A bracket is never closed"), string(p.text)+")", without(p.text, open, open+1))
		return nil
	}
	p.at++
	return n
}

// closing returns the marks that end a quotation begun with r; none when r
// begins none.
func closing(r rune) string {
	switch r {
	case '"':
		return `"`
	case '“', '„', '”':
		return `”“"`
	case '«':
		return "»"
	}
	return ""
}

// quoted reads a quotation and returns its text, blanks collapsed. Curly marks
// without a partner are not quotations.
func (p *parser) quoted() (string, bool) {
	open, ends := p.at, closing(p.text[p.at])
	p.at++
	start := p.at
	for p.at < len(p.text) && !strings.ContainsRune(ends, p.text[p.at]) {
		p.at++
	}
	if p.at >= len(p.text) {
		if p.text[open] == '"' {
			p.fail(open, wrong(caravan.QueryQuotationOpen, "A quotation mark is never closed"), string(p.text)+`"`, without(p.text, open, open+1))
			return "", false
		}
		p.at = start
		return "", false
	}
	text := string(p.text[start:p.at])
	p.at++
	text = strings.ReplaceAll(text, `"`, " ")
	return strings.Join(strings.Fields(text), " "), true
}

// phrase reads a quoted text to be found in a part of an item.
func (p *parser) phrase(in Field) Node {
	start := p.at
	text, ok := p.quoted()
	if ok && words.Overlong(text) {
		p.fail(start, longWord(), without(p.text, start, p.at))
		return nil
	}
	if !ok || len(words.Tokens(text)) == 0 {
		return nil
	}
	p.count(wordCount(text), start)
	return Text{In: in, Words: text, Quoted: true}
}

// count notes where the first word too many stands.
func (p *parser) count(n, at int) {
	if p.seen <= MaxWords && p.seen+n > MaxWords {
		p.limit = at
	}
	p.seen += n
}

// word reads a word or a field with its value.
func (p *parser) word() Node {
	for p.at < len(p.text) && isGap(p.text[p.at]) && p.text[p.at] != ' ' && !breaksWord(p.text[p.at]) {
		p.at++
	}
	start := p.at
	for p.at < len(p.text) && p.text[p.at] != ' ' && !breaksWord(p.text[p.at]) {
		p.at++
		if f, ok := p.field(start); ok {
			return p.fieldValue(f, start)
		}
	}
	if p.at < len(p.text) && p.at == start && p.text[p.at] != ')' && closing(p.text[p.at]) == "" && p.text[p.at] != '(' {
		p.at++ // a stray closing mark
	}
	return p.condition(Anywhere, start, string(p.text[start:p.at]))
}

// field reports whether what was read since start is the name of a field, its
// colon, and a value follows.
func (p *parser) field(start int) (Field, bool) {
	if p.text[p.at-1] != ':' || p.at >= len(p.text) || p.text[p.at] == ' ' {
		return "", false
	}
	f, ok := fieldNamed(string(p.text[start : p.at-1]))
	if p.text[p.at] == '(' {
		return f, ok && f != before && f != after
	}
	if breaksWord(p.text[p.at]) && closing(p.text[p.at]) == "" {
		return "", false
	}
	return f, ok
}

// fieldValue reads the value of a field. A value that holds nothing leaves the
// name as a word.
func (p *parser) fieldValue(f Field, start int) Node {
	valueAt := p.at
	if p.text[p.at] == '(' {
		return mapText(p.group(), func(t Text) Node { return inField(f, t) })
	}
	if f == Title || f == Author {
		if closing(p.text[p.at]) != "" {
			return p.phrase(f)
		}
		return p.condition(f, valueAt, p.bare())
	}
	text, prefix, quoted := "", false, false
	if closing(p.text[p.at]) != "" {
		if text, quoted = p.quoted(); !quoted {
			return nil
		}
		if p.at < len(p.text) && p.text[p.at] == '*' {
			prefix = true
			p.at++
		}
	} else {
		text, prefix = cleanValue(p.bare())
	}
	p.count(1, start)
	switch {
	case text == "":
		return wordNode(Anywhere, string(f))
	case f == before || f == after:
		return p.when(f, text, start, valueAt)
	case prefix && len([]rune(text)) < MinPrefix:
		p.fail(valueAt, wrong(caravan.QueryShortValue, "A beginning of a value needs at least %d letters", MinPrefix), without(p.text, start, p.at))
		return nil
	case f == Language:
		return Is{Field: f, Value: words.Primary(text)}
	}
	return Is{Field: f, Value: text, Prefix: prefix}
}

// inField returns the condition that stands in a bracket behind the name of a
// field; one that has a field of its own keeps it.
func inField(f Field, t Text) Node {
	switch {
	case t.In != Anywhere:
		return t
	case f == Title || f == Author:
		t.In = f
		return t
	case f == Language:
		return Is{Field: f, Value: words.Primary(t.Words)}
	}
	return Is{Field: f, Value: t.Words, Prefix: t.Prefix}
}

// bare reads up to the next blank or mark.
func (p *parser) bare() string {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] != ' ' && !breaksWord(p.text[p.at]) {
		p.at++
	}
	return string(p.text[start:p.at])
}

// condition makes the condition on one word as read.
func (p *parser) condition(in Field, at int, raw string) Node {
	text, prefix := cleanWord(raw)
	if words.Overlong(text) {
		p.fail(at, longWord(), without(p.text, at, at+len([]rune(raw))))
		return nil
	}
	n := wordNode(in, text)
	t, ok := n.(Text)
	if !ok {
		if in != Anywhere {
			return wordNode(Anywhere, string(in))
		}
		return nil
	}
	p.count(wordCount(t.Words), at)
	if prefix {
		tokens := words.Tokens(t.Words)
		last := tokens[len(tokens)-1].Text
		if len([]rune(last)) < MinPrefix && !words.Dense(last) {
			p.fail(at, wrong(caravan.QueryShortWord, "The beginning of a word needs at least %d letters before the star", MinPrefix),
				string(p.text[:at])+text+string(p.text[min(at+len([]rune(raw)), len(p.text)):]), without(p.text, at, at+len([]rune(raw))))
			return nil
		}
		t.Prefix = true
	}
	return t
}

// when makes a condition on the date.
func (p *parser) when(f Field, text string, start, valueAt int) Node {
	day, ok := parseDay(text)
	if !ok {
		p.fail(valueAt, wrong(caravan.QueryNoDate, "%q is not a date: write 2024, 2024-03 or 2024-03-05", text), without(p.text, start, p.at))
		return nil
	}
	return When{Before: f == before, Day: day}
}

// space skips blanks.
func (p *parser) space() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// parseDay returns a year, a month or a day in its usual form.
func parseDay(s string) (string, bool) {
	for _, layout := range []struct{ read, write string }{{"2006", "2006"}, {"2006-1", "2006-01"}, {"2006-1-2", "2006-01-02"}} {
		if t, err := time.Parse(layout.read, s); err == nil {
			return t.Format(layout.write), true
		}
	}
	return "", false
}

// Start returns the moment at which the day, month or year begins, UTC.
func (w When) Start() time.Time {
	layout := "2006-01-02"[:min(len(w.Day), len("2006-01-02"))]
	t, _ := time.Parse(layout, w.Day) // the parser let only dates in
	return t
}

// without returns text without the characters from from up to to.
func without(text []rune, from, to int) string {
	return string(text[:from]) + string(text[to:])
}

// breaksWord reports whether r ends a word without a blank.
func breaksWord(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '«', '»', '(', ')':
		return true
	}
	return false
}

// isGap reports whether r, at the edge of a word, is not part of it.
func isGap(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
}

// cleanWord takes the punctuation off the edges of a word, other than the signs
// of C++ and C#, and says whether a star stood at its end.
func cleanWord(raw string) (text string, prefix bool) {
	raw = strings.TrimLeftFunc(raw, isGap)
	text = strings.TrimRightFunc(raw, isGap)
	rest := raw[len(text):]
	for _, sign := range []string{"++", "#"} {
		tokens := words.Tokens(text + sign)
		if n := len(tokens); n > 0 && strings.HasPrefix(rest, sign) && strings.HasSuffix(tokens[n-1].Text, sign) {
			text, rest = text+sign, rest[len(sign):]
		}
	}
	return text, strings.HasPrefix(rest, "*")
}

// cleanValue takes a sentence's punctuation off the end of a property's value,
// and says whether a star stood there.
func cleanValue(raw string) (text string, prefix bool) {
	raw = strings.TrimRight(strings.TrimSpace(raw), ",.;:!?")
	text = strings.TrimRight(raw, "*")
	return strings.TrimSpace(text), len(text) < len(raw)
}
