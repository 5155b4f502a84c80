import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

@Suite struct MachineWireTests {
    @Test func whatWasHandedOverLivesOnAndItsReplyGoesNowhere() throws {
        let heard = Recorder<String>()
        let left = try Yard.run { yard in
            try await yard.world.machine { machine in
                let edge = yard.world.edge(.binanceUSDM, yard.venue, on: machine)
                guard machine.boot == 0 else {
                    let found = try await edge.order(.client("first"), symbol: VenueWorld.symbol)
                    heard.append("boot 1 found \(found.status)")
                    return
                }
                machine.environment.spawner.spawn {
                    do {
                        _ = try await edge.place(Yard.order("first"))
                        heard.append("boot 0 placed")
                    } catch { heard.append("boot 0 \(type(of: error))") }
                }
                try await machine.time.sleep(for: .milliseconds(1))
                machine.crash()
            }
        }
        #expect(left.report.isClean, "\(left.report)")
        #expect(heard.values == ["boot 0 CancellationError", "boot 1 found working"])
        let kinds = left.afterCrash.map { record in
            switch record.body {
            case .venue(let event): event.kind.rawValue
            default: "\(record.body)"
            }
        }
        #expect(kinds == ["arrived", "accepted"])
    }

    /// The way to the venue is the world's: neither a delay on it nor the venue's own needs the process.
    @Test func aRequestThatFaultsDelayArrivesWithoutItsProcess() throws {
        let left = try Yard.run { yard in
            let chaos = try yard.world.chaos(
                yard.venue, plan: [.once(.delay(.seconds(1)), on: FaultMatch(operations: [.place]))])
            try await yard.world.machine(restartAfter: .seconds(5)) { machine in
                guard machine.boot == 0 else { return }
                async let placed = machine.connect(chaos).place(Yard.order("late"))
                try await machine.time.sleep(for: .milliseconds(500))
                machine.crash()
                _ = try await placed
            }
            #expect(yard.venue.orders(named: "late").count == 1)
        }
        #expect(left.report.isClean, "\(left.report)")
    }

    @Test func aRequestThatItsCallerGivesUpIsTakenBack() throws {
        let left = try Yard.run { yard in
            let chaos = try yard.world.chaos(yard.venue, plan: [.once(.delay(.seconds(1)))])
            try await yard.world.machine { machine in
                let wire = machine.connect(chaos)
                let task = machine.environment.spawner.spawn { _ = try? await wire.place(Yard.order("gone")) }
                try await machine.time.sleep(for: .milliseconds(500))
                task.cancel()
                try await machine.time.sleep(for: .seconds(5))
            }
            #expect(yard.venue.orders(named: "gone").isEmpty)
        }
        #expect(left.report.isClean, "\(left.report)")
    }

    @Test func aReplyReachesASleepingProcessWhenItWakes() throws {
        let heard = Recorder<String>()
        let left = try Yard.run { yard in
            try await yard.world.machine { machine in
                let context = RequestContext(
                    origin: .bot, lane: .reduce, sentAt: machine.time.now, deadline: nil,
                    onHeaders: { _ in heard.append("headers \(machine.time.now.nanoseconds / 1_000_000)") })
                machine.sleep(for: .seconds(60))
                _ = try await RequestContext.$current.withValue(context) {
                    try await machine.connect(yard.venue).place(Yard.order("one"))
                }
                heard.append("reply \(machine.time.now.nanoseconds / 1_000_000)")
            }
            // Ten milliseconds on the way, and one of work.
            let taken = yard.venue.civilStart.advanced(by: .milliseconds(11))
            #expect(yard.venue.orders(named: "one").first?.updatedAt == taken)
        }
        #expect(left.report.isClean, "\(left.report)")
        #expect(heard.values == ["headers 60000", "reply 60000"])
    }

    @Test func aStreamsEventsReachASleepingProcessWhenItWakes() throws {
        let beats = Recorder<MonotonicInstant>()
        let left = try Yard.run(for: .seconds(4_000)) { yard in
            try await yard.world.machine { machine in
                let events = try await machine.connect(yard.venue).marketEvents(for: [VenueWorld.symbol])
                let start = machine.time.now
                machine.environment.spawner.spawn {
                    while let event = try? await events.first(where: { _ in true }) {
                        if case .heartbeat = event { beats.append(machine.time.now) }
                    }
                }
                try await machine.time.sleep(for: .milliseconds(1))
                machine.sleep(for: .seconds(1_800))
                try await machine.time.sleep(for: .seconds(3_600))
                #expect(machine.time.now == start.advanced(by: .milliseconds(1) + .seconds(3_600)))
            }
        }
        #expect(left.report.isClean, "\(left.report)")
        let woken = MonotonicInstant.origin.advanced(by: .milliseconds(22) + .seconds(1_800))
        #expect(beats.values.first == woken)
        #expect(beats.values.count { $0 == woken } > 1)
        #expect(beats.values.contains { $0 > woken })
    }

    @Test func theStreamsOfADeadProcessEndAtTheVenue() throws {
        let left = try Yard.run { yard in
            try await yard.world.machine { machine in
                guard machine.boot == 0 else { return }
                let events = try await machine.connect(yard.venue).userEvents()
                machine.environment.spawner.spawn { do { for try await _ in events {} } catch {} }
                try await machine.time.sleep(for: .seconds(1))
                #expect(yard.venue.state.withLock { $0.hub.hasUserListeners })
                machine.crash()
            }
            #expect(!yard.venue.state.withLock { $0.hub.hasUserListeners })
        }
        #expect(left.report.isClean, "\(left.report)")
    }

    /// Nothing in between: what a process hands over is on its way in the same step.
    @Test func theRequestIsRecordedInTheStepOfTheHandOver() throws {
        let left = try Yard.run { yard in
            try await yard.world.machine { machine in
                let edge = yard.world.edge(.binanceUSDM, yard.venue, on: machine)
                async let placed = edge.place(Yard.order("one"))
                _ = try await placed
            }
        }
        #expect(left.report.isClean, "\(left.report)")
        #expect(
            left.records.contains {
                if case .reply(let reply) = $0.body { reply.outcome == "succeeded" } else { false }
            })
    }
}
