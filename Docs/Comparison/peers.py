"""The limiters and metrics that Python programs use, measured as seawall-bench measures ours.

One thread only: the interpreter lets no two run at once.
"""

import json
import statistics
import sys
import time

import limits
import prometheus_client
import pyrate_limiter

SAMPLE = 70_000_000
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5


def once(operations, run):
    """Nanoseconds for one operation."""
    began = time.perf_counter_ns()
    run(operations)
    return (time.perf_counter_ns() - began) / operations


def quickest(operations, run):
    """The quickest of three: whoever is interrupted would find that a few operations are enough."""
    return min(once(operations, run) for _ in range(3))


def report(name, peer, run, size=0):
    operations = 1
    while (taken := quickest(operations, run) * operations) < SAMPLE / 4:
        operations *= 2
    operations = int(operations * SAMPLE / taken) + 1
    nanoseconds = statistics.median(once(operations, run) for _ in range(ROUNDS))
    line = {"case": name, "peer": peer, "threads": 1, "ns": nanoseconds, "bytes": size}
    print(json.dumps(line), flush=True)


def repeated(operation):
    def run(operations):
        for _ in range(operations):
            operation()

    return run


def limiters():
    plenty = limits.RateLimitItemPerMinute(10**12)
    fixed = limits.strategies.FixedWindowRateLimiter(limits.storage.MemoryStorage())
    report("limiter.granted", "limits, fixed window", repeated(lambda: fixed.hit(plenty, "calls")))
    spent = limits.RateLimitItemPerDay(1)
    fixed.hit(spent, "spent")
    report("limiter.refused", "limits, fixed window", repeated(lambda: fixed.hit(spent, "spent")))

    # It keeps every call of the window: a short one, so that the list stays as long as a venue's.
    rate = pyrate_limiter.Rate(10**9, pyrate_limiter.Duration.SECOND)
    bucket = pyrate_limiter.InMemoryBucket([rate])
    limiter = pyrate_limiter.Limiter(bucket)
    report("limiter.granted", "pyrate-limiter", repeated(lambda: limiter.try_acquire("calls", blocking=False)))
    bucket.flush()
    day = pyrate_limiter.Limiter(pyrate_limiter.InMemoryBucket([pyrate_limiter.Rate(1, pyrate_limiter.Duration.DAY)]))
    day.try_acquire("spent", blocking=False)
    report("limiter.refused", "pyrate-limiter", repeated(lambda: day.try_acquire("spent", blocking=False)))


def metrics():
    peer = "prometheus_client"
    registry = prometheus_client.CollectorRegistry()
    counter = prometheus_client.Counter("calls", "Calls.", registry=registry)
    report("metrics.counter", peer, repeated(counter.inc))

    values = [i * 7919 % 1024 * 0.012 for i in range(1024)]
    histogram = prometheus_client.Histogram(
        "size", "Sizes.", registry=registry,
        buckets=[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])

    def observe(operations):
        for i in range(operations):
            histogram.observe(values[i & 1023])

    report("metrics.histogram", peer, observe)

    family = prometheus_client.Counter("lookups", "Calls.", ["method", "path"], registry=registry)
    paths = [f"/api/v1/resource/{i}" for i in range(1000)]
    for path in paths:
        family.labels("GET", path)

    def look(operations):
        for i in range(operations):
            family.labels("GET", paths[i % 1000]).inc()

    report("metrics.child", peer, look)


def render():
    registry = prometheus_client.CollectorRegistry()
    for number in range(10):
        family = prometheus_client.Counter(f"bench_requests_{number}", "Requests.", ["method", "path"], registry=registry)
        for i in range(1000):
            family.labels("GET", f"/api/v1/resource/{i}").inc(i * 37)
    size = len(prometheus_client.generate_latest(registry))
    report("metrics.render", "prometheus_client", repeated(lambda: prometheus_client.generate_latest(registry)), size)


# The others write no second series that says when a counter was made.
prometheus_client.disable_created_metrics()
limiters()
metrics()
render()
