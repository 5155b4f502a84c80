import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@Suite struct PermissionCoreTests {
    private let origins: [OrderOrigin] = [
        OrderOrigin(),
        OrderOrigin(symbol: "A"),
        OrderOrigin(symbol: "B", strategy: "s"),
        OrderOrigin(symbol: "A", strategy: "s", account: "x"),
    ]

    @Test func randomHistoriesAgreeWithANaiveListOfCausesAtEveryInstant() {
        let scopes: [CauseScope] = [
            .global, .account(nil), .account("x"), .symbol("A"), .symbol("B"), .strategy("s"),
        ]
        let ids: [CauseID] = ["p", "q"]
        for seed in UInt64(0)..<16 {
            var random = SeededGenerator(seed: seed, stream: "causes")
            var core = PermissionCore()
            var naive = NaiveCauses()
            var reader = ChangeReader()
            var now: Int64 = 0
            for _ in 0..<30 {
                now += Int64(random.below(4))
                let instant = MonotonicInstant(nanoseconds: now)
                let key = CauseKey(pick(ids, &random), scope: pick(scopes, &random))
                let version = core.version
                var event: NaiveCauses.Event?
                let changes: [PermissionChange]
                switch random.below(8) {
                case 0...4:
                    let level = pick(Permission.allCases, &random)
                    let end = MonotonicInstant(nanoseconds: now + Int64(random.below(12)) - 2)
                    let release = pick([Release.at(end), .at(end), .whenCleared, .byHand], &random)
                    event = .raise(key, level, release)
                    changes = core.raise(key, level: level, release: release, code: "c", message: "m", now: instant)
                    if level == .open { event = nil }
                case 5:
                    event = .clear(key)
                    changes = core.clear(key, now: instant)
                case 6:
                    event = .release(key)
                    changes = core.release(key, now: instant)
                default: changes = core.expire(now: instant)
                }
                if let event { naive.history.append((now, event)) }
                reader.read(changes)
                #expect(core.version == version + UInt64(changes.count))
                #expect(changes.map(\.at) == changes.map(\.at).sorted())
                for future in stride(from: 0, through: 14, by: 2) {
                    let later = MonotonicInstant(nanoseconds: now + Int64(future))
                    for origin in origins {
                        let expected = naive.effective(for: origin, at: later.nanoseconds)
                        let answers = (
                            core.effective(for: origin, now: later), reader.effective(for: origin, at: later)
                        )
                        if answers != (expected, expected) {
                            Issue.record("seed \(seed) at \(later): \(answers), expected \(expected)")
                        }
                    }
                }
            }
            #expect(!reader.hasHole)
        }
    }

    @Test func everyShortHistoryOfTwoCausesAgreesWithTheNaiveList() {
        let keys = [CauseKey("p"), CauseKey("q", scope: .symbol("A"))]
        explore(PermissionCore(), NaiveCauses(), keys: keys, at: 0, depth: 3)
        explore(PermissionCore(), NaiveCauses(), keys: [keys[0]], at: 0, depth: 4)
    }

    private func explore(_ core: PermissionCore, _ naive: NaiveCauses, keys: [CauseKey], at now: Int64, depth: Int) {
        for ahead in 0...3 {
            let later = MonotonicInstant(nanoseconds: now + Int64(ahead))
            for origin in [OrderOrigin(), OrderOrigin(symbol: "A")] {
                let expected = naive.effective(for: origin, at: later.nanoseconds)
                if core.effective(for: origin, now: later) != expected {
                    Issue.record("history \(naive.history) at \(later): expected \(expected)")
                }
            }
        }
        guard depth > 0 else { return }
        let instant = MonotonicInstant(nanoseconds: now)
        for key in keys {
            for level in [Permission.reduceOnly, .cancelOnly] {
                for release in [Release.at(instant.advanced(by: .nanoseconds(2))), .whenCleared, .byHand] {
                    var (core, naive) = (core, naive)
                    let before = core
                    _ = core.raise(key, level: level, release: release, code: "c", message: "m", now: instant)
                    naive.history.append((now, .raise(key, level, release)))
                    for ahead in 0...3 {
                        let later = MonotonicInstant(nanoseconds: now + Int64(ahead))
                        let origin = OrderOrigin(symbol: "A")
                        if core.effective(for: origin, now: later) > before.effective(for: origin, now: later) {
                            Issue.record("raising loosened after \(naive.history)")
                        }
                    }
                    explore(core, naive, keys: keys, at: now, depth: depth - 1)
                }
            }
            var cleared = (core, naive)
            _ = cleared.0.clear(key, now: instant)
            cleared.1.history.append((now, .clear(key)))
            explore(cleared.0, cleared.1, keys: keys, at: now, depth: depth - 1)
            var released = (core, naive)
            _ = released.0.release(key, now: instant)
            released.1.history.append((now, .release(key)))
            explore(released.0, released.1, keys: keys, at: now, depth: depth - 1)
        }
        explore(core, naive, keys: keys, at: now + 1, depth: depth - 1)
    }

    @Test func expiriesComeInTheOrderInWhichTheyBecameTrueWithThatInstant() {
        var core = PermissionCore()
        for (id, end) in [("c", 30), ("a", 20), ("b", 20), ("d", 99)] {
            _ = core.raise(
                CauseKey(CauseID(id)), level: .reduceOnly, release: .at(MonotonicInstant(nanoseconds: Int64(end))),
                code: "c", message: "m", now: .origin)
        }
        #expect(core.nextExpiry == MonotonicInstant(nanoseconds: 20))
        let changes = core.expire(now: MonotonicInstant(nanoseconds: 50))
        #expect(changes.map(\.cause.key.id) == ["a", "b", "c"])
        #expect(changes.map(\.at.nanoseconds) == [20, 20, 30])
        #expect(changes.allSatisfy { $0.event == .expired })
        #expect(core.nextExpiry == MonotonicInstant(nanoseconds: 99))
    }

    @Test func raisingWithoutEffectIsNoChangeButKeepsItsEvidence() {
        var core = PermissionCore()
        _ = core.raise(
            CauseKey("p"), level: .cancelOnly, release: .byHand, code: "a", message: "first", evidence: ["one"],
            now: .origin)
        let version = core.version
        let changes = core.raise(
            CauseKey("p"), level: .reduceOnly, release: .whenCleared, code: "b", message: "second",
            evidence: ["two"], now: .origin)
        #expect(changes.isEmpty)
        #expect(core.version == version)
        let cause = core.causes[CauseKey("p")]
        #expect(cause?.level == .cancelOnly)
        #expect(cause?.release == .byHand)
        #expect(cause?.message == "first")
        #expect(cause?.evidence == ["one", "second", "two"])
    }

    @Test func evidenceOfAnEndlessCauseStaysBounded() {
        var core = PermissionCore()
        for index in 0..<1_000 {
            _ = core.raise(
                CauseKey("p"), level: .reduceOnly, release: .whenCleared, code: "a", message: "m",
                evidence: ["\(index)"], now: .origin)
        }
        let evidence = core.causes[CauseKey("p")]?.evidence ?? []
        #expect(evidence.count == Cause.evidenceLimit)
        #expect(evidence.first == "0")
        #expect(evidence.last == "999")
    }

    @Test func aStayHasOneIdAndALaterStayOrBootAnother() {
        var core = PermissionCore(boot: 1)
        func raise(_ core: inout PermissionCore, level: Permission) -> [String] {
            core.raise(CauseKey("p"), level: level, release: .byHand, code: "a", message: "m", now: .origin).map(\.id)
        }
        let first = raise(&core, level: .reduceOnly)
        let extended = raise(&core, level: .cancelOnly)
        let ended = core.release(CauseKey("p"), now: .origin).map(\.id)
        let second = raise(&core, level: .reduceOnly)
        var rebooted = PermissionCore(boot: 2)
        let third = raise(&rebooted, level: .reduceOnly)
        #expect(first == extended && first == ended)
        #expect(Set(first + second + third).count == 3)
    }

    @Test func anInstantThatGoesBackIsTakenForTheLatestSeen() {
        var core = PermissionCore()
        _ = core.raise(
            CauseKey("p"), level: .reduceOnly, release: .at(MonotonicInstant(nanoseconds: 10)), code: "a",
            message: "m", now: .origin)
        #expect(core.expire(now: MonotonicInstant(nanoseconds: 10)).count == 1)
        #expect(core.effective(for: OrderOrigin(), now: MonotonicInstant(nanoseconds: 3)) == .open)
        let changes = core.raise(
            CauseKey("p"), level: .reduceOnly, release: .at(MonotonicInstant(nanoseconds: 9)), code: "a",
            message: "m", now: MonotonicInstant(nanoseconds: 5))
        #expect(changes.isEmpty)
    }

    private func pick<Element>(_ elements: [Element], _ random: inout SeededGenerator) -> Element {
        elements[Int(random.below(UInt64(elements.count)))]
    }
}
