import SeawallBroker
import SeawallDegradation
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Each defect breaks its promise on the whole road, and the layer in its place keeps it under the same trial.
@Suite struct PlantedDefectTests {
    static let seeds: [UInt64] = [1, 2, 3]

    /// Exactly these promises were broken, and no other.
    func expectBroken(_ promises: Set<Promise>, _ report: SimulationReport) {
        let broken = Set(report.findings.filter { !$0.value.isKept }.keys)
        #expect(broken == promises, "\(report.brokenPromises.joined(separator: "\n")) \(report)")
    }

    func expectKept(_ promise: Promise, _ report: SimulationReport) {
        #expect(report.brokenPromises.isEmpty, "\(report)")
        let checked = report.findings[promise]?.checked ?? 0
        #expect(checked > 0, "\(promise) was never tried: \(report)")
    }

    // MARK: A fresh client id after a lost reply

    private func lostReply(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        let lost = FaultAction(
            .lostAfter(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place]), times: 1)
        return try Road(seed: seed, faults: [lost]).run(guardian) { desk in
            let order = OrderRequest.resting(.buy, 1, intent: "wish")
            for _ in 0..<3 {
                _ = try? await desk.broker.place(order)
                try await desk.time.sleep(for: .seconds(5))
            }
        }
    }

    @Test(arguments: seeds) func anOrderSentAgainUnderAFreshNameIsSeen(seed: UInt64) throws {
        let report = try lostReply(seed, .defective { ResubmittingGuard(base: $0.edge) })
        expectBroken([.oneOrderPerIntent, .nothingUnproven], report)
    }

    /// No guard at all: the bot itself takes a fresh name for each try.
    @Test(arguments: seeds) func aBotThatResubmitsUnderAFreshNameIsSeen(seed: UInt64) throws {
        let lost = FaultAction(
            .lostAfter(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place]), times: 1)
        let report = try Road(seed: seed, faults: [lost]).run(.defective { $0.edge }) { desk in
            for number in 1...2 {
                var order = OrderRequest.resting(.buy, 1, intent: "wish")
                order.clientID = ClientOrderID("try\(number)")
                _ = try? await desk.broker.place(order)
            }
        }
        expectBroken([.oneOrderPerIntent, .nothingUnproven], report)
    }

    @Test(arguments: seeds) func theLayerSendsOneOrderForAnIntent(seed: UInt64) throws {
        expectKept(.oneOrderPerIntent, try lostReply(seed, .layer))
    }

    // MARK: Closing under a pause

    private func close(
        _ seed: UInt64, _ guardian: Road.Guardian, _ orders: [OrderRequest]
    ) throws -> SimulationReport {
        try Road(seed: seed, position: 1).run(guardian) { desk in
            try desk.pause()
            await withTaskGroup { group in
                for order in orders { group.addTask { _ = try? await desk.broker.place(order) } }
            }
        }
    }

    private var flipping: [OrderRequest] {
        var order = OrderRequest.resting(.sell, 2, intent: "close")
        order.isReduceOnly = true
        return [order]
    }

    private var together: [OrderRequest] {
        ["one", "two"].map { OrderRequest.resting(.sell, 1, intent: $0) }
    }

    @Test(arguments: seeds) func aReduceOnlyFlagThatIsBelievedIsSeen(seed: UInt64) throws {
        expectBroken([.reduceOnlyHolds], try close(seed, .defective { BelievingGuard(bench: $0) }, flipping))
    }

    @Test(arguments: seeds) func theLayerBelievesNoFlag(seed: UInt64) throws {
        expectKept(.reduceOnlyHolds, try close(seed, .layer, flipping))
    }

    @Test(arguments: seeds) func twoClosesThatTogetherFlipAreSeen(seed: UInt64) throws {
        expectBroken([.reduceOnlyHolds], try close(seed, .defective { ForgetfulGuard(bench: $0) }, together))
    }

    @Test(arguments: seeds) func theLayerLetsOneOfTwoClosesThrough(seed: UInt64) throws {
        let report = try close(seed, .layer, together)
        expectKept(.reduceOnlyHolds, report)
        #expect(report.counts.orders == 1)
    }

    // MARK: An order that waited when trading was paused

    private func pauseBehindAnOrder(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        try Road(seed: seed).run(guardian) { desk in
            try await withThrowingTaskGroup { group in
                // More than a window takes, so that some have to wait for the next.
                for number in 0..<260 {
                    group.addTask {
                        var order = OrderRequest.resting(.buy, 1, intent: IntentID("crowd\(number)"))
                        order.sendWithin = .seconds(60)
                        _ = try? await desk.broker.place(order)
                    }
                }
                try await desk.time.sleep(for: .seconds(2))
                try desk.pause()
            }
        }
    }

    @Test(arguments: [1]) func anOrderThatAsksOnlyBeforeItWaitsIsSeen(seed: UInt64) throws {
        expectBroken([.reduceOnlyHolds], try pauseBehindAnOrder(seed, .defective { AskingOnceGuard(bench: $0) }))
    }

    @Test(arguments: [1]) func theLayerAsksAgainBeforeItSends(seed: UInt64) throws {
        let report = try pauseBehindAnOrder(seed, .layer)
        #expect(report.brokenPromises.isEmpty, "\(report)")
        #expect(report.counts.orders < 260)
    }

    // MARK: A cancel that nobody has confirmed

    private func closeBehindALostCancel(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        let lost = FaultAction(
            .lostBefore(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.cancel]), times: 1)
        return try Road(seed: seed, faults: [lost], position: 1).run(guardian) { desk in
            let first = try await desk.broker.place(.resting(.sell, 1, intent: "one"))
            try desk.pause()
            _ = try? await desk.broker.cancel(.venue(try #require(first.venueID)), symbol: VenueWorld.symbol)
            _ = try? await desk.broker.place(.resting(.sell, 1, intent: "two"))
        }
    }

    @Test(arguments: seeds) func aCancelThatIsTakenForDoneIsSeen(seed: UInt64) throws {
        let report = try closeBehindALostCancel(seed, .defective { OptimisticGuard(bench: $0) })
        expectBroken([.reduceOnlyHolds], report)
    }

    @Test(arguments: seeds) func theLayerCountsAnOrderUntilItsCancelIsProven(seed: UInt64) throws {
        expectKept(.reduceOnlyHolds, try closeBehindALostCancel(seed, .layer))
    }

    // MARK: A cancel behind new orders

    private func cancelInACrowd(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        try Road(seed: seed).run(guardian) { desk in
            let crowd = Decimal(sign: .plus, exponent: -3, significand: 1)
            let first = try await desk.broker.place(.resting(.buy, 1, intent: "first"))
            let target: OrderTarget = .venue(try #require(first.venueID))
            await withTaskGroup { group in
                for number in 0..<260 {
                    group.addTask {
                        var order = OrderRequest.resting(.buy, crowd, intent: IntentID("crowd\(number)"))
                        // More than a window takes, so that some have to wait for the next.
                        order.sendWithin = .seconds(60)
                        _ = try? await desk.broker.place(order)
                    }
                }
                group.addTask {
                    try? await desk.time.sleep(for: .milliseconds(5))
                    _ = try? await desk.broker.cancel(target, symbol: VenueWorld.symbol)
                }
            }
        }
    }

    @Test(arguments: seeds) func aCancelBehindNewOrdersIsSeen(seed: UInt64) throws {
        expectBroken([.cancelsGetThrough], try cancelInACrowd(seed, .defective { QueueingGuard(bench: $0) }))
    }

    @Test(arguments: seeds) func theLayerLetsACancelPassNewOrders(seed: UInt64) throws {
        expectKept(.cancelsGetThrough, try cancelInACrowd(seed, .layer))
    }

    // MARK: A send right after a 429

    private func limited(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        let limited = FaultAction(
            .rateLimited(retryAfter: "7"), on: FaultMatch(operations: [.ticker]), times: 1)
        return try Road(seed: seed, faults: [limited]).run(guardian) { desk in
            await withTaskGroup { group in
                group.addTask { _ = try? await desk.broker.ticker(for: VenueWorld.symbol) }
                group.addTask {
                    try? await desk.time.sleep(for: .seconds(1))
                    _ = try? await desk.broker.balances()
                }
            }
        }
    }

    @Test(arguments: seeds) func aSendInTheSameInstantAfterALimitIsSeen(seed: UInt64) throws {
        let report = try limited(seed, .defective { HammeringGuard(base: $0.edge) })
        expectBroken([.nothingIntoABan], report)
        let limit = try #require(report.findings[.nothingIntoABan]?.broken.first)
        #expect(limit.contains("ticker"))
    }

    @Test(arguments: seeds) func theLayerWaitsForTheEndOfALimit(seed: UInt64) throws {
        expectKept(.nothingIntoABan, try limited(seed, .layer))
    }

    // MARK: Rejected without proof

    private func lostRequest(_ seed: UInt64, _ guardian: Road.Guardian) throws -> SimulationReport {
        let lost = FaultAction(
            .lostBefore(.reset(after: .milliseconds(50))), on: FaultMatch(operations: [.place]), times: 1)
        return try Road(seed: seed, faults: [lost]).run(guardian) { desk in
            let order = OrderRequest.resting(.buy, 1, intent: "wish")
            _ = try? await desk.broker.place(order)
            try await desk.time.sleep(for: .seconds(60))
            _ = try? await desk.broker.place(order)
        }
    }

    @Test(arguments: seeds) func anOrderCalledRejectedWithoutProofIsSeen(seed: UInt64) throws {
        for writesLedger in [true, false] {
            let report = try lostRequest(
                seed, .defective { HastyGuard(bench: $0, writesLedger: writesLedger) })
            expectBroken([.nothingUnproven], report)
        }
    }

    @Test(arguments: seeds) func theLayerCallsAnOrderUnknownUntilItsAbsenceIsProven(seed: UInt64) throws {
        let report = try lostRequest(seed, .layer)
        expectKept(.nothingUnproven, report)
        #expect(report.counts.unknowns == 1)
    }
}
