import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Doors that judge every request by its counters alone, against lists of every charge that was ever taken.
@Suite struct VenueGateModelTests {
    private static let second: Int64 = 1_000_000_000

    /// A charge that was taken.
    private struct Charge {
        var limit: String
        var symbol: Symbol
        var at: Int64
        var weight: Int
    }

    private static let profile = VenueProfile.plain.with {
        $0.limits = [
            LimitRule(name: "fixed", scope: .ip, counts: .weight, shape: .fixed, limit: 12, window: .seconds(5)),
            LimitRule(name: "rolling", scope: .symbol, counts: .order, shape: .rolling, limit: 6, window: .seconds(4)),
            LimitRule(
                name: "decay", scope: .account, counts: .weight, shape: .decay, limit: 900, window: .zero, decay: 150),
        ]
        $0.costs = [
            .time: ["fixed": 1], .query: ["fixed": 2, "decay": 250], .place: ["rolling": 2, "decay": 100],
            .cancel: ["rolling": 1],
        ]
        $0.costsByAge = [
            .cancel: ["decay": [AgeCost(under: .seconds(2), cost: 400), AgeCost(under: .seconds(6), cost: 100)]]
        ]
        for reason in [RefusalReason.rateLimited, .orderRateLimited] {
            $0.wordings[reason] = Wording(status: 200, code: "limit", message: "limit")
        }
        $0.wordings[.banned] = nil
    }

    @Test func randomHistoriesAreAdmittedAsListsOfAllChargesSay() {
        var refused = 0
        for seed in 1...40 as ClosedRange<UInt64> { refused += history(seed) }
        #expect(refused > 500)
    }

    private func history(_ seed: UInt64) -> Int {
        var random = SeededGenerator(seed: seed, stream: "gate")
        let symbols: [Symbol] = ["A", "B"]
        let operations: [BrokerOperation] = [.time, .query, .place, .cancel, .balances]
        var gate = VenueGate(
            profile: Self.profile, configuration: .instant, symbols: symbols, start: .origin,
            civilStart: CivilInstant(nanosecondsSinceEpoch: 0))
        var charges: [Charge] = []
        var now: Int64 = 0
        var refused = 0
        for _ in 0..<200 {
            now += Int64(random.below(3)) * Self.second / 2
            let operation = operations[Int(random.below(5))]
            let symbol = symbols[Int(random.below(2))]
            let age = Int64(random.below(8))
            let visitor = VenueGate.Visitor(
                operation: operation, symbol: symbol, ages: operation == .cancel ? [.seconds(age)] : [],
                sentAt: MonotonicInstant(nanoseconds: now))
            let costs = Self.costs(operation, age: age)
            let fits = costs.allSatisfy { limit, weight in
                let limits = ["fixed": 12, "rolling": 6, "decay": 900]
                return Self.used(limit, symbol, charges, now) + weight <= limits[limit] ?? 0
            }
            let refusal = gate.admit(visitor, at: MonotonicInstant(nanoseconds: now))
            #expect((refusal == nil) == fits, "seed \(seed), \(operation) at \(now)")
            if fits {
                charges += costs.map { Charge(limit: $0, symbol: symbol, at: now, weight: $1) }
            } else {
                refused += 1
            }
            let used = gate.usage(at: MonotonicInstant(nanoseconds: now), open: 0, openOfOne: 0).map(\.used)
            let rolling = symbols.map { Self.used("rolling", $0, charges, now) }.max() ?? 0
            #expect(used == [Self.used("fixed", "A", charges, now), rolling, Self.used("decay", "A", charges, now)])
        }
        return refused
    }

    private static func costs(_ operation: BrokerOperation, age: Int64) -> [(String, Int)] {
        switch operation {
        case .time: [("fixed", 1)]
        case .query: [("fixed", 2), ("decay", 250)]
        case .place: [("rolling", 2), ("decay", 100)]
        case .cancel: [("rolling", 1)] + (age < 2 ? [("decay", 400)] : age < 6 ? [("decay", 100)] : [])
        default: []
        }
    }

    private static func used(_ limit: String, _ symbol: Symbol, _ charges: [Charge], _ now: Int64) -> Int {
        let of = charges.filter { $0.limit == limit }
        switch limit {
        case "fixed":
            return of.filter { $0.at / (5 * second) == now / (5 * second) }.map(\.weight).reduce(0, +)
        case "rolling":
            return of.filter { $0.symbol == symbol && now - $0.at < 4 * second }.map(\.weight).reduce(0, +)
        default:
            // It falls by 75 in each half of a second, and time moves in halves.
            var level: Int64 = 0
            var last: Int64 = 0
            for charge in of {
                level = max(0, level - (charge.at - last) / (second / 2) * 75) + Int64(charge.weight)
                last = charge.at
            }
            return Int(max(0, level - (now - last) / (second / 2) * 75))
        }
    }

    @Test func aLimitOfOneSymbolLeavesTheOthersAlone() async throws {
        let markets = try [VenueWorld.symbol, "ETHUSDT"].map {
            try SimulatedMarket(.named($0), candles: .recorded([.flat(100)]))
        }
        let profile = VenueProfile.plain.with {
            $0.limits = [
                LimitRule(
                    name: "o", scope: .symbol, counts: .order, shape: .rolling, limit: 1, window: .seconds(10)),
                LimitRule(name: "open", scope: .symbol, counts: .open, shape: .rolling, limit: 2, window: .zero),
            ]
            $0.costs = [.place: ["o": 1]]
        }
        let world = try VenueWorld(profile: profile, markets: markets)
        var other = OrderRequest.limit(.buy, 1, at: 90)
        other.symbol = "ETHUSDT"
        _ = try await world.place(.limit(.buy, 1, at: 90))
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90)) } == "-1015")
        #expect(world.events(.limited).first?.limitScope == "symbol:BTCUSDT")
        #expect(try await world.place(other).status == .working)
        world.time.advance(by: .seconds(10))
        _ = try await world.place(.limit(.buy, 1, at: 90))
        world.time.advance(by: .seconds(10))
        #expect(await code { try await world.place(.limit(.buy, 1, at: 90)) } == "-2025")
        #expect(try await world.place(other).status == .working)
        #expect(try await world.venue.limits()[1].used == 2)
    }

    @Test(arguments: [LimitRule.Shape.fixed, .rolling, .decay])
    func anOrderThatBeginsToFillGivesItsCountBackOnce(shape: LimitRule.Shape) async throws {
        let profile = VenueProfile.plain.with {
            $0.limits = [
                LimitRule(
                    name: "o", scope: .account, counts: .order, shape: shape, limit: 3, window: .seconds(86_400),
                    decay: 1, releasesOnFill: true)
            ]
            $0.costs = [.place: ["o": 1]]
        }
        let world = try VenueWorld(profile: profile)
        func used() async throws -> Int { try await world.venue.limits()[0].used }
        for _ in 1...20 { _ = try await world.place(.market(.buy, 1)) }
        #expect(try await used() == 0)
        _ = try await world.place(.limit(.buy, 2, at: 90, id: "x"))
        _ = try await world.place(.limit(.buy, 2, at: 90, id: "y"))
        #expect(try await used() == 2)
        world.venue.fill(.client("x"), symbol: VenueWorld.symbol, perMille: 500)
        #expect(try await used() == 1)
        world.venue.fill(.client("x"), symbol: VenueWorld.symbol)
        #expect(try await used() == 1)
        _ = try await world.venue.cancel(.client("y"), symbol: VenueWorld.symbol)
        #expect(try await used() == 1)
    }
}
