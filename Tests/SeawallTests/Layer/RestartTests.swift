import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One process after the other on one disk, before one venue.
@Suite struct RestartTests {
    /// A rig in virtual time, and a way to begin the next process; the one before it is stopped.
    struct Machine: Sendable {
        let environment: RuntimeEnvironment
        let storage: MemoryStorage
        let base: DeterministicBroker

        func boot() throws -> Rig {
            try Rig(environment, journal: storage.next(), base: base)
        }
    }

    static func run(_ body: @escaping @Sendable (Machine) async throws -> Void) throws {
        for seed in 0..<4 as Range<UInt64> {
            let report = try Simulation(seed: seed).run(for: .seconds(3_600)) { world in
                try await body(
                    Machine(environment: world.environment, storage: MemoryStorage(), base: DeterministicBroker()))
            }
            #expect(report.isClean, "\(report)")
        }
    }

    @Test func anIntentOfBeforeIsKnownAndSendsNothing() throws {
        try Self.run { machine in
            let before = try machine.boot()
            let placed = try await before.broker.place(Rig.buy("a"))
            before.script.next(.place, .lose(.reset))
            #expect(try await before.failure(of: Rig.buy("lost"))?.code == .outcomeUnknown)
            try await before.pass(.seconds(2))
            machine.storage.crash()

            let after = try machine.boot()
            #expect(try await after.broker.place(Rig.buy("a")).venueID == placed.venueID)
            #expect(try await after.broker.place(Rig.buy("lost")).status == .working)
            #expect(after.script.attempts(of: .place) == 0)
            #expect(after.layer.exposure(of: Rig.symbol).buying == 2)
        }
    }

    @Test func whatWasOnlyPreparedIsInDoubtAndResolved() throws {
        try Self.run { machine in
            let before = try machine.boot()
            before.script.next(.place, .lose(.reset))
            #expect(try await before.failure(of: Rig.buy("lost"))?.code == .outcomeUnknown)
            machine.storage.crash()

            let after = try machine.boot()
            #expect(try await after.broker.place(Rig.buy("lost")).status == .unknown)
            #expect(after.layer.exposure(of: Rig.symbol).buying == 1)
            try await after.start(position: 0)
            try await after.pass(.seconds(20))
            #expect(try await after.broker.place(Rig.buy("lost")).status == .working)
            #expect(after.script.attempts(of: .place) == 0)
        }
    }

    @Test func pausesAndTheKillSwitchHold() throws {
        try Self.run { machine in
            let before = try machine.boot()
            try before.layer.pauseAll(for: .seconds(60), reason: "maintenance")
            before.layer.kill(.symbol(Rig.symbol), reason: "enough")
            let ids = before.layer.status.causes.map(\.cause.record)
            machine.storage.crash()
            try await before.pass(.seconds(20))

            let after = try machine.boot()
            #expect(after.layer.status.causes.map(\.cause.record) == ids)
            #expect(after.layer.status.causes.compactMap(\.remaining) == [.seconds(40)])
            #expect(try await after.failure(of: Rig.buy("a"))?.code == .denied)
            after.layer.releaseKill(.symbol(Rig.symbol))
            try await after.pass(.seconds(40))
            machine.storage.crash()

            let last = try machine.boot()
            #expect(last.layer.status.isOpen)
            _ = try await last.broker.place(Rig.buy("a"))
        }
    }

    @Test func whatCannotBeReadHaltsUntilItIsGivenUp() throws {
        try Self.run { machine in
            let before = try machine.boot()
            _ = try await before.broker.place(Rig.buy("a"))
            _ = try await before.broker.place(Rig.buy("b"))
            machine.storage.damage(at: 200)

            for _ in 0..<2 {
                let halted = try machine.boot()
                #expect(halted.layer.isStateUnreadable)
                #expect(halted.layer.status.global == .cancelOnly)
                #expect(try await halted.failure(of: Rig.buy("c"))?.reasons.contains("state_unreadable") == true)
                halted.layer.releaseKill()
                halted.layer.resume()
                #expect(halted.layer.isStateUnreadable)
            }

            let after = try machine.boot()
            try after.layer.abandonUnreadableState(reason: "looked at the venue")
            #expect(machine.storage.disk.withLock { $0.aside } != nil)
            _ = try await after.broker.place(Rig.buy("c"))
            #expect(throws: JournalError.self) { try after.layer.abandonUnreadableState(reason: "again") }
            machine.storage.crash()
            #expect(try machine.boot().layer.status.isOpen)
        }
    }

    @Test func aDiskThatFailsLetsNothingOutButCancels() throws {
        try Self.run { machine in
            let rig = try machine.boot()
            let order = try await rig.broker.place(Rig.buy("a"))
            machine.storage.setBroken(true)
            let error = try #require(try await rig.failure(of: Rig.buy("b")))
            #expect(error.code == .notSaved)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
            #expect(try await rig.failure(of: Rig.buy("b"))?.reasons.contains("state_unwritable") == true)
            rig.layer.kill(reason: "enough")
            #expect(rig.layer.alerts.openEpisodes.contains { $0.code == "kill_switch" })
            let clientID = try #require(order.clientID)
            #expect(try await rig.broker.cancel(.client(clientID), symbol: Rig.symbol).status == .cancelled)
            #expect(rig.script.attempts(of: .place) == 1)
            machine.storage.setBroken(false)
            try await rig.pass(.seconds(10))
            #expect(rig.layer.status.causes.map(\.cause.code) == [.killSwitch])
            machine.storage.crash()
            #expect(try machine.boot().layer.status.causes.map(\.cause.code) == [.killSwitch])
        }
    }
}
