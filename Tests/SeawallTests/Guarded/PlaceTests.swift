import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct PlaceTests {
    @Test func anOrderGoesThroughItsStatesInOrder() throws {
        try Rig.run { rig in
            let order = try await rig.broker.place(Rig.buy("a"))
            #expect(order.status == .working)
            #expect(order.venueID == "V1")
            #expect(rig.recorder.states(of: "a") == [.prepared, .sent, .acknowledged, .working])
        }
    }

    @Test func theSameIntentSendsNothingAgain() throws {
        try Rig.run { rig in
            _ = try await rig.broker.place(Rig.buy("ok"))
            #expect(try await rig.broker.place(Rig.buy("ok")).venueID == "V1")
            rig.script.next(.place, .fail(.answered("-2019")))
            #expect(try await rig.failure(of: Rig.buy("refused"))?.code == .rejected)
            #expect(try await rig.broker.place(Rig.buy("refused")).status == .rejected)
            rig.script.next(.place, .lose(.reset))
            #expect(try await rig.failure(of: Rig.buy("lost"))?.code == .outcomeUnknown)
            #expect(try await rig.broker.place(Rig.buy("lost")).status == .unknown)
            #expect(rig.script.attempts(of: .place) == 3)
            #expect(try await rig.failure(of: Rig.buy("ok", "2"))?.code == .intentReused)
        }
    }

    @Test func theSameIntentAtOnceIsOneOrder() throws {
        try Rig.run { rig in
            rig.script.always(.place, .arriveLate(.seconds(1)))
            let request = try Rig.buy("a")
            async let first = rig.broker.place(request)
            async let second = rig.broker.place(request)
            async let third = rig.broker.place(request)
            let ids = Set(try await [first, second, third].map(\.clientID))
            #expect(ids.count == 1)
            #expect(rig.base.orders.count == 1)
        }
    }

    @Test func aPauseDeniesWhatOpensAndNamesItsCause() throws {
        try Rig.run { rig in
            try await rig.start(position: 10)
            try rig.layer.pauseAll(for: .seconds(60), reason: "maintenance")
            let error = try #require(try await rig.failure(of: Rig.buy("a")))
            #expect(error.code == .denied)
            #expect(error.reasons.first == "opens")
            #expect(error.reasons.count == 2, "\(error.reasons)")
            #expect(rig.script.attempts(of: .place) == 0)
            #expect(rig.recorder.states(of: "a").isEmpty)
            try await rig.pass(.seconds(60))
            _ = try await rig.broker.place(Rig.buy("a"))
        }
    }

    @Test func underAPauseClosesNeverAddUpToMoreThanThePosition() throws {
        try Rig.run { rig in
            try await rig.start(position: 10)
            try rig.layer.pauseAll(reason: "test")
            _ = try await rig.broker.place(Rig.sell("a", "6"))
            #expect(try await rig.failure(of: Rig.sell("b", "6"))?.reasons.first == "exceeds_capacity")
            rig.script.next(.place, .lose(.reset))
            #expect(try await rig.failure(of: Rig.sell("c", "4"))?.code == .outcomeUnknown)
            #expect(try await rig.failure(of: Rig.sell("d", "1"))?.code == .denied, "an unknown order counts")
            #expect(rig.layer.exposure(of: Rig.symbol).capacity == 0)
        }
    }

    @Test func aPauseThatComesWhileAnOrderWaitsStopsIt() throws {
        try Rig.run { rig in
            try await rig.start(position: 10)
            try await rig.shut(seconds: 3)
            async let outcome = rig.failure(of: Rig.buy("a"))
            try await rig.pass(.seconds(1))
            try rig.layer.pauseAll(reason: "test")
            let error = try #require(try await outcome)
            #expect(error.code == .denied)
            #expect(error.reasons.first == "opens")
            #expect(rig.script.attempts(of: .place) == 1, "the one that shut")
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 0, "its capacity is given back")
            #expect(rig.recorder.states(of: "a") == [.prepared, .cancelled])
        }
    }

    @Test func anOrderThatWaitsTooLongIsNotSent() throws {
        try Rig.run { rig in
            try await rig.shut(seconds: 8)
            let error = try #require(try await rig.failure(of: Rig.buy("a")))
            #expect(error.code == .notSent)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 0)
            #expect(rig.recorder.states(of: "a") == [.prepared, .expired])
            try await rig.pass(.seconds(10))
            #expect(try await rig.broker.place(Rig.buy("a")).status == .working, "nothing was sent before")
        }
    }

    @Test func aLostAnswerIsFoundByAskingAndTheAlertEnds() throws {
        try Rig.run { rig in
            rig.script.next(.place, .lose(.reset))
            #expect(try await rig.failure(of: Rig.buy("a"))?.code == .outcomeUnknown)
            #expect(rig.layer.alerts.openEpisodes.map(\.code) == ["order_unknown"])
            #expect(rig.layer.metrics.prometheusText().contains("seawall_orders_unknown 1"))
            try await rig.pass(.seconds(2))
            #expect(rig.recorder.states(of: "a") == [.prepared, .sent, .unknown, .acknowledged, .working])
            #expect(rig.layer.alerts.openEpisodes.isEmpty)
            #expect(rig.layer.metrics.prometheusText().contains("seawall_orders_unknown 0"))
            #expect(rig.script.attempts(of: .place) == 1)
        }
    }

    @Test func absenceIsProvenOnlyWhenTheRequestCanNoLongerArriveAndTwice() throws {
        try Rig.run { rig in
            rig.script.next(.place, .fail(.reset))
            let sentAt = rig.time.now
            #expect(try await rig.failure(of: Rig.buy("a"))?.code == .outcomeUnknown)
            // Receive window 5 s, visibility lag 5 s, margin 2 s.
            try await rig.time.sleep(until: sentAt.advanced(by: .milliseconds(11_999)))
            #expect(rig.recorder.states(of: "a").last == .unknown)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
            try await rig.pass(.seconds(11))
            #expect(rig.recorder.states(of: "a").last == .rejected)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 0)
            let conclusive = rig.script.instants(of: .query).filter { $0 >= sentAt.advanced(by: .seconds(12)) }
            #expect(conclusive.count == 2)
        }
    }

    @Test func absenceWaitsForARequestThatWasSignedAheadOfTheVenue() throws {
        var venue = VenueProfile.binanceUSDM
        venue.clockLead = .seconds(8)
        try Rig.run(venue: venue) { rig in
            rig.script.next(.place, .fail(.reset))
            let sentAt = rig.time.now
            _ = try await rig.failure(of: Rig.buy("a"))
            // Receive window 5 s, visibility lag 5 s, and the venue's clock lead of 8 s for the margin.
            try await rig.time.sleep(until: sentAt.advanced(by: .milliseconds(17_999)))
            #expect(rig.recorder.states(of: "a").last == .unknown)
            try await rig.pass(.seconds(11))
            #expect(rig.recorder.states(of: "a").last == .rejected)
        }
    }

    @Test func anAnswerAfterTheGiveUpIsEvidence() throws {
        try Rig.run { rig in
            rig.script.always(.query, .fail(.reset))
            rig.script.next(.place, .answerLate(.seconds(30)))
            #expect(try await rig.failure(of: Rig.buy("a"))?.code == .outcomeUnknown)
            try await rig.pass(.seconds(21))
            #expect(rig.recorder.states(of: "a") == [.prepared, .sent, .unknown, .acknowledged, .working])
        }
    }

    @Test func anAnswerThatSaysNeitherYesNorNoIsAskedFor() throws {
        try Rig.run { rig in
            rig.script.next(.place, .answer(.sent))
            #expect(try await rig.failure(of: Rig.buy("a"))?.code == .outcomeUnknown)
            try await rig.pass(.seconds(2))
            #expect(rig.recorder.states(of: "a") == [.prepared, .sent, .unknown, .acknowledged, .working])
        }
    }

    @Test func aCallerWhoGoesAwayBeforeTheHandOverLeavesNothing() throws {
        try Rig.run { rig in
            try await rig.shut(seconds: 4)
            let request = try Rig.buy("a")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) { try await rig.broker.place(request) }
                }
                try await rig.pass(.seconds(1))
                group.cancelAll()
                try await group.waitForAll()
            }
            try await rig.pass(.seconds(10))
            #expect(rig.script.attempts(of: .place) == 1, "the one that shut")
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 0)
            #expect(rig.recorder.states(of: "a") == [.prepared, .cancelled])
        }
    }

    @Test func aCallerWhoGoesAwayAfterTheHandOverHearsThatItIsUnknown() throws {
        try Rig.run { rig in
            rig.script.next(.place, .answerLate(.seconds(3)))
            let request = try Rig.buy("a")
            try await withThrowingTaskGroup(of: GuardError?.self) { group in
                group.addTask { try await rig.failure(of: request) }
                try await rig.pass(.seconds(1))
                group.cancelAll()
                #expect(try await group.next()??.code == .outcomeUnknown)
            }
            try await rig.pass(.seconds(10))
            #expect(rig.recorder.states(of: "a").last == .working)
        }
    }

    /// Whenever the caller goes away, on real threads: an order is either withdrawn or has an owner that resolves it.
    @Test func aCallerWhoGoesAwayAtAnyMomentLeavesNoOrderWithoutAnEnd() async throws {
        for _ in 0..<150 {
            let rig = try Rig(RuntimeEnvironment(time: ManualTime()))
            let request = try Rig.buy("a")
            let placing = Task { try await rig.broker.place(request) }
            let cancelling = Task { placing.cancel() }
            _ = await cancelling.value
            let result = await placing.result
            let sent = rig.script.attempts(of: .place)
            switch result {
            case .success: #expect(sent == 1)
            case .failure(is CancellationError): #expect(rig.layer.exposure(of: Rig.symbol).buying ?? 0 == 0)
            case .failure(let error): #expect((error as? GuardError)?.code == .outcomeUnknown)
            }
            #expect(rig.recorder.states(of: "a").last != .prepared)
            rig.layer.stop()
        }
    }

    @Test func anOrderThatTheVenueShowsBeforeItIsSentIsReturnedAndStillCounts() throws {
        try Rig.run { rig in
            try await rig.start(position: 0)
            try await rig.pass(.seconds(1))
            try await rig.shut(seconds: 3)
            let request = try Rig.buy("a")
            async let placed = rig.broker.place(request)
            try await rig.pass(.seconds(1))
            // Placed by an earlier start of the process, under the same client id.
            let id = try #require(rig.recorder.clientID(of: "a"))
            let order = Order(
                venueID: "V9", clientID: id, symbol: Rig.symbol, side: .buy, quantity: 1, type: .limit(price: 100),
                status: .working)
            rig.base.emit(.order(order, sequence: 1))
            #expect(try await placed.venueID == "V9")
            #expect(rig.script.attempts(of: .place) == 1, "the one that shut")
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
        }
    }
}
