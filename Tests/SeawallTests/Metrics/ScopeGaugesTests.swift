import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallMetrics

/// More scopes than a metric has series.
@Suite struct ScopeGaugesTests {
    private static let overflow = ["scope": MetricsRegistry.overflowLabelValue]

    private static func name(_ number: Int) -> String { "S\(10_000 + number)" }

    private static func gauges(_ registry: MetricsRegistry) throws -> ScopeGauges<String> {
        ScopeGauges(
            ScopedFamily(try registry.gauge("level", help: "What may be sent.", labels: ["scope"]), []),
            limit: registry.seriesLimit, open: 3, worst: min)
    }

    @Test func aSharedSeriesShowsTheWorstOfItsScopes() throws {
        let registry = MetricsRegistry()
        let gauges = try Self.gauges(registry)
        for number in 0..<1_000 { gauges.remember(Self.name(number)) }
        gauges.show([]) { _ in 3 }
        // The first of those that share it is the worst: the others are written after it.
        var levels = Dictionary(uniqueKeysWithValues: (1_000..<1_200).map { (Self.name($0), 2.0) })
        levels[Self.name(1_000)] = 0
        gauges.show(levels.keys) { levels[$0] ?? 3 }
        #expect(registry.reading("level", Self.overflow) == 0)
        #expect(gauges.count == 1_200)
        levels = [Self.name(1_100): 1]
        gauges.show(levels.keys) { levels[$0] ?? 3 }
        #expect(registry.reading("level", Self.overflow) == 1)
        gauges.show([]) { _ in 3 }
        #expect(registry.reading("level", Self.overflow) == 3)
        #expect(registry.reading("level", ["scope": Self.name(999)]) == 3)
        // What restricts everything shows there too.
        gauges.show([]) { _ in 2 }
        #expect(registry.reading("level", Self.overflow) == 2)
        #expect(gauges.count <= 1_001)
    }

    @Test(arguments: [true, false]) func scopesWithoutEndTakeNoMemoryWithoutEnd(isRead: Bool) throws {
        let gauges = try Self.gauges(MetricsRegistry())
        for number in 0..<3_000 {
            gauges.remember(Self.name(number))
            if isRead, number % 500 == 499 { gauges.show([]) { _ in 3 } }
        }
        #expect(gauges.count <= 1_001)
    }

    @Test func aPauseAmongTwelveHundredShows() throws {
        let rig = try Rig(RuntimeEnvironment(time: ManualTime()))
        func level(_ labels: [String: String]) -> Double? { rig.layer.metrics.reading("permission_level", labels) }
        for number in 0..<1_200 { try rig.layer.pause(.symbol(Symbol(Self.name(number))), reason: "test") }
        #expect(level(Self.overflow) == 2)
        for number in 0..<1_200 where number != 1_100 { rig.layer.resume(.symbol(Symbol(Self.name(number)))) }
        for _ in 0..<2 {
            #expect(level(Self.overflow) == 2)
            #expect(level(["scope": "symbol:" + Self.name(0)]) == 3)
        }
        rig.layer.resume(.symbol(Symbol(Self.name(1_100))))
        #expect(level(Self.overflow) == 3)
        try rig.layer.pause(.symbol(Symbol(Self.name(1_150))), reason: "test")
        #expect(level(Self.overflow) == 2)
        rig.layer.stop()
    }

    @Test func theLongestOfTwelveHundredShutScopesShows() throws {
        let time = ManualTime()
        let rig = try Rig(RuntimeEnvironment(time: time))
        for number in 0..<1_200 {
            let duration = Duration.seconds(number == 1_100 ? 500 : 100)
            rig.layer.consequences.shut(LimitScope(rawValue: Self.name(number)), time.now.advanced(by: duration))
        }
        #expect(rig.layer.metrics.reading("rate_limit_shut_seconds", Self.overflow) == 500)
        time.advance(by: .seconds(200))
        #expect(rig.layer.metrics.reading("rate_limit_shut_seconds", Self.overflow) == 300)
        time.advance(by: .seconds(300))
        #expect(rig.layer.metrics.reading("rate_limit_shut_seconds", Self.overflow) == 0)
        rig.layer.stop()
    }
}
