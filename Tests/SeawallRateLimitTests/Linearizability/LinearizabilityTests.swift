import SeawallTestSupport
import SeawallTime
import Synchronization
import Testing

@testable import SeawallRateLimit

/// What real threads see of a limiter, while time moves, is what one caller could have seen who does all of it alone.
@Suite(.serialized) struct LinearizabilityTests {
    private typealias Step = LimiterCall.Step
    private typealias Record = OrderSearch.Record

    private static let threads = 3
    private static let calls = 4
    private static let rounds = 400

    /// Histories of a limiter each, with what it says of itself at the end.
    private static func histories(_ scene: LimiterScene) async throws -> [[Record]] {
        let worlds = try (0..<rounds).map { _ in
            let time = HesitantTime()
            let limiter = try RateLimiter(
                configuration: scene.configuration, environment: RuntimeEnvironment(time: time))
            return LimiterCaller(limiter, try limiter.prepare(scene.prepared, lane: "low"), time.time)
        }
        let start = Rendezvous(threads)
        let ticks = Ticks()
        let parts = await Crew.results(threads) { thread in
            var random = SeededGenerator(seed: UInt64(thread), stream: "\(scene)")
            return worlds.enumerated().map { round, world in
                let program = scene.program(thread: thread, length: calls, random: &random)
                var caller = world
                start.meet(round: round)
                return program.enumerated().map { number, call in
                    ticks.record(call, as: Step(thread: thread, number: number), by: &caller)
                }
            }
        }
        return worlds.enumerated().map { round, world in
            var last = world
            let end = ticks.record(.status(withRefusals: true), as: Step(thread: threads, number: 0), by: &last)
            return parts.flatMap { $0[round] } + [end]
        }
    }

    private final class Ticks: Sendable {
        private let count = Atomic<Int>(0)

        func record(_ call: LimiterCall, as step: Step, by caller: inout LimiterCaller) -> Record {
            let began = count.add(1, ordering: .sequentiallyConsistent).newValue
            let answer = caller.perform(call, as: step)
            let ended = count.add(1, ordering: .sequentiallyConsistent).newValue
            return Record(step: step, call: call, answer: answer, began: began, ended: ended)
        }
    }

    @Test(arguments: LimiterScene.allCases)
    func whatThreadsSeeIsExplainedByOneOrderOfTheirCalls(scene: LimiterScene) async throws {
        let replay = try LimiterReplay(scene.configuration)
        for history in try await Self.histories(scene) {
            #expect(OrderSearch(history: history).order(explainedBy: replay) != nil, "\(history)")
        }
    }

    // MARK: That it can fail

    @Test(arguments: LimiterScene.allCases)
    func aReplayThatDoesSomethingWrongIsRefuted(scene: LimiterScene) async throws {
        let histories = try await Self.histories(scene)
        for fault in LimiterReplay.Fault.allCases {
            let replay = try LimiterReplay(scene.configuration, fault: fault)
            #expect(
                histories.contains { OrderSearch(history: $0).order(explainedBy: replay) == nil }, "\(fault)")
        }
    }

    /// A history by hand: what each call saw, and between which ticks.
    private func order(
        _ calls: [(call: LimiterCall, answer: LimiterCall.Answer, began: Int, ended: Int)]
    ) throws -> [Int]? {
        let history = calls.enumerated().map { number, call in
            Record(
                step: Step(thread: number, number: 0), call: call.call, answer: call.answer, began: call.began,
                ended: call.ended)
        }
        let replay = try LimiterReplay(LimiterScene.windows.configuration)
        return OrderSearch(history: history).order(explainedBy: replay)?.map(\.thread)
    }

    private let most = LimiterCall.tryAcquire(["a": 4], lane: "high", scopes: [], isPrepared: false)
    private let granted = LimiterCall.Answer.granted(.origin)

    @Test func moreThanThereIsIsRefutedHoweverCallsOverlap() throws {
        #expect(try order([(most, granted, 1, 4), (most, granted, 2, 3)]) == nil)
    }

    @Test func whatEndedBeforeACallBeganIsSeenByIt() throws {
        let shut = LimiterCall.gate("ip", until: MonotonicInstant(nanoseconds: 50))
        #expect(try order([(shut, .done, 1, 2), (most, granted, 3, 4)]) == nil)
        #expect(try order([(shut, .done, 1, 3), (most, granted, 2, 4)]) == [1, 0])
    }

    @Test func timeIsReadWhileACallIsUnderWay() throws {
        let later = MonotonicInstant(nanoseconds: 7)
        let move = LimiterCall.moveTime(to: later)
        #expect(try order([(move, .done, 1, 2), (most, granted, 3, 4)]) == nil)
        #expect(try order([(move, .done, 1, 2), (most, .granted(later), 3, 4)]) == [0, 1])
        #expect(try order([(most, granted, 1, 3), (move, .done, 2, 4)]) == [0, 1])
        #expect(try order([(most, .granted(later), 1, 3), (move, .done, 2, 4)]) == [1, 0])
    }
}
