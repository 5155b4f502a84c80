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

    @Test func makersGiveTheBoundsThatTheySay() throws {
        func bounds(_ buckets: HistogramBuckets) throws -> [Double] {
            let (registry, _) = try makeHistogram(buckets)
            return registry.snapshot().histograms[0].buckets.map(\.bound).dropLast()
        }
        #expect(try bounds(.exponential(from: .milliseconds(1), factor: 10, count: 4)) == [0.001, 0.01, 0.1, 1])
        #expect(try bounds(.linear(from: .zero, width: .milliseconds(5), count: 3)) == [0, 0.005, 0.01])
        #expect(try bounds(.exponential(from: 1.0, factor: 2, count: 5)) == [1, 2, 4, 8, 16])
        #expect(try bounds(.linear(from: 0.1, width: 0.1, count: 5)) == [0.1, 0.2, 0.3, 0.4, 0.5])
        #expect(try bounds(.linear(from: -2.0, width: 1, count: 3)) == [-2, -1, 0])
    }

    @Test(arguments: [
        HistogramBuckets.exponential(from: .zero, factor: 2, count: 3),
        .exponential(from: .seconds(1), factor: 1, count: 2),
        .exponential(from: .seconds(1), factor: .nan, count: 2), .exponential(from: 1.0, factor: 1e300, count: 3),
        .exponential(from: .seconds(1), factor: 2, count: 100), .linear(from: 0.0, width: 0, count: 2),
        .linear(from: .zero, width: .seconds(-1), count: 2), .linear(from: 0.0, width: .infinity, count: 2),
        .linear(from: 0.0, width: 1, count: 0), .linear(from: 0.0, width: 1, count: -1),
        .linear(from: 0.0, width: 1, count: .max), .linear(from: .zero, width: .seconds(1), count: 201),
    ]) func makersOfNonsenseAreRefusedAtRegistration(buckets: HistogramBuckets) {
        #expect(throws: MetricsError.self) { _ = try MetricsRegistry().histogram("h", help: "", buckets: buckets) }
    }

    /// As many bounds as one may have, so that the search that leaves some out is tried as well.
    @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 100, 200]) func everyBoundIsFoundWhateverTheirNumber(
        count: Int
    ) throws {
        let (registry, histogram) = try makeHistogram(.linear(from: 0.0, width: 1, count: count))
        for index in 0..<count {
            histogram.observe(Double(index))
            histogram.observe(Double(index) + 0.5)
        }
        let expected: [UInt64] = (0..<UInt64(count)).map { 2 * $0 + 1 } + [UInt64(2 * count)]
        #expect(counts(registry) == expected)
    }

    @Test func quantilesAreThoseOfPrometheus() throws {
        let (registry, histogram) = try makeHistogram(.numbers([1, 2, 4]))
        #expect(histogram.quantile(0.5) == nil)
        for value in [0.5, 1.5, 1.5, 3, 3, 3, 3, 9] { histogram.observe(value) }
        let reading = registry.snapshot().histograms[0]
        for (share, value) in [(0.0, 0.0), (0.125, 1), (0.25, 1.5), (0.375, 2), (0.625, 3), (0.875, 4), (1, 4)] {
            #expect(histogram.quantile(share) == value, "\(share)")
            #expect(reading.quantile(share) == value)
        }
        for share in [-0.1, 1.1, .nan] { #expect(histogram.quantile(share) == nil) }
        let (_, negative) = try makeHistogram(.numbers([-2, 0]))
        negative.observe(-3)
        #expect(negative.quantile(0.5) == -2)
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
