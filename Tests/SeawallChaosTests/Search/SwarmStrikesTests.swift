import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The swarm has every effect at every operation, and a search reports each pair as struck.
@Suite struct SwarmStrikesTests {
    /// An order hides from the moment of its placing, and of false answers the others are lists that are empty or old.
    private static let narrow: [FaultEffect.Kind: Set<BrokerOperation>] = [.hiddenOrder: [.place], .answer: [.status]]

    /// What no guard can stand is left out: an order that reaches twice a venue that forgets its name.
    private static let leftOut: [FaultEffect.Kind: Set<BrokerOperation>] = [.duplicate: [.place]]

    @Test func theStandardCatalogueHasEveryEffectAtEveryOperationThatItCanStrike() {
        for kind in FaultEffect.Kind.allCases {
            var random = SeededGenerator(seed: 1, stream: kind.rawValue)
            let possible = (0..<64).reduce(into: Set<BrokerOperation>()) { all, _ in
                all.formUnion(RandomFaults.effect(kind, &random).struck)
            }
            let faults = SwarmFault.standard.filter { $0.action.effect.kind == kind }
            let covered = faults.reduce(into: Set<BrokerOperation>()) { $0.formUnion($1.action.operations) }
            let expected = (Self.narrow[kind] ?? possible).subtracting(Self.leftOut[kind] ?? [])
            #expect(covered == expected, "\(kind.rawValue)")
        }
    }

    /// Faults of calls, fills and streams need nothing but a broker that answers everything.
    @Test func everyFaultOfABrokerStrikesEveryOperationOfItAndTheReportSaysSo() throws {
        let faults = SwarmFault.standard.filter { $0.action.effect.site != .world }
        // Louder than the standard one, so that few seeds do.
        let loud = faults.map { fault in
            SwarmFault(
                fault.action.effect, on: fault.action.match, name: fault.action.name, rate: 0.25...0.5)
        }
        var search = SeedSearch(length: .seconds(30), faults: .swarm(Swarm(catalogue: loud, healAfter: 1))) { world in
            try await Self.callEverything(in: world)
        }
        search.runsTwice = false
        let report = try search.run(0..<160)
        #expect(report.failures.isEmpty, "\(report)")
        let pairs = faults.flatMap { fault in
            fault.action.operations.map { "\(fault.action.name) \($0.rawValue)" }
        }
        let missing = Set(pairs).subtracting(report.counts.strikes.keys).sorted()
        #expect(missing == [], "\(missing.count) of \(pairs.count)")
        #expect(report.description.contains("lost_before place \(report.counts.strikes["lost_before place"] ?? 0)"))
    }

    /// Every second makes every call there is, all at once, and lets something come on both streams.
    private static func callEverything(in world: SimulatedWorld) async throws {
        let base = EveryCall.base()
        let broker = try world.chaos(base)
        let listeners = [
            world.environment.spawner.spawn {
                while (try? await world.time.sleep(for: .milliseconds(100))) != nil {
                    guard let events = try? await broker.userEvents() else { continue }
                    do { for try await _ in events {} } catch {}
                }
            },
            world.environment.spawner.spawn {
                while (try? await world.time.sleep(for: .milliseconds(100))) != nil {
                    guard let events = try? await broker.marketEvents(for: [EveryCall.symbol]) else { continue }
                    do { for try await _ in events {} } catch {}
                }
            },
        ]
        let ticker = Ticker(symbol: EveryCall.symbol, bid: 1, ask: 2, last: 1, time: nil)
        for round in 1...12 as ClosedRange<Int64> {
            try await world.time.sleep(for: .seconds(1))
            base.update { $0.orders = EveryCall.orders }
            base.emit(.fill(EveryCall.fill(FillID("s\(round)")), sequence: EventSequence(round * 2)))
            base.emit(.heartbeat(sequence: EventSequence(round * 2 + 1)))
            base.emit(market: .ticker(ticker, sequence: EventSequence(round * 2)))
            base.emit(market: .heartbeat(sequence: EventSequence(round * 2 + 1)))
            for operation in BrokerOperation.allCases {
                let page: PageCursor? = round.isMultiple(of: 2) ? "p2" : nil
                world.environment.spawner.spawn { _ = try? await EveryCall.answer(operation, of: broker, page: page) }
            }
        }
        for listener in listeners { listener.cancel() }
    }
}
