import SeawallMetrics
import SeawallTime
import Testing

@Suite struct HistogramTests {
    private func makeHistogram(_ buckets: HistogramBuckets) throws -> (MetricsRegistry, Histogram) {
        let registry = MetricsRegistry()
        return (registry, try registry.histogram("h", help: "", buckets: buckets).with())
    }

    private func counts(_ registry: MetricsRegistry) -> [UInt64] {
        registry.snapshot().histograms.first?.buckets.map(\.count) ?? []
    }

    @Test func aBoundBelongsToItsBucket() throws {
        let (registry, histogram) = try makeHistogram(.durations([.zero, .seconds(1)]))
        histogram.observe(.zero)
        histogram.observe(.seconds(1))
        histogram.observe(.nanoseconds(1_000_000_001))
        #expect(counts(registry) == [1, 2, 3])
        #expect(histogram.count == 3)
        #expect(histogram.sum == 2.000000001)
    }

    @Test func secondsAndDurationsAreTheSameObservation() throws {
        let (registry, histogram) = try makeHistogram(.durations([.milliseconds(100)]))
        histogram.observe(0.1)
        histogram.observe(.milliseconds(100))
        #expect(counts(registry) == [2, 2])
        #expect(registry.prometheusText().contains("seawall_h_sum 0.2\n"))
        let (plain, numbers) = try makeHistogram(.numbers([0.1]))
        numbers.observe(.milliseconds(100))
        #expect(counts(plain) == [1, 1])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, -0.001, -1e300])
    func nonsenseIsRefusedAndCountedWhereDurationsAreObserved(number: Double) throws {
        let (registry, histogram) = try makeHistogram(.latency)
        histogram.observe(number)
        #expect(histogram.count == 0)
        #expect(histogram.sum == 0)
        #expect(registry.snapshot().counters.map(\.value) == [1])
        #expect(registry.snapshot().counters.map(\.labels) == [["fault": "refused_update", "metric": "seawall_h"]])
    }

    @Test func negativeDurationsAreRefusedAndHugeOnesStopAtTheEnd() throws {
        let (registry, histogram) = try makeHistogram(.latency)
        histogram.observe(.nanoseconds(-1))
        histogram.observe(.seconds(Int64.min))
        #expect(histogram.count == 0)
        histogram.observe(.seconds(Int64.max))
        histogram.observe(1e300)
        histogram.observe(.milliseconds(1))
        #expect(counts(registry).last == 3)
        #expect(registry.prometheusText().contains("seawall_h_sum 9223372036.854775807\n"))
    }

    @Test func plainNumbersMayBeNegativeAndStayFinite() throws {
        let (registry, histogram) = try makeHistogram(.numbers([-1, 1]))
        histogram.observe(-2)
        histogram.observe(.infinity)
        histogram.observe(.nan)
        #expect(counts(registry) == [1, 1, 1])
        #expect(histogram.sum == -2)
        histogram.observe(.greatestFiniteMagnitude)
        histogram.observe(.greatestFiniteMagnitude)
        #expect(histogram.sum.isFinite)
    }

    @Test func observationsFallAsInANaiveList() throws {
        var random = SeededGenerator(seed: 5, stream: "observations")
        let bounds: [Int64] = [5, 100, 101, 40_000, 1_000_000_000]
        let (registry, histogram) = try makeHistogram(.durations(bounds.map { .nanoseconds($0) }))
        var all: [Int64] = []
        for _ in 0..<3_000 {
            let near = random.pick(bounds) + Int64(random.below(3)) - 1
            let value = random.chance(0.5) ? near : Int64(random.next() >> (32 + random.below(30)))
            all.append(value)
            histogram.observe(.nanoseconds(value))
        }
        #expect(counts(registry) == (bounds + [.max]).map { bound in UInt64(all.filter { $0 <= bound }.count) })
        #expect(histogram.sum == Double(all.reduce(0, +)) / 1e9)
    }

    /// Bucket i takes only observations of 1,000^i nanoseconds, so the sum follows from the counts: a reading in which
    /// they disagree is torn.
    @Test func readingsAreNeverTornWhileThreadsObserve() async throws {
        let sizes: [Int64] = [1, 1_000, 1_000_000]
        let (registry, histogram) = try makeHistogram(.durations(sizes.dropLast().map { .nanoseconds($0) }))
        let spawner = TaskSpawner()
        let writers = (0..<3).map { writer in
            spawner.spawn {
                for index in 0..<20_000 { histogram.observe(.nanoseconds(sizes[(index + writer) % sizes.count])) }
            }
        }
        let torn = Lock(0)
        let readers = (0..<2).map { _ in
            spawner.spawn {
                var last: UInt64 = 0
                for _ in 0..<3_000 {
                    guard let reading = registry.snapshot().histograms.first else { continue }
                    var below: UInt64 = 0
                    var sum: Int64 = 0
                    for (bucket, size) in zip(reading.buckets, sizes) {
                        sum += Int64(bucket.count - below) * size
                        below = bucket.count
                    }
                    let agrees = reading.sum == Double(sum) / 1e9 && below == reading.count && reading.count >= last
                    if !agrees { torn.withLock { $0 += 1 } }
                    last = reading.count
                }
            }
        }
        for task in writers + readers { await task.value }
        #expect(torn.withLock { $0 } == 0)
        #expect(histogram.count == 60_000)
        #expect(histogram.sum == Double(20_000 * sizes.reduce(0, +)) / 1e9)
    }
}
