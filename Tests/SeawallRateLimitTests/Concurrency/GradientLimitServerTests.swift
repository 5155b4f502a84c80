import SeawallTime
import Testing

@testable import SeawallRateLimit

/// The learnt limit before venues that can do so much and no more.
@Suite struct GradientLimitServerTests {
    struct Case: CustomTestStringConvertible {
        var kind: ServerModel.Kind
        var noise: ServerModel.Noise
        var capacity: Int

        var testDescription: String { "\(kind), noise \(noise), capacity \(capacity)" }

        func server(_ configuration: AdaptiveConcurrency = AdaptiveConcurrency(), seed: Int) -> ServerModel {
            ServerModel(
                configuration, kind: kind, noise: noise, capacity: capacity, service: .milliseconds(500), seed: seed)
        }
    }

    static let cases = ServerModel.Kind.allCases.flatMap { kind in
        ServerModel.Noise.allCases.flatMap { noise in
            [3, 5, 10, 20].map { Case(kind: kind, noise: noise, capacity: $0) }
        }
    }

    /// Around what the venue can do: never much below it, and not above twice that and the room to find more.
    private static func band(_ capacity: Int) -> ClosedRange<Int> {
        let most = 2 * capacity
        return capacity * 8 / 10...most + Int(Double(most).squareRoot().rounded(.up)) + 1
    }

    @Test(arguments: cases)
    func itSettlesAroundWhatTheVenueCanDoAndFollowsItsChanges(_ example: Case) {
        for seed in 0..<3 {
            var server = example.server(seed: seed)
            server.run(.seconds(60))
            server.run(.seconds(140))
            for limit in server.limits(from: .seconds(60)) {
                #expect(Self.band(example.capacity).contains(limit), "seed \(seed)")
            }
            for change in [example.capacity * 2, example.capacity] {
                server.capacity = change
                let (start, epoch) = (server.now, server.limit.epoch)
                var settled: UInt64?
                while server.now < start + 90_000_000_000 {
                    server.run(.milliseconds(500))
                    if settled == nil, Self.band(change).contains(server.limit.learnt) { settled = server.limit.epoch }
                }
                #expect((settled ?? .max) - epoch <= 25, "seed \(seed), to \(change)")
                server.run(.seconds(60))
                let since = Duration.nanoseconds(start) + .seconds(90)
                for limit in server.limits(from: since) {
                    #expect(Self.band(change).contains(limit), "seed \(seed), to \(change)")
                }
            }
        }
    }

    /// A venue with fewer places than a probe takes looks slower than it is: by that factor, and no more with time.
    @Test(arguments: ServerModel.Kind.allCases)
    func aVenueSmallerThanTheProbeIsOverratedByABoundedFactor(_ kind: ServerModel.Kind) {
        for seed in 0..<5 {
            var server = ServerModel(kind: kind, capacity: 1, service: .seconds(1), seed: seed)
            server.run(.seconds(10_000))
            #expect((server.limits(from: .seconds(600)).max() ?? .max) <= 10)
            var narrow = ServerModel(
                AdaptiveConcurrency(minimum: 1, probeLimit: 1), kind: kind, capacity: 1, service: .seconds(1),
                seed: seed)
            narrow.run(.seconds(10_000))
            #expect((narrow.limits(from: .seconds(600)).max() ?? .max) <= 4)
        }
    }

    @Test(arguments: ServerModel.Kind.allCases)
    func itDoesNotCreepInADay(_ kind: ServerModel.Kind) {
        for seed in 0..<3 {
            var server = ServerModel(kind: kind, noise: .tail, capacity: 10, service: .seconds(10), seed: seed)
            server.run(.seconds(86_400))
            let limits = server.limits(from: .seconds(3_600))
            #expect(limits.count > 500)
            // In a day some probe meets nothing but quick calls, or slow ones: that lasts until the next.
            #expect(limits.filter { !Self.band(10).contains($0) }.count * 50 < limits.count)
            #expect(limits.allSatisfy { (5...30).contains($0) })
            // The last hours are no higher than the first.
            let spans = [
                server.limits(from: .seconds(3_600), to: .seconds(18_000)), server.limits(from: .seconds(72_000)),
            ]
            let means = spans.map { Double($0.reduce(0, +)) / Double(max(1, $0.count)) }
            #expect(abs(means[0] - means[1]) < 1, "\(means)")
        }
    }

    /// Ten times as slow and back, by one part in a hundred each time: the measure goes with it, and the limit stays.
    @Test(arguments: ServerModel.Kind.allCases)
    func aVenueThatDriftsDoesNotTakeTheLimitAlong(_ kind: ServerModel.Kind) {
        for seed in 0..<2 {
            var server = ServerModel(kind: kind, noise: .even, capacity: 10, service: .milliseconds(500), seed: seed)
            server.run(.seconds(60))
            for step in 0..<460 {
                server.service = step < 230 ? server.service * 101 / 100 : server.service * 100 / 101
                server.run(.seconds(10))
            }
            #expect(server.limits(from: .seconds(60)).allSatisfy(Self.band(10).contains), "seed \(seed)")
        }
    }

    /// Slower at once by ten times: first it seems a crowd, then a probe shows that it is the venue.
    @Test(arguments: ServerModel.Kind.allCases)
    func aVenueThatGetsSlowerDoesNotKeepTheLimitLow(_ kind: ServerModel.Kind) {
        for seed in 0..<5 {
            var server = ServerModel(kind: kind, noise: .even, capacity: 10, service: .milliseconds(100), seed: seed)
            server.run(.seconds(60))
            server.service = 1_000_000_000
            server.run(.seconds(200))
            #expect(Self.band(10).contains(server.limit.learnt), "seed \(seed)")
            server.service = 100_000_000
            server.run(.seconds(150))
            #expect(Self.band(10).contains(server.limit.learnt), "seed \(seed)")
        }
    }

    @Test func whatIsNotUsedIsNotRaised() {
        for seed in 0..<5 {
            var server = ServerModel(kind: .shared, noise: .even, capacity: 50, service: .milliseconds(100), seed: seed)
            server.demand = 8
            server.run(.seconds(600))
            // Of twenty at first, eight are in use: not half.
            #expect(server.limits.allSatisfy { $0.limit <= 20 }, "seed \(seed)")
            let last = server.limit.learnt
            server.demand = 0
            server.run(.seconds(86_400))
            server.demand = 1
            server.run(.seconds(600))
            #expect(server.limit.learnt <= last)
            server.demand = .max
            server.run(.seconds(300))
            #expect(Self.band(50).contains(server.limit.learnt), "seed \(seed)")
        }
    }

    @Test func aVenueThatRefusesWhatIsTooManyIsNotPressed() {
        for seed in 0..<5 {
            var server = ServerModel(
                kind: .shared, noise: .even, capacity: 100, service: .milliseconds(200), seed: seed)
            server.refusesAbove = 15
            server.run(.seconds(300))
            let limits = server.limits(from: .seconds(60))
            #expect(
                limits.allSatisfy { (8...20).contains($0) }, "seed \(seed): \(limits.min() ?? 0) \(limits.max() ?? 0)")
        }
    }

    @Test func anOutageTakesItToTheFloorAndTheEndOfItBringsItBack() {
        for seed in 0..<5 {
            var server = ServerModel(kind: .queue, noise: .tail, capacity: 10, service: .milliseconds(200), seed: seed)
            server.run(.seconds(100))
            server.drops = 1
            server.run(.seconds(100))
            #expect(server.limit.learnt == 3)
            server.drops = 0
            server.run(.seconds(100))
            #expect(Self.band(10).contains(server.limit.learnt))
            // One in a hundred lost by chance costs some of it, not all.
            server.drops = 0.01
            server.run(.seconds(300))
            let some = server.limits(from: .seconds(330))
            #expect(some.reduce(0, +) / max(1, some.count) >= 7)
        }
    }

    @Test func itNeverLeavesItsRange() {
        let configuration = AdaptiveConcurrency(initial: 7, minimum: 5, maximum: 12, probeLimit: 5)
        for seed in 0..<10 {
            var random = SeededGenerator(seed: UInt64(seed), stream: "range")
            var server = ServerModel(configuration, kind: .shared, capacity: 8, service: .milliseconds(100), seed: seed)
            for _ in 0..<60 {
                server.capacity = 1 + Int(random.below(40))
                server.service = 1 + Int64(random.below(2_000_000_000))
                server.drops = random.chance(0.3) ? random.unit() : 0
                server.run(.seconds(20))
                #expect((5...12).contains(server.limit.limit))
            }
            #expect(server.limits.allSatisfy { (5...12).contains($0.limit) })
            #expect(Set(server.limits.map(\.limit)).isSuperset(of: [5, 12]))
        }
    }
}
