package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"caravan/server/page"
)

// metrics count what the server does, in a registry of its own or the one that
// was given.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	kept     prometheus.Counter // documents taken from the shelf
	rendered prometheus.Counter // documents that had to be made
	pages    *prometheus.CounterVec
	limited  prometheus.Counter
	pushes   *prometheus.CounterVec // messages of hubs, by receipt
}

// newMetrics registers the server's metrics with the registry of c, or a new one.
func newMetrics(c Config) *metrics {
	registry := c.Metrics
	if registry == nil {
		registry = prometheus.NewRegistry()
		registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	m := &metrics{
		registry: registry,
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "caravan_http_request_seconds",
			Help:    "Time to answer requests, by route and status.",
			Buckets: []float64{0.001, 0.005, 0.02, 0.1, 0.5, 2, 10},
		}, []string{"route", "code"}),
		limited: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "caravan_http_limited_total",
			Help: "Requests answered with 429.",
		}),
	}
	m.pushes = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "caravan_push_messages_total",
		Help: "Messages under callbacks of hubs, by what became of them when they came.",
	}, []string{"receipt"})
	documents := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "caravan_rendered_documents_total",
		Help: "Feed documents asked for, by whether they were kept or had to be rendered.",
	}, []string{"result"})
	m.pages = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "caravan_rendered_pages_total",
		Help: "Pages asked for, by whether they were kept or had to be rendered.",
	}, []string{"result"})
	m.kept, m.rendered = documents.WithLabelValues("kept"), documents.WithLabelValues("rendered")
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "caravan_build_info", Help: "Always 1; the label names the version.",
		ConstLabels: prometheus.Labels{"version": c.Version},
	})
	info.Set(1)
	registry.MustRegister(m.requests, documents, m.pages, m.limited, m.pushes, info, &storeCollector{store: c.Store, now: c.Now})
	return m
}

// shelf counts a document asked for.
func (m *metrics) shelf(hit bool) {
	if hit {
		m.kept.Inc()
		return
	}
	m.rendered.Inc()
}

// page counts a page asked for.
func (m *metrics) page(hit bool) {
	result := "rendered"
	if hit {
		result = "kept"
	}
	m.pages.WithLabelValues(result).Inc()
}

// measure times the requests that reach a route. Routes are named by their
// pattern: addresses would make as many series as there are items.
func (m *metrics) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route := "none"
		if current := mux.CurrentRoute(r); current != nil {
			if pattern, err := current.GetPathTemplate(); err == nil {
				route = pattern
			}
		}
		started := time.Now()
		seen := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		m.requests.WithLabelValues(route, strconv.Itoa(seen.code())).Observe(time.Since(started).Seconds())
	})
}

// A statusWriter remembers the status that was written.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach what is below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush passes on what was written so far.
func (w *statusWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// code is the status of the answer.
func (w *statusWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// scrapeTimeout bounds what a scrape may ask of the store.
const scrapeTimeout = 5 * time.Second

// A storeCollector tells the state of the archive, read when it is asked for.
type storeCollector struct {
	store Store
	now   func() time.Time
}

// The descriptions of what a storeCollector tells.
func (c *storeCollector) descriptions() (sources, items, change *prometheus.Desc) {
	return prometheus.NewDesc("caravan_sources", "Listed sources, by state.", []string{"status"}, nil),
		prometheus.NewDesc("caravan_items", "Shown items.", nil, nil),
		prometheus.NewDesc("caravan_last_change", "Number of the newest change.", nil, nil)
}

// Describe implements [prometheus.Collector].
func (c *storeCollector) Describe(out chan<- *prometheus.Desc) {
	sources, items, change := c.descriptions()
	out <- sources
	out <- items
	out <- change
}

// Collect implements [prometheus.Collector]. What cannot be read is left out.
func (c *storeCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	sourcesDesc, itemsDesc, changeDesc := c.descriptions()
	if n, err := c.store.LastChange(ctx); err == nil {
		out <- prometheus.MustNewConstMetric(changeDesc, prometheus.CounterValue, float64(n))
	}
	sources, err := c.store.Sources(ctx)
	if err != nil {
		return
	}
	byStatus, items := map[page.Code]int{}, 0
	for _, code := range page.Codes() {
		byStatus[code] = 0
	}
	now := c.now()
	for _, s := range sources {
		byStatus[page.SourceStatus(s, now).Code]++
		items += s.Items
	}
	for code, n := range byStatus {
		out <- prometheus.MustNewConstMetric(sourcesDesc, prometheus.GaugeValue, float64(n), string(code))
	}
	out <- prometheus.MustNewConstMetric(itemsDesc, prometheus.GaugeValue, float64(items))
}

// handler serves the registry.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}
