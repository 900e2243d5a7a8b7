package index

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"caravan/index/zapfile"
)

// A fault is a panic that was caught.
type fault struct {
	value  any
	frames []string // where it happened, innermost first
	damage bool     // of the index, not a mistake in the program
}

// Error tells of the panic and, where it is a mistake, how it was come to.
func (f *fault) Error() string {
	if f.damage {
		return fmt.Sprintf("%v: %v in %s", errDamaged, f.value, f.cause())
	}
	return fmt.Sprintf("panic: %v in %s", f.value, strings.Join(f.frames, " < "))
}

// Is makes damage found by errors.Is.
func (f *fault) Is(target error) bool { return f.damage && target == errDamaged }

// cause names the place; addresses in the value differ each time.
func (f *fault) cause() string {
	for _, name := range f.frames {
		if engines(name) || ours(name) {
			return name
		}
	}
	return ""
}

// engines reports whether a function belongs to what reads segment files.
func engines(function string) bool {
	for _, prefix := range []string{"github.com/blevesearch/", "github.com/RoaringBitmap/", "caravan/index/zap"} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// ours reports whether a function is of this program and not the engine's.
func ours(function string) bool {
	return strings.HasPrefix(function, "caravan/") && !engines(function)
}

// damaging decides whether a panic means that the index is damaged. A fault on
// an address is a mapped file that is shorter than it was; any other panic is
// damage when it came up in the engine, which trusts what it reads. frames are
// the functions on the stack, innermost first.
func damaging(p any, frames []string) bool {
	if _, ok := p.(interface {
		runtime.Error
		Addr() uintptr
	}); ok {
		return true
	}
	for _, name := range sincePanic(frames) {
		if engines(name) {
			return true
		}
		if ours(name) {
			return false
		}
	}
	return false
}

// sincePanic returns the frames below the first panic of a stack.
func sincePanic(frames []string) []string {
	for n := len(frames) - 1; n >= 0; n-- {
		if frames[n] == "runtime.gopanic" {
			return frames[n+1:]
		}
	}
	return frames
}

// recoverTo turns a panic into a [fault], and damage that a reader told of into
// damage of the index: neither must end the program.
func recoverTo(err *error) {
	if p := recover(); p != nil {
		frames := stack()
		*err = &fault{value: p, frames: sincePanic(frames), damage: damaging(p, frames)}
		return
	}
	if tellsOfDamage(*err) && !errors.Is(*err, errDamaged) {
		*err = fmt.Errorf("%w: %w", errDamaged, *err)
	}
}

// tellsOfDamage reports whether a reader found what it cannot be given by a
// whole file. The engine says so with the end of a file that is not its end, or
// in words alone: its errors have no class.
func tellsOfDamage(err error) bool {
	if _, ok := errors.AsType[storeError](err); err == nil || ok {
		return false
	}
	for _, words := range []string{"vellum err: ", "error loading roaring bitmap: "} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return errors.Is(err, zapfile.ErrDamaged) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// stack returns the names of the functions under way.
func stack() []string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var names []string
	for {
		f, more := frames.Next()
		names = append(names, f.Function)
		if !more {
			return names
		}
	}
}

// guardFaults makes a fault in a mapped file a panic of this goroutine instead
// of the end of the program; the caller defers what it returns.
func guardFaults() func() {
	old := debug.SetPanicOnFault(true)
	return func() { debug.SetPanicOnFault(old) }
}

// cureEvery is how often an index is made anew for one cause: what comes back
// at once is not cured by that.
const cureEvery = time.Hour

// cures remembers what indexes were made anew for.
type cures struct {
	now  func() time.Time
	mu   sync.Mutex
	last map[string]time.Time // cause -> when
}

func newCures(now func() time.Time) *cures {
	return &cures{now: now, last: make(map[string]time.Time)}
}

// note remembers that an index was made anew because of err.
func (c *cures) note(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last[causeOf(err)] = c.now()
}

// allows reports whether an index may be made anew because of err. A clock that
// was set back does not hold it up.
func (c *cures) allows(err error) bool {
	if c == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	last, ok := c.last[causeOf(err)]
	since := c.now().Sub(last)
	return !ok || since >= cureEvery || since < 0
}

// causeOf names what err comes from, the same each time.
func causeOf(err error) string {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.cause()
	}
	return err.Error()
}
