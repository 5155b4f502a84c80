import Seawall
import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

/// A layer runs for months: of a call that has ended nothing may stay.
@Suite struct CallLifeTests {
    /// Remembers the context of each call for as long as somebody else does.
    private final class ContextWatch: InterceptingBroker {
        private struct Weakly: Sendable {
            weak var context: RequestContext?
        }

        let base: any Broker
        private let seen = Lock([Weakly]())

        init(base: any Broker) { self.base = base }

        var seenCount: Int { seen.withLock { $0.count } }
        var livingCount: Int { seen.withLock { $0.count { $0.context != nil } } }

        func intercept<Answer: Sendable>(
            _ call: BrokerCall, _ proceed: @Sendable () async throws -> Answer
        ) async throws -> Answer {
            let context = RequestContext.current
            if let context { seen.withLock { $0.append(Weakly(context: context)) } }
            // As an adapter would, that takes back what nobody waits for any more.
            context?.onGivenUp { [weak context] in _ = context?.isGivenUp }
            return try await proceed()
        }
    }

    @Test func ofCallsThatHaveEndedNothingStays() throws {
        let report = try Simulation(seed: 1).run(for: .seconds(3_600)) { world in
            let watch = ContextWatch(base: DeterministicBroker(capabilities: DeterministicBroker.everything))
            let layer = try ReliabilityLayer(
                venue: .binanceUSDM, broker: watch, journal: MemoryStorage(), environment: world.environment)
            try await layer.start(symbols: [Rig.symbol])
            for number in 0..<50 {
                let placed = try await layer.broker.place(Rig.buy(IntentID("a-\(number)")))
                _ = try await layer.broker.ticker(for: Rig.symbol)
                _ = try await layer.broker.cancel(.client(try #require(placed.clientID)), symbol: Rig.symbol)
            }
            try await world.time.sleep(for: .seconds(600))
            layer.stop()
            try await world.time.sleep(for: .seconds(60))
            #expect(watch.seenCount >= 150)
            #expect(watch.livingCount == 0)
        }
        #expect(report.isClean, "\(report)")
    }
}
