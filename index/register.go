package index

import (
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"caravan/index/schema"
)

// bleve finds callbacks by name in a registry of its own, which must be filled
// before an index is opened and not touched afterwards.

// callbackName is what the configuration of an index calls [alarms.ring] by.
const callbackName = "caravan"

// register fills bleve's registries, once.
var register = sync.OnceValue(func() error {
	scorch.RegistryAsyncErrorCallbacks[callbackName] = alarm.ring
	return schema.Register()
})

// alarm passes on what bleve's background work fails with. A merge that panics
// ends that work for good, and the next batch would then wait for ever.
var alarm alarms

// alarms leads from the path of an open index to whoever watches it.
type alarms struct {
	watchers sync.Map // path -> func(error)
}

func (a *alarms) watch(path string, f func(error)) { a.watchers.Store(path, f) }
func (a *alarms) unwatch(path string)              { a.watchers.Delete(path) }

func (a *alarms) ring(err error, path string) {
	if f, ok := a.watchers.Load(path); ok {
		f.(func(error))(err)
	}
}
