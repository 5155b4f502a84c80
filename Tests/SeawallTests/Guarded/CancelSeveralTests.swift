import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Cancels of several orders, and of all of a symbol: nothing that is known waits for what is not.
@Suite struct CancelSeveralTests {
    private static let withoutOneCall = DeterministicBroker.everything.subtracting([.cancelAll])

    @Test func whatABatchLeavesInDoubtIsCancelledOneByOneAndAnsweredInOrder() throws {
        try Rig.run { rig in
            var targets: [OrderTarget] = []
            for name in ["a", "b", "c"] { targets.append(.client(try await clientID(rig, IntentID(name)))) }
            _ = try await rig.broker.cancel(targets[1], symbol: Rig.symbol)
            targets.append(.client("stranger"))
            let results = try await rig.broker.cancel(targets, symbol: Rig.symbol)
            #expect(results.map(\.target) == targets)
            #expect(results.map { (try? $0.result.get())?.status } == [.cancelled, .cancelled, .cancelled, nil])
            #expect(rig.script.attempts(of: .cancelMany) == 1)
            #expect(rig.script.attempts(of: .cancel) == 2, "one before, and the stranger's by itself")
        }
    }

    @Test func aBatchThatIsLostIsDoneOneByOneSideBySide() throws {
        try Rig.run { rig in
            var targets: [OrderTarget] = []
            for name in ["a", "b", "c"] { targets.append(.client(try await clientID(rig, IntentID(name)))) }
            rig.script.next(.cancelMany, .lose(.reset))
            rig.script.always(.cancel, .arriveLate(.seconds(2)))
            let before = rig.time.now
            let results = try await rig.broker.cancel(targets, symbol: Rig.symbol)
            #expect(results.map(\.target) == targets)
            #expect(results.allSatisfy { (try? $0.result.get())?.status == .cancelled })
            #expect(before.duration(to: rig.time.now) < .seconds(4))
        }
    }

    @Test func cancellingAllWithdrawsWhatWaitsAndLeavesNothingAlive() throws {
        for hasOneCall in [true, false] {
            let capabilities = DeterministicBroker.everything.subtracting(hasOneCall ? [] : [.cancelAll])
            try Rig.run(capabilities: capabilities) { rig in
                _ = try await clientID(rig, "a")
                _ = try await clientID(rig, "b")
                rig.script.next(.cancelAll, .fail(.reset))
                try await rig.shut(seconds: 3)
                async let waiting = rig.failure(of: Rig.buy("c"))
                try await rig.pass(.seconds(1))
                let results = try await rig.broker.cancelAll(for: Rig.symbol)
                #expect(results.count == 3)
                #expect(try await waiting?.code == .notSent)
                #expect(rig.base.orders.allSatisfy { $0.status == .cancelled })
                #expect(rig.layer.exposure(of: Rig.symbol).buying == 0)
            }
        }
    }

    @Test func aBatchThatIsNotAnsweredHoldsUpNoOther() throws {
        var venue = VenueProfile.binanceUSDM
        venue.cancelBatchSize = 2
        try Rig.run(venue: venue) { rig in
            var targets: [OrderTarget] = []
            for index in 0..<6 { targets.append(.client(try await clientID(rig, IntentID("order-\(index)")))) }
            rig.script.next(.cancelMany, .answerLate(.seconds(5)))
            let now = rig.time.now
            let results = try await rig.broker.cancel(targets, symbol: Rig.symbol)
            #expect(results.map(\.target) == targets)
            #expect(rig.script.instants(of: .cancelMany) == [now, now, now])
        }
    }

    @Test func anOrderNamedTwiceIsCancelledOnceAndAnsweredTwice() throws {
        try Rig.run { rig in
            let target = OrderTarget.client(try await clientID(rig, "a"))
            let results = try await rig.broker.cancel([target, target], symbol: Rig.symbol)
            #expect(results.map(\.target) == [target, target])
            #expect(rig.script.attempts(of: .cancel) == 1)
            #expect(rig.script.attempts(of: .cancelMany) == 0)
        }
    }

    /// A venue that has no call for it was asked for its list first, and what was known to live waited for the answer.
    @Test func whatIsKnownToLiveIsCancelledBeforeTheListIsRead() throws {
        try Rig.run(capabilities: Self.withoutOneCall) { rig in
            _ = try await clientID(rig, "a")
            _ = try await clientID(rig, "b")
            rig.script.next(.openOrders, .answerLate(.seconds(5)))
            let now = rig.time.now
            let results = try await rig.broker.cancelAll(for: Rig.symbol)
            #expect(results.count == 2)
            #expect(rig.script.instants(of: .cancel) == [now, now])
            #expect(rig.script.attempts(of: .openOrders) == 1)
        }
    }

    @Test func strangersAreFoundInTheListThoughItFailsAtFirst() throws {
        try Rig.run(capabilities: Self.withoutOneCall) { rig in
            let own = try await clientID(rig, "a")
            rig.base.update { answers in
                guard var stranger = answers.orders.first else { return }
                (stranger.clientID, stranger.venueID) = ("stranger", "77")
                answers.orders.append(stranger)
            }
            rig.script.next(.openOrders, .fail(.reset), .lose(.reset))
            let results = try await rig.broker.cancelAll(for: Rig.symbol)
            #expect(results.map(\.target) == [.client(own), .venue("77")])
            #expect(results.allSatisfy { (try? $0.result.get())?.status == .cancelled })
            #expect(rig.base.orders.allSatisfy { $0.status == .cancelled })
        }
    }

    @Test func aListThatCannotBeReadLeavesTheOutcomeUnknownAndItsOwnCancelled() throws {
        try Rig.run(capabilities: Self.withoutOneCall) { rig in
            _ = try await clientID(rig, "a")
            rig.script.always(.openOrders, .fail(.reset))
            let error = await #expect(throws: GuardError.self) { try await rig.broker.cancelAll(for: Rig.symbol) }
            #expect(error?.code == .outcomeUnknown)
            #expect(error?.message.contains("orders of others may live") == true)
            #expect(rig.base.orders.allSatisfy { $0.status == .cancelled })
        }
    }

    /// That the list was not sent was told as if nothing had been, and the cancels on their way were given up.
    @Test func aListThatIsNotSentTakesNoCancelBack() throws {
        var configuration = LayerConfiguration()
        configuration.cancelPatience = .seconds(5)
        try Rig.run(capabilities: Self.withoutOneCall, configuration: configuration) { rig in
            _ = try await clientID(rig, "a")
            rig.script.next(.cancel, .answerLate(.seconds(2)))
            async let cancelling = rig.broker.cancelAll(for: Rig.symbol)
            try await rig.pass(.milliseconds(5))
            try await rig.shut(seconds: 60)
            do {
                _ = try await cancelling
                Issue.record("the list was not read")
            } catch let error as GuardError {
                #expect(error.code == .outcomeUnknown)
            }
            #expect(rig.script.attempts(of: .cancel) == 1)
            #expect(rig.script.attempts(of: .openOrders) == 0)
            #expect(rig.base.orders.first?.status == .cancelled)
        }
    }

    @Test func anOrderThatIsNamedByBothIdsIsCancelledOnce() throws {
        try Rig.run { rig in
            let order = try await rig.broker.place(Rig.buy("a"))
            let targets = [
                OrderTarget.client(try #require(order.clientID)), .venue(try #require(order.venueID)),
            ]
            let results = try await rig.broker.cancel(targets, symbol: Rig.symbol)
            #expect(results.map(\.target) == targets)
            #expect(results.allSatisfy { (try? $0.result.get())?.status == .cancelled })
            #expect(rig.script.attempts(of: .cancel) == 1)
        }
    }

    /// One error stood for all of them, and took with it what had been withdrawn.
    @Test func whatIsTurnedAwayIsToldOfEachAndNotOfAll() throws {
        var configuration = LayerConfiguration()
        configuration.cancelPatience = .seconds(2)
        try Rig.run(configuration: configuration) { rig in
            let sent = [try await clientID(rig, "a"), try await clientID(rig, "b")].map(OrderTarget.client)
            try await rig.shut(seconds: 4)
            async let waiting = rig.failure(of: Rig.buy("c"))
            try await rig.pass(.milliseconds(100))
            let prepared = OrderTarget.client(try #require(rig.recorder.clientID(of: "c")))
            let results = try await rig.broker.cancel(sent + [prepared], symbol: Rig.symbol)
            #expect(results.map(\.target) == sent + [prepared])
            for result in results.prefix(2) {
                guard case .failure(let error) = result.result else {
                    Issue.record("nothing went out")
                    continue
                }
                #expect(error.delivery == .notSent)
            }
            #expect((try? results[2].result.get())?.status == .cancelled)
            #expect(try await waiting?.code == .notSent)
            #expect(rig.script.attempts(of: .cancelMany) == 0)
        }
    }

    /// What went out and was not answered is unknown, though nothing more could be sent.
    @Test func aLostCallIsNotCalledUnsentBecauseTheListWas() throws {
        var configuration = LayerConfiguration()
        configuration.cancelPatience = .seconds(5)
        try Rig.run(configuration: configuration) { rig in
            rig.script.next(.cancelAll, .failLate(.seconds(2), .reset))
            async let cancelling = rig.broker.cancelAll(for: Rig.symbol)
            try await rig.pass(.seconds(1))
            try await rig.shut(seconds: 60)
            do {
                _ = try await cancelling
                Issue.record("nothing was proven")
            } catch let error as GuardError {
                #expect(error.code == .outcomeUnknown)
            }
            #expect(rig.script.attempts(of: .cancelAll) == 1)
            #expect(rig.script.attempts(of: .openOrders) == 0)
        }
    }

    @Test func aBatchThatWasLostIsUnknownThoughItsOrdersCouldNotBeSentAgain() throws {
        var configuration = LayerConfiguration()
        configuration.cancelPatience = .seconds(5)
        try Rig.run(configuration: configuration) { rig in
            let targets = [try await clientID(rig, "a"), try await clientID(rig, "b")].map(OrderTarget.client)
            rig.script.next(.cancelMany, .failLate(.seconds(2), .reset))
            async let cancelling = rig.broker.cancel(targets, symbol: Rig.symbol)
            try await rig.pass(.seconds(1))
            try await rig.shut(seconds: 60)
            for result in try await cancelling {
                guard case .failure(let error) = result.result else {
                    Issue.record("nothing was proven")
                    continue
                }
                #expect(error.delivery == .maybeSent)
            }
            #expect(rig.script.attempts(of: .cancel) == 0)
        }
    }

    @Test func whatIsNotProvenIsNamedWhereTheListCannotBeReadEither() throws {
        try Rig.run(capabilities: Self.withoutOneCall) { rig in
            let id = try await clientID(rig, "a")
            rig.script.always(.openOrders, .fail(.reset))
            rig.script.always(.cancel, .fail(.reset))
            rig.script.always(.query, .fail(.reset))
            let error = await #expect(throws: GuardError.self) { try await rig.broker.cancelAll(for: Rig.symbol) }
            #expect(error?.code == .outcomeUnknown)
            #expect(error?.message.contains("0 of the layer's own have ended, 1 are not proven to") == true)
            #expect(error?.reasons == [id.rawValue])
            rig.script.always(.query, nil)
        }
    }

    /// Whatever the venue does meanwhile.
    @Test(arguments: [true, false]) func whoeverGoesAwayIsToldThatHeDid(all: Bool) throws {
        try Rig.run(capabilities: Self.withoutOneCall) { rig in
            let targets = [try await clientID(rig, "a"), try await clientID(rig, "b")].map(OrderTarget.client)
            for operation in [BrokerOperation.cancel, .cancelMany, .openOrders] {
                rig.script.always(operation, .fail(.reset))
            }
            let wasCancelled = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ =
                        all
                        ? try await rig.broker.cancelAll(for: Rig.symbol)
                        : try await rig.broker.cancel(targets, symbol: Rig.symbol)
                }
                try await rig.pass(.seconds(10))
                group.cancelAll()
                do {
                    try await group.next()
                    return false
                } catch is CancellationError { return true }
            }
            #expect(wasCancelled)
        }
    }

    /// They are tasks of their own: with one place left in a window, the list must not take it.
    @Test func theListGoesBehindEveryCancelOfItsCall() throws {
        try Rig.run(seeds: 0..<12, capabilities: Self.withoutOneCall) { rig in
            for name in ["a", "b", "c"] { _ = try await clientID(rig, IntentID(name)) }
            let count = rig.script.operations.count
            _ = try await rig.broker.cancelAll(for: Rig.symbol)
            #expect(Array(rig.script.operations[count...].prefix(3)) == [.cancel, .cancel, .cancel])
        }
    }

    private func clientID(_ rig: Rig, _ intent: IntentID) async throws -> ClientOrderID {
        try #require(try await rig.broker.place(Rig.buy(intent)).clientID)
    }
}
