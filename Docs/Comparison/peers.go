// The limiter and the metrics that Go programs use, measured as seawall-bench measures ours.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"golang.org/x/time/rate"
)

const sample = 70 * time.Millisecond

var rounds = 5

// once runs the operation so often on each of the threads, and returns nanoseconds for one as a thread sees it.
func once(threads, operations int, run func(operations int)) float64 {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := 0; i < threads; i++ {
		ready.Add(1)
		done.Add(1)
		go func() {
			ready.Done()
			<-start
			run(operations)
			done.Done()
		}()
	}
	ready.Wait()
	began := time.Now()
	close(start)
	done.Wait()
	return float64(time.Since(began).Nanoseconds()) / float64(operations)
}

// quickest of three: whoever is interrupted would find that a few operations are enough.
func quickest(threads, operations int, run func(operations int)) float64 {
	best := once(threads, operations, run)
	for i := 0; i < 2; i++ {
		if taken := once(threads, operations, run); taken < best {
			best = taken
		}
	}
	return best
}

func report(name, peer string, threads, bytes int, run func(operations int)) {
	operations := 1
	for {
		taken := quickest(threads, operations, run) * float64(operations)
		if taken > float64(sample.Nanoseconds())/4 {
			operations = int(float64(operations)*float64(sample.Nanoseconds())/taken) + 1
			break
		}
		operations *= 2
	}
	figures := make([]float64, rounds)
	for i := range figures {
		figures[i] = once(threads, operations, run)
	}
	sort.Float64s(figures)
	line, _ := json.Marshal(map[string]interface{}{
		"case": name, "peer": peer, "threads": threads, "ns": figures[len(figures)/2], "bytes": bytes,
	})
	fmt.Println(string(line))
}

func limiters(threads int) {
	plenty := rate.NewLimiter(1e9, 1<<30)
	report("limiter.granted", "x/time/rate", threads, 0, func(operations int) {
		for i := 0; i < operations; i++ {
			plenty.Allow()
		}
	})
	spent := rate.NewLimiter(1e-9, 1)
	spent.Allow()
	report("limiter.refused", "x/time/rate", threads, 0, func(operations int) {
		for i := 0; i < operations; i++ {
			spent.Allow()
		}
	})
}

func metrics(threads int) {
	counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "calls_total", Help: "Calls."})
	report("metrics.counter", "client_golang", threads, 0, func(operations int) {
		for i := 0; i < operations; i++ {
			counter.Inc()
		}
	})
	values := make([]float64, 1024)
	for i := range values {
		values[i] = float64(i*7919%1024) * 0.012
	}
	histogram := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "size", Help: "Sizes.", Buckets: []float64{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
	})
	report("metrics.histogram", "client_golang", threads, 0, func(operations int) {
		for i := 0; i < operations; i++ {
			histogram.Observe(values[i&1023])
		}
	})
	labelled := prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "lookups_total", Help: "Calls."}, []string{"method", "path"})
	paths := make([]string, 1000)
	for i := range paths {
		paths[i] = "/api/v1/resource/" + strconv.Itoa(i)
		labelled.WithLabelValues("GET", paths[i])
	}
	report("metrics.child", "client_golang", threads, 0, func(operations int) {
		next := 0
		for i := 0; i < operations; i++ {
			labelled.WithLabelValues("GET", paths[next]).Inc()
			next++
			if next == 1000 {
				next = 0
			}
		}
	})
}

func render() {
	registry := prometheus.NewRegistry()
	for family := 0; family < 10; family++ {
		counters := prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: fmt.Sprintf("bench_requests_%d_total", family), Help: "Requests.",
		}, []string{"method", "path"})
		registry.MustRegister(counters)
		for i := 0; i < 1000; i++ {
			counters.WithLabelValues("GET", "/api/v1/resource/"+strconv.Itoa(i)).Add(float64(i * 37))
		}
	}
	var text bytes.Buffer
	write := func() {
		text.Reset()
		families, err := registry.Gather()
		if err != nil {
			panic(err)
		}
		for _, family := range families {
			if _, err := expfmt.MetricFamilyToText(&text, family); err != nil {
				panic(err)
			}
		}
	}
	write()
	report("metrics.render", "client_golang", 1, text.Len(), func(operations int) {
		for i := 0; i < operations; i++ {
			write()
		}
	})
}

func main() {
	if len(os.Args) > 1 {
		if given, err := strconv.Atoi(os.Args[1]); err == nil && given > 0 {
			rounds = given
		}
	}
	for _, threads := range []int{1, 2} {
		limiters(threads)
		metrics(threads)
	}
	render()
}
