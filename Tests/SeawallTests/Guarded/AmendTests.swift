import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct AmendTests {
    @Test func anAmendIsSentAndKnown() throws {
        try Rig.run { rig in
            let target = try await target(rig)
            let order = try await rig.broker.amend(AmendRequest(target: target, symbol: Rig.symbol, quantity: 3))
            #expect(order.quantity == 3)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 3)
        }
    }

    @Test func underAPauseARaiseIsDeniedAndACutPasses() throws {
        try Rig.run { rig in
            try await rig.start(position: 10)
            let order = try await rig.broker.place(Rig.buy("a", "5"))
            let target = OrderTarget.client(try #require(order.clientID))
            try rig.layer.pauseAll(reason: "test")
            #expect(try await failure(rig, target, quantity: 6)?.code == .denied)
            #expect(rig.script.attempts(of: .amend) == 0)
            _ = try await rig.broker.amend(AmendRequest(target: target, symbol: Rig.symbol, quantity: 2))
            #expect(rig.script.attempts(of: .amend) == 1)
        }
    }

    @Test func anUnknownAmendCountsTheLargerUntilTheVenueShowsWhichHolds() throws {
        try Rig.run { rig in
            let target = try await target(rig)
            rig.script.next(.amend, .lose(.reset))
            #expect(try await failure(rig, target, quantity: 4)?.code == .outcomeUnknown)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 4)
            try await rig.pass(.seconds(2))
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 4, "it was done")
            rig.script.next(.amend, .fail(.reset))
            #expect(try await failure(rig, target, quantity: 9)?.code == .outcomeUnknown)
            try await rig.pass(.seconds(10))
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 9, "it may still arrive")
            try await rig.pass(.seconds(10))
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 4, "it was not done and no longer can be")
        }
    }

    @Test func anUnknownAmendOfAnOrderThatIsGoneEnds() throws {
        try Rig.run { rig in
            let target = try await target(rig)
            rig.script.next(.amend, .fail(.reset))
            #expect(try await failure(rig, target, quantity: 9)?.code == .outcomeUnknown)
            rig.base.update { $0.orders = [] }
            try await rig.pass(.seconds(60))
            let asked = rig.script.attempts(of: .query)
            try await rig.pass(.seconds(60))
            #expect(rig.script.attempts(of: .query) == asked, "it does not ask for ever")
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
        }
    }

    @Test func noSuchOrderAndEndedAndUnsentOrdersAreToldApart() throws {
        try Rig.run { rig in
            let target = try await target(rig)
            rig.script.next(.amend, .fail(.answered("-2013")))
            #expect(try await failure(rig, target, quantity: 2)?.code == .noSuchOrder)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
            _ = try await rig.broker.cancel(target, symbol: Rig.symbol)
            #expect(try await failure(rig, target, quantity: 2)?.reasons == ["order_ended"])
            #expect(try await failure(rig, .client("stranger"), quantity: 2)?.reasons == ["unknown_order"])
            try await rig.shut(seconds: 3)
            async let placing = rig.broker.place(Rig.buy("b"))
            try await rig.pass(.seconds(1))
            let waiting = OrderTarget.client(try #require(rig.recorder.clientID(of: "b")))
            #expect(try await failure(rig, waiting, quantity: 2)?.reasons == ["order_not_sent"])
            _ = try await placing
        }
    }

    private func target(_ rig: Rig) async throws -> OrderTarget {
        .client(try #require(try await rig.broker.place(Rig.buy("a")).clientID))
    }

    private func failure(_ rig: Rig, _ target: OrderTarget, quantity: Decimal) async throws -> GuardError? {
        do {
            _ = try await rig.broker.amend(AmendRequest(target: target, symbol: Rig.symbol, quantity: quantity))
            return nil
        } catch let error as GuardError {
            return error
        }
    }
}
