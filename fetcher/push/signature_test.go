package push

import (
	"crypto/hmac"
	"encoding/hex"
	"strings"
	"testing"

	"caravan"
)

// sign returns the header X-Hub-Signature of a body.
func sign(method, secret, body string) string {
	mac := hmac.New(hashOf(method), []byte(secret))
	mac.Write([]byte(body))
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}

// E25, S40
func TestCheckSignature(t *testing.T) {
	const secret, body = "the secret", "<rss/>"
	good := sign("sha256", secret, body)
	tests := []struct {
		name, signature string
		want            caravan.Receipt
	}{
		{"sha1", sign("sha1", secret, body), caravan.PushTaken},
		{"sha256", good, caravan.PushTaken},
		{"sha384", sign("sha384", secret, body), caravan.PushTaken},
		{"sha512", sign("sha512", secret, body), caravan.PushTaken},
		{"as PubSubHubbub writes it", strings.ToUpper(sign("sha1", secret, body)), caravan.PushTaken},
		{"none", "", caravan.PushUnsigned},
		{"unknown method", "md5=d41d8cd98f00b204e9800998ecf8427e", caravan.PushUnsigned},
		{"no method", strings.TrimPrefix(good, "sha256="), caravan.PushUnsigned},
		{"another secret", sign("sha256", "guessed", body), caravan.PushForged},
		{"another body", sign("sha256", secret, body+" "), caravan.PushForged},
		{"another method's", "sha1=" + strings.TrimPrefix(good, "sha256="), caravan.PushForged},
		{"cut short", good[:len(good)-2], caravan.PushForged},
		{"empty", "sha256=", caravan.PushForged},
		{"no digits", "sha256=zz", caravan.PushForged},
	}
	for _, test := range tests {
		if got := checkSignature(secret, test.signature, []byte(body)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if got := checkSignature("", sign("sha1", "", body), []byte(body)); got != caravan.PushUnsigned {
		t.Errorf("without a secret anything would be genuine: %q", got)
	}
}

func FuzzCheckSignature(f *testing.F) {
	f.Add("sha1=00", []byte("x"))
	f.Add("sha256", []byte(""))
	f.Fuzz(func(t *testing.T, signature string, body []byte) {
		if checkSignature("a secret of ours", signature, body) == caravan.PushTaken && !strings.Contains(signature, "=") {
			t.Errorf("%q is taken", signature)
		}
	})
}
