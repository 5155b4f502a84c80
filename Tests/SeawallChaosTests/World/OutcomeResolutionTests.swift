import Seawall
import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the layer makes of requests that arrive twice and of those that are done in part, at every venue.
///
/// In the end it has to count what the venue really has, whatever the answers were.
@Suite struct OutcomeResolutionTests {
    private static let venues = ConformanceWorld.names
    private static let amending = venues(with: .amend)
    /// Where an amend is a cancel and a new order.
    private static let replacing = venues.filter { ConformanceWorld.profile($0)?.amendReplaces == true }
    private static let batches = [
        (BrokerCapability.cancelMany, BrokerOperation.cancelMany), (.cancelAll, .cancelAll),
    ].flatMap { capability, operation in venues(with: capability).map { ($0, operation) } }

    private static func venues(with capability: BrokerCapability) -> [String] {
        venues.filter { ConformanceWorld.profile($0)?.capabilities.contains(capability) == true }
    }

    /// What a run has to do with.
    private struct Scene: Sendable {
        var layer: ReliabilityLayer
        var broker: RecordingFace
        var venue: SimulatedVenue
        var chaos: ChaosBroker
        var time: any TimeSource

        var symbol: Symbol { VenueWorld.symbol }

        /// What is still to be bought at the venue, and what the layer counts.
        var open: Decimal {
            venue.truth().workingOrders.filter { $0.side == .buy }.map(\.remaining).reduce(0, +)
        }
        var counted: Decimal? { layer.exposure(of: symbol).buying }

        func buy(_ intent: IntentID, _ quantity: Decimal = 1) async throws -> Order {
            try await broker.place(.resting(.buy, quantity, intent: intent))
        }

        func target(_ order: Order) -> OrderTarget { .client(order.clientID ?? "none") }

        /// Long enough for every question that is still to be asked.
        func settle() async throws { try await time.sleep(for: .seconds(200)) }
    }

    private func run(
        _ name: String, _ plan: FaultPlan, pageSize: Int? = nil,
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) throws {
        var wanted = try #require(ConformanceWorld.profile(name))
        if let pageSize { wanted.pageSize = pageSize }
        let profile = wanted
        let report = try Simulation(seed: 1, faults: plan).run(for: .seconds(1_000)) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .recorded([.flat(20_000)]))
            let venue = try world.venue(profile, markets: [market])
            let chaos = try world.chaos(venue)
            let guarded = try world.layer(venue: profile, broker: chaos)
            try await guarded.layer.start(symbols: venue.symbols)
            let scene = Scene(
                layer: guarded.layer, broker: guarded.broker, venue: venue, chaos: chaos, time: world.time)
            try await body(scene)
            #expect(!chaos.unstruck.contains { $0.index == 0 }, "\(chaos.unstruck)")
            #expect(scene.open == scene.counted, "\(name)")
        }
        #expect(report.failures.isEmpty, "\(name): \(report)")
    }

    @Test(arguments: venues, [FaultCopy.first, .second])
    func anOrderThatArrivesTwiceIsOneOrderAndKnown(name: String, copy: FaultCopy) throws {
        try run(name, [.once(.duplicate(returning: copy), on: .on(.place))]) { scene in
            _ = try? await scene.buy("wish")
            try await scene.settle()
            let order = try await scene.buy("wish")
            #expect(order.status == .working)
            #expect(scene.venue.truth().workingOrders.map(\.venueID) == [order.venueID])
            #expect(scene.chaos.callCount(of: .place) == 1)
        }
    }

    @Test(arguments: amending, [FaultCopy.first, .second])
    func anAmendThatArrivesTwiceIsDoneOnce(name: String, copy: FaultCopy) throws {
        try run(name, [.once(.duplicate(returning: copy), on: .on(.amend))]) { scene in
            let order = try await scene.buy("wish")
            _ = try? await scene.broker.amend(
                AmendRequest(target: scene.target(order), symbol: scene.symbol, quantity: 3))
            try await scene.settle()
            #expect(scene.open == 3)
            #expect(try await scene.broker.order(scene.target(order), symbol: scene.symbol).quantity == 3)
        }
    }

    @Test(arguments: venues, [FaultCopy.first, .second])
    func aCancelThatArrivesTwiceIsACancel(name: String, copy: FaultCopy) throws {
        try run(name, [.once(.duplicate(returning: copy), on: .on(.cancel))]) { scene in
            let order = try await scene.buy("wish")
            let cancelled = try await scene.broker.cancel(scene.target(order), symbol: scene.symbol)
            #expect(cancelled.status == .cancelled)
            #expect(scene.open == 0)
        }
    }

    @Test(arguments: amending)
    func anAmendOfWhichOnlyTheCancelWasDoneLeavesNothingThatCounts(name: String) throws {
        try run(name, [.once(.halfAmend(.cancel), on: .on(.amend))]) { scene in
            let order = try await scene.buy("wish")
            await #expect(throws: GuardError.self) {
                try await scene.broker.amend(
                    AmendRequest(target: scene.target(order), symbol: scene.symbol, quantity: 3))
            }
            try await scene.settle()
            #expect(scene.open == 0)
            let known = try await scene.broker.order(scene.target(order), symbol: scene.symbol)
            #expect(known.status == .cancelled)
            // The wish is over: the same one again is answered from what is known, and nothing is sent.
            _ = try? await scene.buy("wish")
            #expect(scene.chaos.callCount(of: .place) == 1)
        }
    }

    /// The half that raises exposure: both orders work at the venue, under one name.
    @Test(arguments: replacing)
    func anAmendOfWhichOnlyTheNewOrderWasDoneIsTakenToItsEnd(name: String) throws {
        try run(name, [.once(.halfAmend(.order), on: .on(.amend))]) { scene in
            let order = try await scene.buy("wish")
            _ = try? await scene.broker.amend(
                AmendRequest(target: scene.target(order), symbol: scene.symbol, quantity: 3))
            #expect(scene.open == 4)
            #expect(scene.counted ?? 0 >= 4)
            for _ in 0..<100 {
                try await scene.time.sleep(for: .seconds(1))
                #expect(scene.counted ?? 0 >= scene.open)
            }
            try await scene.settle()
            #expect(scene.venue.truth().workingOrders.map(\.quantity) == [3])
            let known = try await scene.broker.order(scene.target(order), symbol: scene.symbol)
            #expect(known.status == .working)
            #expect(known.quantity == 3)
            #expect(try await scene.broker.cancel(scene.target(order), symbol: scene.symbol).status == .cancelled)
            #expect(scene.open == 0)
        }
    }

    @Test(arguments: batches)
    func aBatchThatIsDoneInPartIsTakenToItsEnd(name: String, operation: BrokerOperation) throws {
        try run(name, [.once(.mixedBatch, on: FaultMatch(operations: [operation]))]) { scene in
            var targets: [OrderTarget] = []
            for number in 0..<5 {
                targets.append(scene.target(try await scene.buy(IntentID("wish\(number)"))))
                try await scene.time.sleep(for: .seconds(2))
            }
            let results =
                operation == .cancelAll
                ? try await scene.broker.cancelAll(for: scene.symbol)
                : try await scene.broker.cancel(targets, symbol: scene.symbol)
            #expect(results.count == 5)
            for result in results { #expect(try result.result.get().status == .cancelled) }
            #expect(scene.open == 0)
        }
    }

    /// The order is there, and for a while no list shows it.
    @Test(arguments: venues, [true, false])
    func aPageThatBreaksOffProvesNoAbsence(name: String, keepsCursor: Bool) throws {
        let plan: FaultPlan = [
            .once(.lostAfter(.reset(after: .milliseconds(50))), on: .on(.place)),
            FaultAction(
                .truncatedPage(keeping: 0, keepsCursor: keepsCursor), on: .on(.openOrders, .history),
                until: .seconds(4)),
        ]
        try run(name, plan) { scene in
            await #expect(throws: GuardError.self) { try await scene.buy("wish") }
            #expect(scene.counted == 1)
            try await scene.settle()
            #expect(try await scene.buy("wish").status == .working)
            #expect(scene.open == 1)
            #expect(scene.chaos.callCount(of: .place) == 1)
        }
    }

    /// Two other orders fill the first pages of every list; what stands behind them cannot be read for a while.
    @Test(arguments: venues)
    func aPageThatFailsProvesNoAbsence(name: String) throws {
        let plan: FaultPlan = [
            FaultAction(.failedPage(nil, as: .reset), on: .on(.openOrders, .history), until: .seconds(100)),
            .after(2, .lostAfter(.reset(after: .milliseconds(50))), on: .on(.place), times: 1),
        ]
        try run(name, plan, pageSize: 1) { scene in
            for intent in ["one", "two"] as [IntentID] { _ = try await scene.buy(intent) }
            await #expect(throws: GuardError.self) { try await scene.buy("wish") }
            #expect(scene.counted == 3)
            try await scene.settle()
            #expect(try await scene.buy("wish").status == .working)
            #expect(scene.open == 3)
            #expect(scene.chaos.callCount(of: .place) == 3)
        }
    }
}
