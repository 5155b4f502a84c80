import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Venues that know orders by their own ids alone: what is unknown is found in lists, and cancelled when it has a name.
@Suite struct ListResolutionTests {
    private static let lists = DeterministicBroker.everything.subtracting([.queryByClientID, .cancelByClientID])

    @Test func anOrderWhoseAnswerWasLostIsFoundInTheLists() throws {
        try Rig.run(capabilities: Self.lists) { rig in
            rig.script.next(.place, .lose(.reset))
            let error = try await rig.failure(of: Rig.buy("lost"))
            #expect(error?.code == .outcomeUnknown)
            try await rig.pass(.seconds(5))
            #expect(rig.recorder.states(of: "lost").last == .working)
            #expect(rig.script.attempts(of: .query) == 0)
            #expect(rig.script.attempts(of: .place) == 1)
        }
    }

    @Test func anOrderThatEndedMeanwhileIsFoundInTheHistory() throws {
        try Rig.run(capabilities: Self.lists) { rig in
            rig.script.next(.place, .lose(.reset))
            rig.script.always(.openOrders, .fail(.reset))
            _ = try await rig.failure(of: Rig.buy("lost"))
            rig.base.update { $0.orders[0].status = .cancelled }
            rig.script.always(.openOrders, nil)
            try await rig.pass(.seconds(10))
            #expect(rig.recorder.states(of: "lost").last == .cancelled)
        }
    }

    @Test func whatNoListShowsIsAbsentOnlyWhenItCanNoLongerArriveAndNeverSentAgain() throws {
        try Rig.run(capabilities: Self.lists) { rig in
            rig.script.next(.place, .fail(.reset))
            _ = try await rig.failure(of: Rig.buy("never"))
            try await rig.pass(.milliseconds(11_900))
            #expect(rig.recorder.states(of: "never").last == .unknown)
            try await rig.pass(.seconds(30))
            #expect(rig.recorder.states(of: "never").last == .rejected)
            #expect(rig.script.attempts(of: .place) == 1)
        }
    }

    @Test(arguments: [BrokerOperation.openOrders, .history, .fills])
    func aListThatFailsProvesNothing(operation: BrokerOperation) throws {
        try Rig.run(seeds: 0..<2, capabilities: Self.lists) { rig in
            rig.script.next(.place, .fail(.reset))
            rig.script.always(operation, .fail(.reset))
            _ = try await rig.failure(of: Rig.buy("never"))
            try await rig.pass(.seconds(300))
            #expect(rig.recorder.states(of: "never").last == .unknown)
            rig.script.always(operation, nil)
            try await rig.pass(.seconds(30))
            #expect(rig.recorder.states(of: "never").last == .rejected)
        }
    }

    @Test func aCancelWaitsForTheVenuesNameAndGoesOutAsSoonAsThereIsOne() throws {
        try Rig.run(capabilities: Self.lists) { rig in
            rig.script.next(.place, .answerLate(.seconds(3)))
            let time = rig.time
            async let placing = rig.broker.place(Rig.buy("slow"))
            try await rig.pass(.seconds(1))
            let clientID = try #require(rig.recorder.clientID(of: "slow"))
            let order = try await rig.broker.cancel(.client(clientID), symbol: Rig.symbol)
            #expect(order.status == .cancelled)
            #expect(time.now <= .origin.advanced(by: .milliseconds(3_250)))
            #expect(rig.script.attempts(of: .cancel) == 1)
            _ = try await placing
            #expect(rig.layer.metrics.prometheusText().contains("seawall_cancels_waiting_total"))
        }
    }

    @Test func aCancelOfAnOrderInDoubtFindsItInTheLists() throws {
        try Rig.run(capabilities: Self.lists) { rig in
            rig.script.next(.place, .lose(.reset))
            let error = try await rig.failure(of: Rig.buy("lost"))
            let clientID = try #require(error?.order?.clientID)
            let order = try await rig.broker.cancel(.client(clientID), symbol: Rig.symbol)
            #expect(order.status == .cancelled)
            #expect(rig.time.now < .origin.advanced(by: .seconds(1)))
        }
    }

    @Test func aCancelThatFindsNoNameIsReportedWhenItsPatienceEnds() throws {
        var configuration = LayerConfiguration()
        configuration.cancelPatience = .seconds(20)
        try Rig.run(capabilities: Self.lists, configuration: configuration) { rig in
            rig.script.next(.place, .lose(.reset))
            rig.script.always(.openOrders, .fail(.reset))
            let failed = try await rig.failure(of: Rig.buy("lost"))
            let clientID = try #require(failed?.order?.clientID)
            let error = await #expect(throws: GuardError.self) {
                try await rig.broker.cancel(.client(clientID), symbol: Rig.symbol)
            }
            #expect(error?.code == .outcomeUnknown)
            #expect(error?.message.contains("the venue's id of the order is not known") == true)
            #expect(rig.script.attempts(of: .cancel) == 0)
            rig.script.always(.openOrders, nil)
            try await rig.pass(.seconds(60))
        }
    }

    @Test func anOrderIsAskedForByTheVenuesNameOrLookedForInTheLists() throws {
        try Rig.run(capabilities: Self.lists) { rig in
            let placed = try await rig.broker.place(Rig.buy("known"))
            let known = OrderTarget.client(try #require(placed.clientID))
            #expect(try await rig.broker.order(known, symbol: Rig.symbol).venueID == placed.venueID)
            #expect(rig.base.calls.filter { $0.operation == .query }.map(\.targets) == [[.venue("V1")]])

            rig.script.next(.place, .lose(.reset))
            rig.script.next(.openOrders, .answerLate(.milliseconds(1)))
            let failed = try await rig.failure(of: Rig.buy("lost"))
            let lost = OrderTarget.client(try #require(failed?.order?.clientID))
            #expect(try await rig.broker.order(lost, symbol: Rig.symbol).status == .working)
            let stranger = await #expect(throws: GuardError.self) {
                try await rig.broker.order(.client("stranger"), symbol: Rig.symbol)
            }
            #expect(stranger?.code == .noSuchOrder)
            rig.script.always(.openOrders, .fail(.reset))
            let blind = await #expect(throws: GuardError.self) {
                try await rig.broker.order(.client("stranger"), symbol: Rig.symbol)
            }
            #expect(blind?.code == .failed)
            #expect(rig.script.attempts(of: .query) == 1)
        }
    }

    @Test func aBatchOfCancelsGoesOutInPiecesByTheVenuesNames() throws {
        var venue = VenueProfile.binanceUSDM
        venue.cancelBatchSize = 2
        try Rig.run(venue: venue, capabilities: Self.lists) { rig in
            var targets: [OrderTarget] = []
            for index in 0..<5 {
                let order = try await rig.broker.place(Rig.buy(IntentID("order-\(index)")))
                targets.append(.client(try #require(order.clientID)))
            }
            let results = try await rig.broker.cancel(targets, symbol: Rig.symbol)
            #expect(results.map(\.target) == targets)
            #expect(results.allSatisfy { (try? $0.result.get().status) == .cancelled })
            #expect(rig.script.attempts(of: .cancelMany) == 3)
        }
    }
}
