package push

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"

	"caravan"
)

// checkSignature decides whether a body is signed with a secret (WebSub, 7.1.2),
// in a time that tells nothing of the secret. Every method that WebSub names is
// taken, since the hub chooses; as a MAC even SHA-1 holds.
func checkSignature(secret, signature string, body []byte) caravan.Receipt {
	method, digits, _ := strings.Cut(strings.TrimSpace(signature), "=")
	newHash := hashOf(strings.ToLower(strings.TrimSpace(method)))
	if newHash == nil || secret == "" {
		return caravan.PushUnsigned
	}
	given, err := hex.DecodeString(strings.TrimSpace(digits))
	if err != nil {
		return caravan.PushForged
	}
	mac := hmac.New(newHash, []byte(secret))
	mac.Write(body)
	if !hmac.Equal(given, mac.Sum(nil)) {
		return caravan.PushForged
	}
	return caravan.PushTaken
}

// hashOf returns the hash of a method's name; nil when there is none.
func hashOf(method string) func() hash.Hash {
	switch method {
	case "sha1":
		return sha1.New
	case "sha256":
		return sha256.New
	case "sha384":
		return sha512.New384
	case "sha512":
		return sha512.New
	}
	return nil
}
