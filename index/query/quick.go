package query

import (
	"strings"

	"caravan/index/words"
)

// standsPlainly reports whether a text plainly has the words side by side: where
// the first of them begins after a blank, only the words behind it are taken
// apart. That finds most of what there is at a fraction of the cost of taking
// the whole text apart; false does not mean that the words are not there.
func standsPlainly(s string, parts []words.Term) bool {
	if len(parts) < 2 {
		return false
	}
	first, room := parts[0].Text, 0
	for _, p := range parts {
		room += 2*len(p.Text) + 8
	}
	for at := 0; at < len(s); {
		if mayBegin(s[at:], first) && startsWith(upToBlank(s[at:], room), parts) {
			return true
		}
		blank := strings.IndexByte(s[at:], ' ')
		if blank < 0 {
			return false
		}
		at += blank + 1
	}
	return false
}

// mayBegin reports whether a text may begin with a folded word, by its bytes in
// front of the first letter with an accent.
func mayBegin(s, word string) bool {
	for i := range len(word) {
		if i >= len(s) {
			return false
		}
		c := s[i]
		if c >= 0x80 {
			return true
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

// upToBlank returns the beginning of a text up to the first blank behind room
// bytes: no word reaches over it.
func upToBlank(s string, room int) string {
	if len(s) <= room {
		return s
	}
	if blank := strings.IndexByte(s[room:], ' '); blank >= 0 {
		return s[:room+blank]
	}
	return s
}

// startsWith reports whether the words stand at the beginning of a text.
func startsWith(s string, parts []words.Term) bool {
	tokens := words.Tokens(s)
	i := 0
	for _, p := range parts {
		for i < len(tokens) && tokens[i].Joined {
			i++
		}
		if i >= len(tokens) || tokens[i].Text != p.Text {
			return false
		}
		i++
	}
	return true
}
