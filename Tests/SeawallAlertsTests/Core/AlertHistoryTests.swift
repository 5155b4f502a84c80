import SeawallTime
import Testing

@testable import SeawallAlerts

/// Random histories, against a model that replays the list of all events.
@Suite struct AlertHistoryTests {
    private static func moment(_ seconds: Int64) -> AlertCore.Moment {
        AlertCore.Moment(
            at: MonotonicInstant(nanoseconds: seconds * 1_000_000_000),
            civil: CivilInstant(millisecondsSinceEpoch: seconds * 1_000))
    }

    private static func configuration(_ seed: UInt64) -> AlertConfiguration {
        AlertConfiguration(
            reminderAfter: .seconds(10), longestReminderWait: .seconds(35), flapCount: seed % 4 == 0 ? 0 : 3,
            flapWindow: .seconds(60), flapCalm: .seconds(20), acknowledgeFrom: seed % 3 == 0 ? .error : nil,
            historyLimit: 1_000, queueLimit: 1_000)
    }

    /// What the histories reached, so that a change of the odds does not make the test empty.
    private struct Reached {
        var flapping = 0
        var calmEnds = 0
        var acknowledged = 0
    }

    private static func run(_ seed: UInt64, _ reached: inout Reached) {
        var random = SeededGenerator(seed: seed, stream: "alerts")
        let configuration = configuration(seed)
        var core = AlertCore(configuration)
        core.append(SinkQueue(id: 1, name: "all", minimumSeverity: .info, limit: configuration.queueLimit))
        var model = AlertModel(configuration)
        var heard: [AlertModel.Told] = []
        var now: Int64 = 0
        for step in 0..<80 {
            now += Int64(random.below(random.below(8) == 0 ? 80 : 8))
            let at = moment(now)
            let key = ["a", "b", "c"][Int(random.below(3))]
            var answer: [Alert]?
            switch random.below(12) {
            case 0..<5:
                let severity = AlertSeverity.allCases[Int(random.below(4))]
                let report = AlertCore.Report(severity: severity, code: "c", message: "m", causes: [], scope: "global")
                answer = core.begin(key, report, at).map { [$0] } ?? []
                model.apply(.begin(key, severity), at: now)
            case 5..<9:
                answer = core.end(key, at).map { [$0] } ?? []
                model.apply(.end(key), at: now)
            case 9:
                let open = core.open(at)
                guard !open.isEmpty else { continue }
                let id = open[Int(random.below(UInt64(open.count)))].episode
                let isKnown = core.acknowledge(id, by: "ann")
                #expect(isKnown)
                model.apply(.acknowledge(id), at: now)
                reached.acknowledged += 1
            default:
                answer = core.remind(at)
                model.apply(.remind, at: now)
            }
            let place: Comment = "seed \(seed), step \(step)"
            if let answer { #expect(answer.map(AlertModel.Told.init) == model.answer, place) }
            #expect(core.history().map(AlertModel.Told.init) == model.history, place)
            #expect(core.nextReminder?.nanoseconds == model.nextDue.map { $0 * 1_000_000_000 }, place)
            while let alert = core.queues[0].next() {
                #expect(alert.civil == moment(alert.at.nanoseconds / 1_000_000_000).civil, place)
                heard.append(AlertModel.Told(alert))
                core.queues[0].settle(succeeded: true)
            }
            #expect(heard == model.heard, place)
            reached.flapping += model.flappingCount
        }
        reached.calmEnds += heard.count { $0.isFlapping && $0.event == .end }
    }

    @Test func randomHistoriesAgreeWithANaiveModel() {
        var reached = Reached()
        for seed in 0..<48 as Range<UInt64> { Self.run(seed, &reached) }
        #expect(reached.flapping > 100)
        #expect(reached.calmEnds > 10)
        #expect(reached.acknowledged > 50)
    }
}
