package document

import (
	"testing"
	"time"
)

func TestDurationsAreRead(t *testing.T) {
	tests := []struct {
		in   string
		want time.Duration
	}{
		{"90", 90 * time.Second},
		{"1:30", 90 * time.Second},
		{"01:02:03", time.Hour + 2*time.Minute + 3*time.Second},
		{" 5:00 ", 5 * time.Minute},
		{"61.6", 62 * time.Second},
		{"0", 0},
		{"-5", 0},
		{"", 0},
		{"an hour", 0},
		{"1:xx", 0},
		{"99999999999", 0},
		{"NaN", 0},
		{"Inf", 0},
	}
	for _, test := range tests {
		if got := parseDuration(test.in); got != test.want {
			t.Errorf("parseDuration(%q) = %v, want %v", test.in, got, test.want)
		}
	}
}
