import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct PrioritySchedulingTests {
    @Test func theListGivesTheHighestFirstAndOfEqualOnesTheOldest() {
        for seed in 0..<200 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed, stream: "list")
            var list = PriorityList<Int>()
            var model: [(job: Int, priority: UInt64)] = []
            for job in 0..<60 {
                switch generator.below(4) {
                case 0, 1:
                    let priority = generator.below(6)
                    list.append(job, task: job, priority: priority)
                    model.append((job, priority))
                case 2:
                    let best = model.indices.max { (model[$0].priority, -$0) < (model[$1].priority, -$1) }
                    #expect(list.takeFirst()?.job == best.map { model.remove(at: $0).job })
                default:
                    guard !model.isEmpty else { continue }
                    let taken = list.take(at: Int(generator.below(UInt64(model.count))))
                    let place = model.firstIndex { $0.job == taken?.job }
                    #expect(place != nil)
                    if let place { model.remove(at: place) }
                }
                #expect(list.count == model.count)
            }
            #expect(list.take(at: list.count) == nil)
        }
    }

    @Test func aTaskKeepsItsPriorityAndFallsAtItsChangePoint() {
        for seed in 0..<100 as Range<UInt64> {
            var schedule = PrioritySchedule<String>(
                depth: 1, steps: 10, generator: SeededGenerator(seed: seed, stream: "priorities"))
            // Without a change point one of two tasks has all its turns before the other.
            schedule.append("a", id: 1)
            schedule.append("b", id: 2)
            let first = schedule.takeNext()?.job
            schedule.append(first ?? "", id: first == "a" ? 1 : 2)
            #expect(schedule.takeNext()?.job == first)
            #expect(schedule.takeNext()?.job != first)
            #expect(schedule.takeNext()?.job == nil)

            // A change point at the first step makes the better one wait for the other.
            var falling = PrioritySchedule<String>(
                depth: 2, steps: 1, generator: SeededGenerator(seed: seed, stream: "priorities"))
            falling.append("a", id: 1)
            falling.append("b", id: 2)
            let low = falling.takeNext()?.job
            falling.append(low ?? "", id: low == "a" ? 1 : 2)
            #expect(falling.takeNext()?.job == low)
        }
    }

    @Test func aJobWithoutATaskGoesByTheOneThatAsksForIt() {
        for seed in 0..<100 as Range<UInt64> {
            var schedule = PrioritySchedule<String>(
                depth: 1, steps: 10, generator: SeededGenerator(seed: seed, stream: "priorities"))
            schedule.append("a", id: 1)
            schedule.append("b", id: 2)
            let first = schedule.takeNext()?.job
            schedule.append("turn", id: nil)
            #expect(schedule.takeNext()?.job == "turn")
            #expect(schedule.takeNext()?.job != first)
        }
    }

    @Test(arguments: [SimulationScheduling.random, .fifo, .pct(depth: 3)])
    func everyScheduleGivesTheSameBytesAgain(_ scheduling: SimulationScheduling) throws {
        for seed in 0..<10 as Range<UInt64> {
            let simulation = try Simulation(
                seed: seed, configuration: .init(scheduling: scheduling, yieldsPerMille: 200))
            let runs = (0..<2).map { _ in simulation.run(AsyncZoo.visit) }
            #expect(runs[0].isClean, "\(runs[0])")
            #expect(runs[0].hash == runs[1].hash)
            #expect(runs[0].steps == runs[1].steps)
        }
    }

    @Test func aTaskThatYieldsUntilAnotherIsDoneEndsUnderPriorities() throws {
        for seed in 0..<20 as Range<UInt64> {
            let done = Recorder<Int>()
            let run = try Simulation(
                seed: seed, configuration: .init(scheduling: .pct(depth: 1), stepsPerInstantLimit: 20_000)
            ).run { _ in
                await withTaskGroup { group in
                    group.addTask { while done.values.isEmpty { await Task.yield() } }
                    group.addTask { done.append(1) }
                }
            }
            #expect(run.isClean, "\(run)")
        }
    }

    @Test func yieldsAreDrawnAsOftenAsAsked() throws {
        func steps(_ perMille: Int) throws -> Int {
            let run = try Simulation(seed: 1, configuration: .init(yieldsPerMille: perMille)).run { world in
                for _ in 0..<1_000 { await world.interleave() }
            }
            #expect(run.isClean)
            return run.steps
        }
        let none = try steps(0)
        #expect(try steps(1_000) == none + 2_000)
        let some = try steps(250) - none
        #expect((400...600).contains(some), "\(some)")
    }

    // MARK: How often each schedule finds a planted order

    /// Tasks that each take some steps; it is a bug if one of them takes its first only after the other took its last.
    private func findsLateStart(_ seed: UInt64, _ scheduling: SimulationScheduling) throws -> Bool {
        let order = Recorder<String>()
        let run = try Simulation(seed: seed, configuration: .init(scheduling: scheduling)).run { _ in
            await withTaskGroup { group in
                group.addTask {
                    for _ in 0..<12 { await Task.yield() }
                    order.append("destroyed")
                }
                group.addTask { order.append("used") }
                for _ in 0..<3 { group.addTask { for _ in 0..<12 { await Task.yield() } } }
            }
        }
        #expect(run.isClean)
        return order.values == ["destroyed", "used"]
    }

    /// It is a bug if between a check and the act that goes by it another task changes what was checked: depth 2.
    private func findsChangeBetween(_ seed: UInt64, _ scheduling: SimulationScheduling) throws -> Bool {
        let changed = Shared(false)
        let seen = Recorder<Bool>()
        let run = try Simulation(seed: seed, configuration: .init(scheduling: scheduling)).run { _ in
            await withTaskGroup { group in
                group.addTask {
                    for _ in 0..<4 { await Task.yield() }
                    let checked = changed.value
                    for _ in 0..<3 { await Task.yield() }
                    seen.append(!checked && changed.value)
                }
                group.addTask {
                    for _ in 0..<24 { await Task.yield() }
                    changed.value = true
                }
                for _ in 0..<2 { group.addTask { for _ in 0..<8 { await Task.yield() } } }
            }
        }
        #expect(run.isClean)
        return seen.values.contains(true)
    }

    /// It is a bug if the check comes after the first of two changes that lie far apart, and the act after the second:
    /// depth 3.
    private func findsBothChanges(_ seed: UInt64, _ scheduling: SimulationScheduling) throws -> Bool {
        let state = Shared(0)
        let seen = Recorder<Bool>()
        let run = try Simulation(seed: seed, configuration: .init(scheduling: scheduling)).run { _ in
            await withTaskGroup { group in
                group.addTask {
                    for _ in 0..<4 { await Task.yield() }
                    let checked = state.value
                    for _ in 0..<3 { await Task.yield() }
                    seen.append(checked == 1 && state.value == 2)
                }
                group.addTask {
                    for _ in 0..<12 { await Task.yield() }
                    state.value = 1
                    for _ in 0..<24 { await Task.yield() }
                    state.value = 2
                }
                for _ in 0..<2 { group.addTask { for _ in 0..<8 { await Task.yield() } } }
            }
        }
        #expect(run.isClean)
        return seen.values.contains(true)
    }

    private func rate(
        _ scheduling: SimulationScheduling, of finds: (UInt64, SimulationScheduling) throws -> Bool
    ) rethrows -> Int {
        try (0..<300 as Range<UInt64>).count { try finds($0, scheduling) }
    }

    @Test func depthOneIsFoundByPrioritiesAloneAndHardlyByChance() throws {
        let fifo = try rate(.fifo, of: findsLateStart)
        let random = try rate(.random, of: findsLateStart)
        let priorities = try rate(.pct(depth: 1, steps: 110), of: findsLateStart)
        #expect(fifo == 0)
        // Found with 1 / n at the least, n being 6 tasks.
        #expect(priorities >= 300 / 6, "\(priorities)")
        #expect(priorities > 5 * random, "\(priorities) against \(random)")
    }

    @Test func depthTwoNeedsOneChangePoint() throws {
        let fifo = try rate(.fifo, of: findsChangeBetween)
        let random = try rate(.random, of: findsChangeBetween)
        let shallow = try rate(.pct(depth: 1, steps: 110), of: findsChangeBetween)
        let deep = try rate(.pct(depth: 2, steps: 110), of: findsChangeBetween)
        #expect(fifo == 0)
        #expect(shallow == 0)
        #expect(deep >= 2 && deep > 2 * random, "\(deep) against \(random)")
    }

    @Test func depthThreeNeedsTwoChangePoints() throws {
        let fifo = try rate(.fifo, of: findsBothChanges)
        let random = try rate(.random, of: findsBothChanges)
        let deep = try rate(.pct(depth: 3, steps: 110), of: findsBothChanges)
        #expect(fifo == 0)
        #expect(deep >= 2 && deep > 2 * random, "\(deep) against \(random)")
    }
}

private final class Shared<Value: Sendable>: Sendable {
    private let lock: Lock<Value>

    init(_ value: Value) { lock = Lock(value) }

    var value: Value {
        get { lock.withLock { $0 } }
        set { lock.withLock { $0 = newValue } }
    }
}
