import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CancelTests {
    @Test func anOrderThatWaitsIsWithdrawnAndNothingIsSent() throws {
        try Rig.run { rig in
            try await rig.shut(seconds: 4)
            let request = try Rig.buy("a")
            async let placing = rig.failure(of: request)
            try await rig.pass(.seconds(1))
            let id = try #require(rig.recorder.clientID(of: "a"))
            #expect(try await rig.broker.cancel(.client(id), symbol: Rig.symbol).status == .cancelled)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 0)
            // Placed again beside the call that still waits, it would share its client id.
            #expect(try await rig.broker.place(request).status == .cancelled)
            #expect(try await placing?.code == .notSent)
            #expect(rig.script.attempts(of: .cancel) == 0)
            #expect(rig.script.attempts(of: .place) == 1, "the one that shut")
            #expect(try await rig.broker.place(request).status == .working)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
        }
    }

    @Test func anOrderThatHasEndedIsReturnedAtOnce() throws {
        try Rig.run { rig in
            let order = try await rig.broker.place(Rig.buy("a"))
            let target = OrderTarget.venue(try #require(order.venueID))
            #expect(try await rig.broker.cancel(target, symbol: Rig.symbol).status == .cancelled)
            #expect(try await rig.broker.cancel(target, symbol: Rig.symbol).status == .cancelled)
            #expect(rig.script.attempts(of: .cancel) == 1)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 0)
        }
    }

    @Test func aCancelIsTriedThroughResetsAndLostAnswers() throws {
        try Rig.run { rig in
            let id = try await clientID(rig, "a")
            rig.script.next(.cancel, .fail(.reset), .fail(.refused), .lose(.reset))
            #expect(try await rig.broker.cancel(.client(id), symbol: Rig.symbol).status == .cancelled)
            #expect(rig.script.attempts(of: .cancel) == 4, "the last was told: no such order, and asked")
            #expect(rig.script.attempts(of: .query) == 1)
        }
    }

    @Test func aMachineThatSleepsThroughThePatienceCancelsAllTheSame() throws {
        for seed in 0..<4 as Range<UInt64> {
            let report = try Simulation(seed: seed).run(for: .seconds(3_600)) { world in
                let rig = try Rig(world.environment)
                let id = try await clientID(rig, "a")
                try await rig.shut(seconds: 4)
                async let cancelling = rig.broker.cancel(.client(id), symbol: Rig.symbol).status
                try await rig.pass(.seconds(1))
                world.sleepMachine(for: .seconds(600))
                #expect(try await cancelling == .cancelled)
                #expect(rig.script.attempts(of: .cancel) == 1)
            }
            #expect(report.isClean, "\(report)")
        }
    }

    @Test func noSuchOrderIsSettledByAskingAndNotTakenForCancelled() throws {
        try Rig.run { rig in
            let id = try await clientID(rig, "a")
            rig.script.next(.cancel, .fail(.answered("-2011")))
            #expect(try await rig.broker.cancel(.client(id), symbol: Rig.symbol).status == .cancelled)
            #expect(rig.script.attempts(of: .cancel) == 2, "the question showed that it works")

            let filled = try await clientID(rig, "b")
            rig.base.update { answers in
                guard let last = answers.orders.indices.last else { return }
                answers.orders[last].status = .filled
                answers.orders[last].filled = 1
            }
            #expect(try await rig.broker.cancel(.client(filled), symbol: Rig.symbol).status == .filled)
            do {
                _ = try await rig.broker.cancel(.client("stranger"), symbol: Rig.symbol)
                Issue.record("nobody knows it")
            } catch let error as GuardError {
                #expect(error.code == .noSuchOrder)
            }
        }
    }

    @Test func aCancelPassesAPauseAndOpenBreakers() throws {
        try Rig.run { rig in
            let id = try await clientID(rig, "a")
            try rig.layer.pauseAll(level: .cancelOnly, reason: "test")
            rig.script.always(.openOrders, .fail(.reset))
            rig.script.always(.ticker, .fail(.reset))
            for _ in 0..<3 { _ = try? await rig.broker.ticker(for: Rig.symbol) }
            #expect(rig.layer.status.causes.count == 2, "the pause, and the breaker of reads")
            #expect(try await rig.broker.cancel(.client(id), symbol: Rig.symbol).status == .cancelled)
        }
    }

    @Test func afterALimitCancelsGoFirst() throws {
        try Rig.run(seeds: 0..<12) { rig in
            let id = try await clientID(rig, "a")
            try await rig.shut(seconds: 4)
            let shutUntil = rig.time.now.advanced(by: .seconds(4))
            async let first = rig.broker.place(Rig.buy("b"))
            async let second = rig.broker.place(Rig.buy("c"))
            async let third = rig.broker.place(Rig.buy("d"))
            try await rig.pass(.seconds(1))
            let count = rig.script.operations.count
            _ = try await rig.broker.cancel(.client(id), symbol: Rig.symbol)
            _ = try await [first, second, third]
            #expect(rig.script.operations[count...].first == .cancel)
            #expect(rig.script.instants(of: .cancel) == [shutUntil], "not before, and at once")
            #expect(rig.script.instants(of: .place).suffix(3).allSatisfy { $0 == shutUntil })
        }
    }

    @Test func whenPatienceEndsTheOutcomeIsUnknownAndTheOrderCounts() throws {
        try Rig.run { rig in
            let id = try await clientID(rig, "a")
            rig.script.always(.cancel, .fail(.reset))
            do {
                _ = try await rig.broker.cancel(.client(id), symbol: Rig.symbol)
                Issue.record("nothing proves it")
            } catch let error as GuardError {
                #expect(error.code == .outcomeUnknown)
            }
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
            rig.script.always(.cancel, nil)
            rig.script.next(.cancel, .fail(.reset), .fail(.limited(seconds: 600)))
            do {
                _ = try await rig.broker.cancel(.client(id), symbol: Rig.symbol)
                Issue.record("nothing proves it")
            } catch let error as GuardError {
                #expect(error.code == .outcomeUnknown, "a try went out before the venue was shut")
            }
        }
    }

    private func clientID(_ rig: Rig, _ intent: IntentID) async throws -> ClientOrderID {
        try #require(try await rig.broker.place(Rig.buy(intent)).clientID)
    }
}
