package document

import (
	"bytes"
	"encoding/json"
	"fmt"

	"caravan/fetcher/document/canonical"
	"caravan/fetcher/document/limits"
)

// A jsonMember is a member of the top-level object: its raw value, and for an
// array the raw values in it.
type jsonMember struct {
	value    []byte
	elements []canonical.Span // in the source
}

// scanJSON takes the top-level object that src starts with apart, without
// decoding what is in it. A document that ends too early gives what is complete.
// Values nested too deep are an error, before any parser sees them.
func scanJSON(src []byte) (members map[string]jsonMember, complete bool, err error) {
	members = map[string]jsonMember{}
	if len(src) == 0 || src[0] != '{' {
		return members, true, nil
	}
	for i := 1; ; {
		if i = skipFiller(src, i); i >= len(src) {
			return members, false, nil
		}
		if src[i] == '}' {
			return members, true, nil
		}
		end, ok, _ := skipJSON(src, i, 1)
		colon := skipBlank(src, end)
		if !ok || colon >= len(src) || src[colon] != ':' {
			return members, false, nil
		}
		key := jsonString(src[i:end])
		i = skipBlank(src, colon+1)
		m, next, ok, err := scanMember(src, i)
		if err != nil {
			return nil, false, err
		}
		if _, again := members[key]; !again && (ok || len(m.elements) > 0) {
			members[key] = m
		}
		if !ok {
			return members, false, nil
		}
		i = next
	}
}

// scanMember reads the value of a top-level member at src[i]. When the source
// ends inside an array, ok is false and the complete elements are there.
func scanMember(src []byte, i int) (m jsonMember, next int, ok bool, err error) {
	if i >= len(src) || src[i] != '[' {
		end, ok, err := skipJSON(src, i, 1)
		return jsonMember{value: src[min(i, end):end]}, end, ok, err
	}
	for next = skipFiller(src, i+1); next < len(src); next = skipFiller(src, next) {
		if src[next] == ']' {
			m.value = src[i : next+1]
			return m, next + 1, true, nil
		}
		end, ok, err := skipJSON(src, next, 2)
		if !ok || err != nil {
			return m, next, false, err
		}
		if end == next { // a stray colon or brace
			next++
			continue
		}
		m.elements = append(m.elements, canonical.Span{Start: next, End: end})
		next = end
	}
	return m, next, false, nil
}

// skipFiller returns the next position that holds neither white space nor a comma.
func skipFiller(src []byte, i int) int {
	for i < len(src) && (isBlank(src[i]) || src[i] == ',') {
		i++
	}
	return i
}

// skipBlank returns the next position that holds no white space.
func skipBlank(src []byte, i int) int {
	for i < len(src) && isBlank(src[i]) {
		i++
	}
	return i
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// skipJSON returns the position after the value at src[i], which stands depth
// values deep. ok is false when the source ends before the value does.
func skipJSON(src []byte, i, depth int) (end int, ok bool, err error) {
	outside := depth
	for i < len(src) {
		switch src[i] {
		case '"':
			if i, ok = skipString(src, i); !ok {
				return len(src), false, nil
			}
			if depth == outside {
				return i, true, nil
			}
			continue
		case '{', '[':
			if depth++; depth > limits.Depth {
				return i, false, fmt.Errorf("line %d: values nested more than %d deep: %w", 1+bytes.Count(src[:i], []byte("\n")), limits.Depth, ErrBroken)
			}
		case '}', ']':
			if depth--; depth == outside {
				return i + 1, true, nil
			}
			if depth < outside {
				return i, true, nil // the end of what the value stands in
			}
		case ',', ' ', '\n', '\r', '\t', ':':
			if depth == outside {
				return i, true, nil
			}
		}
		i++
	}
	return i, false, nil
}

// skipString returns the position after the string at src[i].
func skipString(src []byte, i int) (end int, ok bool) {
	for i++; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return len(src), false
}

// jsonString returns the string that raw holds, or "".
func jsonString(raw []byte) string {
	var s string
	if json.Unmarshal(raw, &s) != nil && json.Unmarshal(repairJSON(raw), &s) != nil {
		return ""
	}
	return s
}

// jsonObject returns the members of the object that raw holds, or nil.
func jsonObject(raw []byte) map[string]json.RawMessage {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil && json.Unmarshal(repairJSON(raw), &object) != nil {
		return nil
	}
	return object
}

// repairJSON escapes line breaks and tabs inside strings and leaves out commas
// before the end of an object or array.
func repairJSON(raw []byte) []byte {
	out := make([]byte, 0, len(raw)+16)
	inString := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case inString && c == '\\' && i+1 < len(raw):
			out = append(out, c)
			i++
			c = raw[i]
		case c == '"':
			inString = !inString
		case inString && c == '\n':
			out, c = append(out, '\\'), 'n'
		case inString && c == '\r':
			out, c = append(out, '\\'), 'r'
		case inString && c == '\t':
			out, c = append(out, '\\'), 't'
		case !inString && c == ',':
			if next := skipFiller(raw, i); next < len(raw) && (raw[next] == '}' || raw[next] == ']') {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}
