package polite

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"caravan"
)

// inside is set in the test program that runs in a network of its own.
const inside = "CARAVAN_TEST_NETNS"

// public is an address that the guard lets through. In the network namespace it
// lies on the loopback interface.
const public = "93.184.216.34"

func TestGuardInANetworkOfItsOwn(t *testing.T) { // S01, S03, S04
	if os.Getenv(inside) != "" {
		askFromInside(t)
		return
	}
	if os.Getuid() != 0 {
		t.Skip("only root can make a network namespace")
	}
	for _, tool := range []string{"unshare", "ip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no network namespace without %s", tool)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "unshare", "-n", "ip", "link", "set", "lo", "up").CombinedOutput(); err != nil {
		t.Skipf("no network namespace here: %v: %s", err, out)
	}
	script := `ip link set lo up && ip addr add ` + public + `/32 dev lo && exec "$0" -test.run='^TestGuardInANetworkOfItsOwn$' -test.v`
	command := exec.CommandContext(t.Context(), "unshare", "-n", "sh", "-c", script, os.Args[0])
	command.Env = append(os.Environ(), inside+"=1")
	out, err := command.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestGuardInANetworkOfItsOwn")) {
		t.Errorf("inside the namespace: %v\n%s", err, out)
	}
}

// listenAt serves handle at an address of the namespace.
func listenAt(t *testing.T, address string, handle http.HandlerFunc) {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handle, ReadHeaderTimeout: time.Second}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close(); <-done })
}

// askFromInside has the guard on, with nothing opened.
func askFromInside(t *testing.T) {
	var internal []string
	for _, address := range []string{"127.0.0.1:80", "[::1]:80"} {
		listenAt(t, address, func(_ http.ResponseWriter, r *http.Request) { internal = append(internal, r.Host) })
	}
	listenAt(t, public+":80", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		if to := r.URL.Query().Get("to"); to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		}
	})
	client := New(Config{
		UserAgent: UserAgent("1.0", "https://planet.example/about"),
		Wait:      func(context.Context, time.Duration) error { return nil },
		Resolver:  newStub(t, answers(public, "127.0.0.1")).resolver(),
	})
	t.Cleanup(client.Close)
	for _, address := range []string{"http://" + public + "/", "http://rebind.example./"} {
		if answer, err := client.Get(t.Context(), Request{URL: address}); err != nil || answer.Status != http.StatusOK {
			t.Fatalf("Get(%s) = %+v, %v, want an answer", address, answer, err)
		}
	}
	for _, to := range []string{"http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://0.0.0.0/", "http://[::]/", "http://rebind.example./", "http://①②⑦.⓪.⓪.①/", "http://[::ffff:7f00:1]/"} {
		if _, err := client.Get(t.Context(), Request{URL: to}); err == nil {
			t.Errorf("%s was reached", to)
		}
		_, err := client.Get(t.Context(), Request{URL: "http://" + public + "/?to=" + to})
		if e := failed(t, err, caravan.FailAddress); !e.Sent {
			t.Errorf("redirect to %s: %+v", to, e)
		}
	}
	if len(internal) > 0 {
		t.Errorf("internal servers were asked by %s", strings.Join(internal, ", "))
	}
}
