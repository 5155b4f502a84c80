import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ReadTests {
    @Test func aReadIsTriedAgainWithBackoff() throws {
        try Rig.run { rig in
            rig.script.next(.ticker, .fail(.reset), .fail(.refused))
            let before = rig.time.now
            _ = try await rig.broker.ticker(for: Rig.symbol)
            #expect(rig.script.attempts(of: .ticker) == 3)
            #expect(rig.time.now > before)
        }
    }

    @Test func aFinalErrorComesBackUntouched() throws {
        try Rig.run { rig in
            rig.script.next(.ticker, .fail(.answered("-1121")))
            do {
                _ = try await rig.broker.ticker(for: Rig.symbol)
                Issue.record("there is no such symbol")
            } catch let error as BrokerError {
                #expect(error.venueCode == "-1121")
            }
            #expect(rig.script.attempts(of: .ticker) == 1)
        }
    }

    @Test func whenTriesRunOutTheErrorIsInsideUntouched() throws {
        try Rig.run { rig in
            rig.script.always(.ticker, .fail(.reset))
            do {
                _ = try await rig.broker.ticker(for: Rig.symbol)
                Issue.record("it never answers")
            } catch let error as BackoffExhausted {
                #expect(error.attempts == 3)
                #expect((error.lastError as? BrokerError)?.message == BrokerError.reset.message)
            }
        }
    }

    @Test func anOpenBreakerRestrictsTradingUntilAProbeClosesIt() throws {
        try Rig.run { rig in
            rig.script.always(.ticker, .fail(.reset))
            rig.script.next(.openOrders, .fail(.reset))
            for _ in 0..<2 { _ = try? await rig.broker.ticker(for: Rig.symbol) }
            #expect(rig.layer.status.global == .reduceOnly)
            #expect(try await rig.failure(of: Rig.buy("a"))?.reasons.contains("breaker_open") == true)
            let tried = rig.script.attempts(of: .ticker)
            do {
                _ = try await rig.broker.ticker(for: Rig.symbol)
                Issue.record("the breaker is open")
            } catch let error as GuardError {
                #expect(error.code == .denied)
            }
            #expect(rig.script.attempts(of: .ticker) == tried)
            // The first probe fails, so it opens for another 30 s; then two that answer close it.
            try await rig.pass(.seconds(62))
            #expect(rig.layer.status.global == .open)
            #expect(rig.layer.alerts.openEpisodes.isEmpty)
            #expect(rig.script.attempts(of: .openOrders) == 3)
            let moves = rig.recorder.events.compactMap { event -> CircuitBreaker.State? in
                if case .breaker(let transition) = event { transition.to } else { nil }
            }
            #expect(moves == [.open, .halfOpen, .open, .halfOpen, .closed])
        }
    }

    @Test func onlySoManyReadsRunAtOnce() throws {
        try Rig.run { rig in
            rig.script.always(.ticker, .arriveLate(.seconds(1)))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await rig.broker.ticker(for: Rig.symbol) } }
                try await group.waitForAll()
            }
            #expect(rig.script.mostRunning(.ticker) == 5)
        }
    }

    @Test func aSymbolThatABatchLeavesOutIsAskedForByItself() throws {
        try Rig.run { rig in
            rig.base.update { $0.missingTickers = ["B"] }
            let tickers = try await rig.broker.tickers(for: ["A", "B", "C", "A"])
            #expect(tickers.map(\.symbol) == ["A", "B", "C", "A"])
            #expect(rig.script.attempts(of: .ticker) == 2)
        }
        try Rig.run(capabilities: []) { rig in
            let tickers = try await rig.broker.tickers(for: ["A", "B"])
            #expect(tickers.map(\.symbol) == ["A", "B"])
            #expect(rig.script.attempts(of: .ticker) == 2)
        }
    }

    @Test func oldFillsThatABotReadsDoNotMoveThePosition() throws {
        try Rig.run { rig in
            rig.base.update { answers in
                answers.fills = [
                    Fill(
                        id: "f1", venueID: "V7", clientID: nil, symbol: Rig.symbol, side: .buy, quantity: 5,
                        price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0))
                ]
            }
            try await rig.start(position: 5)
            #expect(try await rig.broker.fills(since: nil, symbol: Rig.symbol).fills.count == 1)
            #expect(rig.layer.exposure(of: Rig.symbol).position == 5)
        }
    }
}
