import SeawallChaos
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps what a sink hears.
private final class Heard: AlertSink {
    let name = "heard"
    private let kept = Lock([String]())

    var lines: [String] { kept.withLock { $0 } }

    func deliver(_ alert: Alert) async throws { kept.withLock { $0.append("\(alert.event.rawValue) \(alert.code)") } }
}

extension GuardedBroker {
    /// What is known of an intent that was placed before.
    fileprivate func known(_ request: OrderRequest) -> Order? {
        request.intent.flatMap { ledger.entry(intent: $0)?.order }
    }
}

/// One process after the other on one disk, before one venue.
@Suite struct RestartTests {
    /// A rig in virtual time, and a way to begin the next process; the one before it is stopped.
    struct Machine: Sendable {
        let environment: RuntimeEnvironment
        let storage: MemoryStorage
        let base: DeterministicBroker

        func boot() throws -> Rig {
            // A start after a crash may use a part of what the share leaves: here that is enough to look around.
            var configuration = LayerConfiguration()
            configuration.limitShare = 300
            return try Rig(environment, configuration: configuration, journal: storage.next(), base: base)
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
            // Who listens to this process alone hears of it too.
            #expect(after.recorder.states(of: "lost") == [.unknown])
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

    @Test func whatFilledWhileNobodyLookedCountsOnce() throws {
        try Self.run { machine in
            let before = try machine.boot()
            try await before.start(position: 0)
            let placed = try await before.broker.place(Rig.buy("part", "5"))
            let whole = try await before.broker.place(Rig.buy("whole", "2"))
            try await before.pass(.seconds(2))
            machine.storage.crash()
            machine.base.update { answers in
                for index in answers.orders.indices {
                    let isPart = answers.orders[index].venueID == placed.venueID
                    answers.orders[index].filled = isPart ? 3 : 2
                    if !isPart { answers.orders[index].status = .filled }
                }
                answers.fills = [(placed.venueID, 3), (whole.venueID, 2)].compactMap { venueID, quantity in
                    venueID.map { venueID in
                        Fill(
                            id: FillID("f" + venueID.rawValue), venueID: venueID, clientID: nil, symbol: Rig.symbol,
                            side: .buy, quantity: quantity, price: 100, fee: 0, feeAsset: "USDT",
                            time: CivilInstant(millisecondsSinceEpoch: 0))
                    }
                }
            }

            let after = try machine.boot()
            try await after.start(position: 5)
            try await after.pass(.seconds(40))
            #expect(after.layer.exposure(of: Rig.symbol).position == 5)
            #expect(after.layer.exposure(of: Rig.symbol).buying == 2)
            #expect(try await after.broker.place(Rig.buy("whole", "2")).status == .filled)
        }
    }

    @Test func nothingIsSentIntoWhatTheVenueHadShut() throws {
        try Self.run { machine in
            let before = try machine.boot()
            try await before.shut(seconds: 60)
            machine.storage.crash()
            try await before.pass(.seconds(20))

            let after = try machine.boot()
            #expect(after.recorder.events.contains { if case .limited("ip", _) = $0 { true } else { false } })
            async let started: Void = after.start(position: 0)
            try await after.pass(.milliseconds(39_900))
            #expect(after.script.operations.isEmpty)
            try await started
            #expect(!after.script.operations.isEmpty)
            machine.storage.crash()

            let last = try machine.boot()
            try await last.pass(.seconds(2))
            #expect(machine.storage.text.contains("gate_ended"))
            #expect(last.recorder.events.isEmpty)
        }
    }

    @Test func aBanIsKnownToTheProcessAfterTheNext() throws {
        try Self.run { machine in
            let before = try machine.boot()
            before.script.next(.ticker, .fail(.banned(seconds: 300)))
            _ = try? await before.broker.ticker(for: Rig.symbol)
            for _ in 0..<3 {
                machine.storage.crash()
                let next = try machine.boot()
                async let price = next.broker.ticker(for: Rig.symbol)
                try await next.pass(.seconds(90))
                #expect(next.script.operations.isEmpty)
                next.layer.stop()
                _ = try? await price
            }
        }
    }

    @Test func anAmendInDoubtCountsOverACrashUntilTheVenueShowsWhichHolds() throws {
        for isDone in [true, false] {
            try Self.run { machine in
                let before = try machine.boot()
                try await before.start(position: 0)
                let order = try await before.broker.place(Rig.buy("a"))
                before.script.next(.amend, isDone ? .lose(.reset) : .fail(.reset))
                let amend = AmendRequest(
                    target: .client(try #require(order.clientID)), symbol: Rig.symbol, quantity: 4)
                _ = try? await before.broker.amend(amend)
                machine.storage.crash()
                before.script.always(.query, .arriveLate(.seconds(3_000)))

                let after = try machine.boot()
                #expect(after.layer.exposure(of: Rig.symbol).buying == 4)
                try await after.start(position: 0)
                #expect(after.layer.exposure(of: Rig.symbol).buying == 4, "it may still arrive")
                try await after.pass(.seconds(30))
                #expect(after.layer.exposure(of: Rig.symbol).buying == (isDone ? 4 : 1))
                machine.storage.crash()

                let last = try machine.boot()
                #expect(last.layer.exposure(of: Rig.symbol).buying == (isDone ? 4 : 1))
                try await last.start(position: 0)
                #expect(last.layer.exposure(of: Rig.symbol).buying == (isDone ? 4 : 1))
            }
        }
    }

    @Test func anAmendOfAStrangersOrderCountsFromWhenTheOrderDoes() throws {
        try Self.run { machine in
            machine.base.update { $0.orders.append(Self.stranger) }
            let before = try machine.boot()
            try await before.start(position: 0)
            before.script.next(.amend, .fail(.reset))
            let amend = AmendRequest(target: .venue("S1"), symbol: Rig.symbol, quantity: 7)
            _ = try? await before.broker.amend(amend)
            #expect(before.layer.exposure(of: Rig.symbol).buying == 7)
            machine.storage.crash()
            before.script.always(.query, .arriveLate(.seconds(3_000)))

            let after = try machine.boot()
            try await after.start(position: 0)
            #expect(after.layer.exposure(of: Rig.symbol).buying == 7)
            try await after.pass(.seconds(30))
            #expect(after.layer.exposure(of: Rig.symbol).buying == 2)
        }
    }

    private static let stranger = Order(
        venueID: "S1", clientID: "theirs", symbol: Rig.symbol, side: .buy, quantity: 2, type: .limit(price: 100),
        status: .working)

    @Test func anAmendThatCannotBeWrittenDownIsNotSent() throws {
        try Self.run { machine in
            let rig = try machine.boot()
            let order = try await rig.broker.place(Rig.buy("a"))
            machine.storage.setBroken(true)
            let error = await #expect(throws: GuardError.self) {
                try await rig.broker.amend(
                    AmendRequest(
                        target: .client(try #require(order.clientID)), symbol: Rig.symbol, quantity: 4))
            }
            #expect(error?.code == .notSaved)
            #expect(rig.script.attempts(of: .amend) == 0)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 1)
            machine.storage.setBroken(false)
            try await rig.pass(.seconds(10))
        }
    }

    @Test func alertsAreNeitherToldAgainNorForgotten() throws {
        try Self.run { machine in
            let before = try machine.boot()
            let heard = Heard()
            try before.layer.alerts.register(heard)
            before.layer.kill(reason: "enough")
            try await before.pass(.seconds(2))
            #expect(heard.lines == ["begin kill_switch"])
            machine.storage.crash()

            let after = try machine.boot()
            let hearsOn = Heard()
            try after.layer.alerts.register(hearsOn)
            try await after.start(position: 0)
            try await after.pass(.seconds(2))
            #expect(hearsOn.lines.isEmpty)
            after.layer.releaseKill()
            try await after.pass(.seconds(2))
            #expect(hearsOn.lines == ["end kill_switch"])
            machine.storage.crash()

            let last = try machine.boot()
            let silent = Heard()
            try last.layer.alerts.register(silent)
            try await last.start(position: 0)
            try await last.pass(.seconds(2))
            #expect(silent.lines.isEmpty)
        }
    }

    @Test func aSinkHearsWhatBeganBeforeThereWasOne() throws {
        try Self.run { machine in
            _ = try machine.boot()
            machine.storage.damage(at: 3)
            let halted = try machine.boot()
            let heard = Heard()
            try halted.layer.alerts.register(heard)
            try await halted.pass(.seconds(1))
            #expect(heard.lines == ["begin state_unreadable"])
        }
    }

    /// Random histories: what every intent came to, what counts, and what restricts is the same after a restart.
    @Test func whatIsKnownIsTheSameAfterARestart() throws {
        try Self.run { machine in
            let before = try machine.boot()
            try await before.start(position: 0)
            let random = machine.environment.random
            var requests: [OrderRequest] = []
            for number in 0..<12 {
                let request = try Rig.buy(IntentID("i\(number)"), "\(1 + random.next() % 3)")
                switch random.next() % 6 {
                case 0: before.script.next(.place, .fail(.answered("-2019")))
                case 1: before.script.next(.place, .lose(.reset))
                case 2: before.script.next(.place, .fail(.refused))
                default: break
                }
                requests.append(request)
                let order = try? await before.broker.place(request)
                if random.next() % 3 == 0, let clientID = order?.clientID {
                    _ = try await before.broker.cancel(.client(clientID), symbol: Rig.symbol)
                }
                switch random.next() % 8 {
                case 0: try before.layer.pause(.strategy(StrategyID("s\(number)")), reason: "test")
                case 1: before.layer.kill(.symbol(Symbol("OTHER\(number)")), reason: "test")
                case 2: before.layer.releaseKill(.symbol(Symbol("OTHER\(number - 1)")))
                default: break
                }
            }
            try await before.pass(.seconds(60))
            let known = requests.map { before.broker.known($0) }
            let exposure = before.layer.exposure(of: Rig.symbol)
            let causes = before.layer.status.causes.map(\.cause.record)
            machine.storage.crash()

            let after = try machine.boot()
            #expect(requests.map { after.broker.known($0) } == known)
            #expect(after.layer.exposure(of: Rig.symbol).buying == exposure.buying)
            #expect(after.layer.status.causes.map(\.cause.record) == causes)
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
