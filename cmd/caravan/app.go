package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"caravan/cmd/caravan/internal/blocklist"
	"caravan/cmd/caravan/internal/sourcelist"
	"caravan/fetcher"
	"caravan/fetcher/article"
	"caravan/fetcher/polite"
	"caravan/fetcher/push"
	"caravan/index"
	"caravan/index/query"
	"caravan/server"
	"caravan/store"
)

// An app is the whole program over one data directory, which it has locked.
type app struct {
	files  dataFlags
	log    *slog.Logger
	lock   *dirLock
	client *polite.Client
	store  *store.Store
	index  *index.Index
	poller *fetcher.Poller
	push   *push.Subscriber
	server *server.Server
	list   *sourcelist.Keeper
	words  *thesaurusKeeper
	block  *blocklist.Keeper

	pollConfig fetcher.Config // of the poller, for passes besides
}

// appOptions are what opening an app needs to know besides its files.
type appOptions struct {
	Files          dataFlags
	Net            netFlags
	Listen         net.Addr // the public address that is listened on
	AcceptRemovals bool
	Demo           bool
	Public         bool   // publishers on the public web will be asked
	Theme          string // folder; empty for caravan's own face
	Images         bool
	Now            func() time.Time
	Wait           func(context.Context, time.Duration) error // between requests of a command; nil means a timer
	Log            *slog.Logger
}

// openApp locks the data directory and opens what is in it. When another
// process holds it the error is of class errLocked. Close what it returns.
func openApp(ctx context.Context, o appOptions) (*app, error) {
	a := &app{files: o.Files, log: o.Log}
	if err := a.open(ctx, o); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

// open opens the parts in the order in which they need each other.
func (a *app) open(ctx context.Context, o appOptions) (err error) {
	if err := os.MkdirAll(o.Files.Data, 0o700); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	if a.lock, err = lockDir(o.Files.lockFile()); err != nil {
		return err
	}
	base, err := o.Net.baseURL(o.Listen)
	if err != nil {
		return err
	}
	contact, public := o.Net.contact(base)
	if !public && o.Public {
		a.log.Warn("publishers cannot reach you: give --contact or --base-url an address of the public web", "contact", contact)
	}
	clock, err := openClock(o.Files.Data, o.Net.ClockSpeed, o.Now)
	if err != nil {
		return err
	}
	o.Now = clock.now
	if a.block, err = blocklist.Open(ctx, o.Net.Block, o.Log); err != nil {
		return err
	}
	a.client = polite.New(polite.Config{UserAgent: polite.UserAgent(version, contact), AllowPrivate: o.Net.AllowPrivate, Blocked: a.block.Reason, Now: clock.now, Wait: clock.wait, Log: o.Log})
	if err := a.openStore(ctx, o); err != nil {
		return err
	}
	a.index, err = index.Open(ctx, index.Config{Dir: o.Files.indexDir(), Log: o.Log, Now: o.Now, Store: a.store})
	if err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	a.words = newThesaurusKeeper(thesaurusFile(o.Files.Feeds), a.index.SetThesaurus, o.Log)
	a.words.look(ctx)
	a.pollConfig = fetcher.Config{Store: a.store, Client: a.client, Now: o.Now, Wait: clock.wait, Log: o.Log, Policy: fetcher.DefaultPolicy()}
	a.poller = fetcher.New(a.pollConfig)
	a.push = a.newSubscriber(o, clock, contact)
	if o.Public {
		warnUnreachable(o.Log, o.Net.BaseURL, a.client.Allowed)
	}
	if err := a.openServer(o, base, contact); err != nil {
		return err
	}
	return nil
}

func (a *app) openStore(ctx context.Context, o appOptions) error {
	var err error
	a.store, err = store.Open(ctx, store.Config{
		Path:      o.Files.database(),
		Now:       o.Now,
		Log:       o.Log,
		Floor:     fetcher.DefaultPolicy().Floor,
		HostKey:   a.client.HostKey,
		Match:     fetcher.Match,
		SameStory: fetcher.SameStory,
		LinkKey:   article.CanonicalLink,
		Rule:      query.MatchItem,
	})
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	a.list = sourcelist.New(sourcelist.Config{
		Path:           o.Files.Feeds,
		Store:          a.store,
		Log:            o.Log,
		AcceptRemovals: o.AcceptRemovals,
		Vet:            fastOnlyInPrivate(o.Net.ClockSpeed, a.client.Allowed),
		Includes:       sourcelist.NewIncluder(o.Files.includesDir(), a.client, o.Now, o.Log),
	})
	return nil
}

func (a *app) openServer(o appOptions, base, contact string) error {
	zone, err := o.Net.zone()
	if err != nil {
		return err
	}
	var theme server.Theme
	if o.Theme != "" {
		if theme, err = server.LoadTheme(os.DirFS(o.Theme)); err != nil {
			return fmt.Errorf("load theme %s: %w", o.Theme, err)
		}
	}
	a.server, err = server.New(server.Config{
		Theme:          theme,
		Images:         o.Images,
		Store:          a.store,
		Index:          a.index,
		Admin:          &admin{app: a},
		Push:           a.push,
		PushBytes:      polite.DefaultLimits().Body,
		BaseURL:        base,
		Hub:            o.Net.Hub,
		HubClient:      a.client.Plain(),
		TrustedProxies: o.Net.TrustedProxies,
		Version:        version,
		Contact:        contact,
		TimeZone:       zone,
		Demo:           o.Demo,
		Blocked:        a.block.Blocked,
		Offline:        a.poller.Offline,
		Now:            o.Now,
		Log:            o.Log,
	})
	if err != nil {
		return fmt.Errorf("prepare server: %w", err)
	}
	return nil
}

// close closes what is open, the lock last.
func (a *app) close() error {
	var errs []error
	if a.index != nil {
		errs = append(errs, a.index.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.client != nil {
		a.client.Close()
	}
	if a.lock != nil {
		errs = append(errs, a.lock.release())
	}
	return errors.Join(errs...)
}
