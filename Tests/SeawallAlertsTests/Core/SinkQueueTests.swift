import SeawallTime
import Testing

@testable import SeawallAlerts

@Suite struct SinkQueueTests {
    private func alert(_ episode: String, _ event: AlertEvent, _ severity: AlertSeverity = .error) -> Alert {
        Alert(
            episode: episode, event: event, severity: severity, code: "c", message: "m", at: .origin,
            civil: CivilInstant(nanosecondsSinceEpoch: 0))
    }

    private func drain(_ queue: inout SinkQueue) -> [String] {
        var heard: [String] = []
        while let alert = queue.next() {
            heard.append("\(alert.episode) \(alert.event.rawValue)")
            queue.settle(succeeded: true)
        }
        return heard
    }

    @Test func episodesBelowTheMinimumAreNotHeardAtAll() {
        var queue = SinkQueue(id: 1, name: "q", minimumSeverity: .error, limit: 10)
        queue.offer(alert("1", .begin, .warning))
        queue.offer(alert("1", .remind, .warning))
        queue.offer(alert("1", .end, .warning))
        #expect(queue.callCourier() == false)
        #expect(queue.status.dropped == 0)
    }

    @Test func anEpisodeThatRisesToTheMinimumBeginsForTheSink() {
        var queue = SinkQueue(id: 1, name: "q", minimumSeverity: .error, limit: 10)
        queue.offer(alert("1", .begin, .warning))
        queue.offer(alert("1", .remind, .critical))
        queue.offer(alert("1", .remind, .critical))
        queue.offer(alert("1", .end, .critical))
        #expect(drain(&queue) == ["1 begin", "1 remind", "1 end"])
    }

    @Test func aFullQueueDropsBeginsAndRemindersButNeverAnEnd() {
        var queue = SinkQueue(id: 1, name: "q", minimumSeverity: .info, limit: 2)
        queue.offer(alert("1", .begin))
        queue.offer(alert("2", .begin))
        queue.offer(alert("3", .begin))
        queue.offer(alert("1", .remind))
        queue.offer(alert("1", .end))
        queue.offer(alert("2", .end))
        queue.offer(alert("3", .end))
        #expect(queue.status.dropped == 2)
        #expect(queue.status.waiting == 4)
        #expect(drain(&queue) == ["1 begin", "2 begin", "1 end", "2 end"])
        #expect(queue.status.delivered == 4)
    }

    @Test func oneCourierAtATimeIsCalled() {
        var queue = SinkQueue(id: 1, name: "q", minimumSeverity: .info, limit: 2)
        #expect(queue.callCourier() == false)
        queue.offer(alert("1", .begin))
        #expect(queue.callCourier() == true)
        #expect(queue.callCourier() == false)
        #expect(queue.next() != nil)
        #expect(queue.status.waiting == 1)
        queue.offer(alert("2", .begin))
        #expect(queue.callCourier() == false)
        queue.settle(succeeded: false)
        #expect(queue.next() != nil)
        queue.settle(succeeded: true)
        #expect(queue.next() == nil)
        #expect(queue.status.waiting == 0)
        #expect(queue.status.failed == 1)
        queue.offer(alert("3", .begin))
        #expect(queue.callCourier() == true)
    }

    /// Whatever is dropped, a sink hears of an episode: one begin first, then reminders, one end last if it ended.
    @Test(arguments: 0..<60) func whatASinkHearsIsAlwaysWhole(seed: UInt64) {
        var random = SeededGenerator(seed: seed, stream: "queue")
        var queue = SinkQueue(id: 1, name: "q", minimumSeverity: .warning, limit: 3)
        var open: [String] = []
        var ended: Set<String> = []
        var heard: [Alert] = []
        var count = 0
        for _ in 0..<200 {
            switch random.below(6) {
            case 0, 1:
                count += 1
                open.append("\(count)")
                queue.offer(alert("\(count)", .begin, AlertSeverity.allCases[Int(random.below(4))]))
            case 2 where !open.isEmpty:
                queue.offer(alert(open[Int(random.below(UInt64(open.count)))], .remind, .error))
            case 3 where !open.isEmpty:
                let episode = open.remove(at: Int(random.below(UInt64(open.count))))
                ended.insert(episode)
                queue.offer(alert(episode, .end))
            case 4, 5:
                if let alert = queue.next() {
                    heard.append(alert)
                    queue.settle(succeeded: random.chance(0.5))
                }
            default:
                break
            }
        }
        while let alert = queue.next() {
            heard.append(alert)
            queue.settle(succeeded: true)
        }
        for (episode, alerts) in Dictionary(grouping: heard, by: \.episode) {
            let events = alerts.map(\.event)
            #expect(events.first == .begin, "seed \(seed), episode \(episode)")
            #expect(events.filter { $0 == .begin }.count == 1, "seed \(seed), episode \(episode)")
            #expect(events.filter { $0 == .end }.count == (ended.contains(episode) ? 1 : 0), "seed \(seed), \(episode)")
            #expect(!events.dropLast().contains(.end), "seed \(seed), episode \(episode)")
        }
        #expect(queue.status.delivered + queue.status.failed == heard.count)
        #expect(queue.accepted == queue.settled)
        #expect(heard.count > 10)
    }
}
