import Seawall
import SeawallChaos
import SeawallTime
import Testing

/// P6: a latch is safe before anything is told or answered because of it, and a disk that fails or hangs stops no cancel.
@Suite struct LatchOrderTests {
    /// What happened, in order: what became safe, what was told, what returned.
    private final class Story: Sendable {
        private let lines = Lock([String]())

        func tell(_ line: String) { lines.withLock { $0.append(line) } }

        func index(of text: String) -> Int? { lines.withLock { lines in lines.firstIndex { $0.contains(text) } } }
    }

    private struct Sink: AlertSink {
        let name = "story"
        let story: Story

        func deliver(_ alert: Alert) async throws {
            story.tell("\(alert.event.rawValue) \(alert.code) \(alert.causes)")
        }
    }

    @Test func whatIsLatchedIsSafeBeforeAnybodyHears() throws {
        for seed in 0..<4 as Range<UInt64> {
            let report = try Simulation(seed: seed).run(for: .seconds(100)) { world in
                let story = Story()
                let storage = MemoryStorage { story.tell("safe " + String(decoding: $0, as: UTF8.self)) }
                let rig = try Rig(world.environment, journal: storage)
                try rig.layer.alerts.register(Sink(story: story))
                rig.layer.kill(reason: "enough")
                story.tell("answer: killed")
                try rig.layer.pause(.symbol(Rig.symbol), for: .seconds(20), reason: "test")
                story.tell("answer: paused")
                rig.script.next(.place, .fail(.banned(seconds: 9)))
                rig.layer.releaseKill()
                rig.layer.resume(.symbol(Rig.symbol))
                _ = try await rig.failure(of: Rig.buy("a"))
                story.tell("answer: banned")
                try await rig.pass(.seconds(1))
                for (code, answer) in [
                    ("kill_switch", "killed"), ("operator_pause", "paused"), ("venue_ban", "banned"),
                ] {
                    let safe = try #require(story.index(of: "\"code\":\"\(code)\""))
                    let told = try #require(story.index(of: "begin \(code)"))
                    let answered = try #require(story.index(of: "answer: \(answer)"))
                    #expect(safe < told && safe < answered, "\(code): safe \(safe), told \(told), answered \(answered)")
                }
            }
            #expect(report.isClean, "\(report)")
        }
    }

    @Test func anIntentIsSafeBeforeItIsHandedOver() throws {
        let report = try Simulation(seed: 1).run(for: .seconds(100)) { world in
            let attempts = Lock([Int]())
            let script = Lock(ScriptedBroker?.none)
            let storage = MemoryStorage { bytes in
                guard String(decoding: bytes, as: UTF8.self).contains("\"kind\":\"intent\"") else { return }
                attempts.withLock { $0.append(script.withLock { $0?.attempts(of: .place) } ?? 0) }
            }
            let rig = try Rig(world.environment, journal: storage)
            script.withLock { $0 = rig.script }
            for number in 0..<5 { _ = try await rig.broker.place(Rig.buy(IntentID("i\(number)"))) }
            #expect(attempts.withLock { $0 } == [0, 1, 2, 3, 4])
        }
        #expect(report.isClean, "\(report)")
    }

    @Test func aDiskThatFailsHoldsUpNoAlertAndNoLatch() throws {
        let report = try Simulation(seed: 1).run(for: .seconds(100)) { world in
            let story = Story()
            let storage = MemoryStorage()
            let rig = try Rig(world.environment, journal: storage)
            try rig.layer.alerts.register(Sink(story: story))
            storage.setBroken(true)
            let began = rig.time.now
            rig.layer.kill(reason: "enough")
            #expect(rig.layer.status.global == .cancelOnly)
            try await rig.pass(.milliseconds(1))
            #expect(story.index(of: "begin kill_switch") != nil)
            #expect(story.index(of: "begin state_unwritable") != nil)
            #expect(began.duration(to: rig.time.now) == .milliseconds(1))
            storage.setBroken(false)
            try await rig.pass(.seconds(6))
            #expect(storage.text.contains("\"code\":\"kill_switch\""))
            #expect(story.index(of: "end state_unwritable") != nil)
        }
        #expect(report.isClean, "\(report)")
    }
}
