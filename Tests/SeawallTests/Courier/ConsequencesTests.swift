import Foundation
import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

/// A layer runs for months: what it tells its parts of must cost the last time what it cost the first.
@Suite struct ConsequencesTests {
    @Test func aPartIsToldFromNoDeeperTheThousandthTime() throws {
        try Rig.run(seeds: 0..<1) { rig in
            let consequences = rig.layer.consequences
            let shuts = Lock([Int]())
            let troubles = Lock([Int]())
            consequences.onShut { _, _ in shuts.withLock { $0.append(Self.depth()) } }
            consequences.onBreakerTrouble { _ in troubles.withLock { $0.append(Self.depth()) } }
            let breaker = rig.layer.breakers.all[0]
            for _ in 0..<1_000 {
                consequences.shut(.ip, rig.time.now.advanced(by: .seconds(1)))
                _ = breaker.forceOpen(reason: "test")
                _ = breaker.reset()
            }
            for depths in [shuts.withLock { $0 }, troubles.withLock { $0 }] {
                #expect(depths.count == 1_000)
                #expect(Set(depths).count == 1)
                // The system looks 128 calls deep: a stack that grew would show.
                #expect(depths.allSatisfy { $0 < 100 })
            }
        }
    }

    /// How many calls deep the caller is.
    private static func depth() -> Int { Thread.callStackReturnAddresses.count }
}
