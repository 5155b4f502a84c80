import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct LimitTests {
    @Test func aLimitShutsEveryLaneUntilExactlyItsEnd() throws {
        try Rig.run { rig in
            let order = try await rig.broker.place(Rig.buy("a"))
            let target = OrderTarget.client(try #require(order.clientID))
            try await rig.shut(seconds: 4)
            let end = rig.time.now.advanced(by: .seconds(4))
            let count = rig.script.operations.count
            async let reading = rig.broker.ticker(for: Rig.symbol)
            async let placing = rig.broker.place(Rig.buy("b"))
            async let cancelling = rig.broker.cancel(target, symbol: Rig.symbol)
            try await rig.time.sleep(until: end.advanced(by: .nanoseconds(-1)))
            #expect(rig.script.operations.count == count)
            _ = try await (reading, placing, cancelling)
            #expect(rig.time.now == end)
        }
    }

    @Test func aBanFreezesAndEndsByItselfWithItsAlert() throws {
        try Rig.run { rig in
            let order = try await rig.broker.place(Rig.buy("a"))
            let target = OrderTarget.client(try #require(order.clientID))
            rig.script.next(.place, .fail(.banned(seconds: 60)))
            #expect(try await rig.failure(of: Rig.buy("b"))?.code == .rejected)
            let end = rig.time.now.advanced(by: .seconds(60))
            #expect(rig.layer.status.global == .frozen)
            let error = try #require(try await rig.failure(of: Rig.buy("c")))
            #expect(error.code == .denied)
            #expect(error.reasons.contains(ReasonCode.venueBan.rawValue))
            #expect(rig.layer.alerts.openEpisodes.count == 1)
            _ = try await rig.broker.cancel(target, symbol: Rig.symbol)
            #expect(rig.script.instants(of: .cancel) == [end])
            try await rig.pass(.milliseconds(1))
            #expect(rig.layer.status.global == .open)
            #expect(rig.layer.alerts.openEpisodes.isEmpty)
            #expect(rig.recorder.permissions.map(\.event) == [.raised, .expired])
            _ = try await rig.broker.place(Rig.buy("c"))
        }
    }
}
