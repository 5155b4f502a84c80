import SeawallBroker
import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The venue's windows where calls arrive, through the whole layer.
@Suite struct ArrivalLimitTests {
    static let venue = VenueProfile(
        name: "small", identity: .uniqueAmongOpen,
        limits: [LimitRule(name: "calls", scope: .ip, counts: .weight, shape: .fixed, limit: 6, window: .seconds(10))],
        costs: [.ticker: ["calls": 1], .cancel: ["calls": 1]])

    @Test func aCallThatNobodyWaitsForCountsUntilItHasReallyEnded() throws {
        var configuration = LayerConfiguration()
        configuration.limitShare = 1_000
        configuration.readTimeout = .seconds(1)
        configuration.readRetry = try RetryPolicy(maximumAttempts: 1, backoff: .cex)
        try Rig.run(venue: Self.venue, configuration: configuration) { rig in
            // The first five take half a minute to arrive, long after they were given up.
            rig.script.next(
                .ticker, .arriveLate(.seconds(30)), .arriveLate(.seconds(30)), .arriveLate(.seconds(30)),
                .arriveLate(.seconds(30)), .arriveLate(.seconds(30)))
            // What a process before this one may have used is forgotten by then.
            try await rig.pass(.seconds(10))
            let start = rig.time.now
            await withDiscardingTaskGroup { group in
                for _ in 0..<8 { group.addTask { _ = try? await rig.broker.ticker(for: Rig.symbol) } }
                group.addTask {
                    try? await rig.pass(.seconds(5))
                    let text = rig.layer.metrics.prometheusText()
                    #expect(text.contains("seawall_requests_outstanding 5"), "they hold their weight")
                }
            }
            try await rig.pass(.seconds(60))
            #expect(rig.layer.metrics.prometheusText().contains("seawall_requests_outstanding 0"))
            let sent = rig.script.instants(of: .ticker).map { start.duration(to: $0) }
            #expect(sent.prefix(5).allSatisfy { $0 == .zero })
            // The rest goes out a window after those have arrived, not a window after they went out.
            #expect(sent.dropFirst(5).allSatisfy { $0 == .seconds(40) })
            #expect(sent.count == 8)
        }
    }

    @Test func noOrderGoesOutBeyondTheVenuesLimitOnOpenOnes() throws {
        var venue = VenueProfile.binanceUSDM
        venue.limits.append(
            LimitRule(name: "open", scope: .symbol, counts: .open, shape: .fixed, limit: 2, window: .zero))
        try Rig.run(venue: venue) { rig in
            _ = try await rig.broker.place(.limit(.buy, quantity: "1", of: "ETHUSDT", at: "100", intent: "other"))
            let first = try await rig.broker.place(Rig.buy("a"))
            _ = try await rig.broker.place(Rig.buy("b"))
            let error = try await rig.failure(of: Rig.buy("c"))
            #expect(error?.code == .denied)
            #expect(error?.reasons == ["open_orders_limit"])
            // Orders of another symbol are none of this limit's.
            #expect(
                error?.message
                    == "2 orders of BTCUSDT may be open, and the venue takes at most 2 (open); cancel one, or "
                    + "wait until one has ended")
            #expect(rig.script.attempts(of: .place) == 3)
            _ = try await rig.broker.cancel(.client(try #require(first.clientID)), symbol: Rig.symbol)
            _ = try await rig.broker.place(Rig.buy("c"))
            #expect(rig.script.attempts(of: .place) == 4)
        }
    }

    @Test func ofTwoOrdersThatAreSentAtOnceTheSecondSeesTheFirst() throws {
        var venue = VenueProfile.binanceUSDM
        venue.limits = [LimitRule(name: "open", scope: .account, counts: .open, shape: .fixed, limit: 1, window: .zero)]
        let limits = OpenOrderLimits(venue)
        var ledger = OrderLedgerCore(capacity: 10)
        for id in ["a", "b"] {
            _ = ledger.open(try Rig.buy(IntentID(id)), intent: IntentID(id), clientID: ClientOrderID(id))
        }
        guard case .sent = ledger.send("a", at: .origin, within: limits) else { return #expect(Bool(false), "a goes") }
        guard case .full(let full) = ledger.send("b", at: .origin, within: limits) else {
            return #expect(Bool(false), "b is one too many")
        }
        #expect(full.open == 1 && full.limit.name == "open")
        guard case .overtaken = ledger.send("a", at: .origin, within: limits) else {
            return #expect(Bool(false), "a has gone")
        }
        _ = ledger.apply(.refused, to: "a")
        guard case .sent = ledger.send("b", at: .origin, within: limits) else { return #expect(Bool(false), "b goes") }
    }
}
