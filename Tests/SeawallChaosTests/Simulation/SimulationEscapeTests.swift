import Dispatch
import SeawallChaos
import SeawallTime
import Testing

/// One after the other, and each run on a thread of a queue: a run blocks its thread, and threads of the pool are few.
@Suite(.serialized) struct SimulationEscapeTests {
    /// A stalled run waits long for the foreign thread, and stops as soon as it has come.
    ///
    /// Where all tests run at once, a plain task waits behind those of all others for its turn.
    ///
    /// The hook would see most of them first; it has tests of its own.
    private static let patient = SimulationConfiguration(stallGrace: .seconds(1_800), usesRuntimeHook: false)

    private func escape(
        _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) async throws -> SimulationEscape? {
        let run = try await report { world in
            try await world.time.sleep(for: .seconds(5))
            try await body(world)
        }
        guard case .escaped(let escape) = run.outcome else {
            Issue.record("no escape: \(run)")
            return nil
        }
        #expect(!run.isClean)
        #expect(run.escapes.first == escape)
        #expect(escape.instant >= .origin.advanced(by: .seconds(5)))
        #expect(escape.step > 0)
        #expect(!escape.hint.isEmpty)
        return escape
    }

    private func report(
        _ body: @escaping @Sendable (SimulatedWorld) async throws -> Void
    ) async throws -> SimulationReport {
        let simulation = try Simulation(seed: 1, configuration: Self.patient)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: simulation.run(body)) }
        }
    }

    @Test func aPlainTaskThatSleepsOnOurClockIsSeen() async throws {
        let seen = try await escape { world in
            await Task { try? await world.time.sleep(for: .seconds(1)) }.value
        }
        #expect(seen?.kind == .clockOnForeignThread)
        #expect(seen?.hint.contains("spawner") == true)
    }

    @Test func aDetachedTaskThatReadsOurClockIsSeen() async throws {
        let seen = try await escape { world in
            _ = await Task.detached { (world.time.now, world.time.civilNow) }.value
        }
        #expect(seen?.kind == .clockOnForeignThread)
    }

    @Test func aDetachedTaskThatIsAwaitedIsSeenWhenItResumesUs() async throws {
        let seen = try await escape { world in
            let gate = Gate()
            world.environment.spawner.spawn { gate.open() }
            await Task.detached { gate.pass() }.value
        }
        #expect(seen?.kind == .resumedByForeignThread)
    }

    @Test func aThreadThatResumesAContinuationIsSeen() async throws {
        let seen = try await escape { world in
            let gate = Gate()
            world.environment.spawner.spawn { gate.open() }
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
                DispatchQueue.global().async {
                    gate.pass()
                    continuation.resume()
                }
            }
        }
        #expect(seen?.kind == .resumedByForeignThread)
        #expect(seen?.hint.contains("Task.sleep") == true)
    }

    @Test func aStreamFedByAQueueIsSeen() async throws {
        let seen = try await escape { world in
            let gate = Gate()
            world.environment.spawner.spawn { gate.open() }
            let (stream, source) = AsyncStream.makeStream(of: Int.self)
            DispatchQueue.global().async {
                gate.pass()
                source.yield(1)
            }
            for await _ in stream { break }
        }
        #expect(seen?.kind == .resumedByForeignThread)
    }

    #if compiler(>=6.3) && compiler(<6.4) && os(Linux)
    /// The sleep itself never ends within the run.
    @Test(arguments: [true, false])
    func aRealSleepIsSeenAtTheCallAndNamed(onMachine: Bool) async throws {
        let reached = Recorder<String>()
        let seen = try await escape { world in
            let sleep: @Sendable () async throws -> Void = {
                world.note("before the feed")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask(name: "feed") {
                        try await Task.sleep(for: .seconds(3_600))
                        try Task.checkCancellation()
                        reached.append("after the sleep")
                    }
                    try await group.waitForAll()
                }
            }
            if onMachine { try await world.machine { _ in try await sleep() } } else { try await sleep() }
        }
        #expect(seen?.kind == .realSleep)
        #expect(seen?.instant == .origin.advanced(by: .seconds(5)))
        #expect(seen?.what.contains("`ContinuousClock`") == true)
        #expect(seen?.what.contains("\"feed\"") == true)
        #expect(seen?.what.contains("\"before the feed\"") == true)
        #expect(seen?.hint.contains("TimeSource") == true)
        #expect(reached.values == [])
    }

    @Test func aSleepOfNanosecondsIsSeenToo() async throws {
        let seen = try await escape { _ in try await Task.sleep(nanoseconds: 3_600_000_000_000) }
        #expect(seen?.kind == .realSleep)
    }
    #else
    @Test func aRealSleepIsSeenWhenItWakes() async throws {
        let seen = try await escape { _ in try await Task.sleep(for: .milliseconds(200)) }
        #expect(seen?.kind == .resumedByForeignThread)
    }
    #endif

    @Test func anotherExecutorIsSeenOnTheWayBack() async throws {
        let seen = try await escape { _ in
            await withTaskExecutorPreference(globalConcurrentExecutor) { await Task.yield() }
        }
        #expect(seen?.kind == .resumedByForeignThread)
    }

    @Test func aDrawANoteAndACallFromAnotherThreadAreSeen() async throws {
        let random = try await escape { world in _ = await Task.detached { world.environment.random.next() }.value }
        #expect(random?.kind == .randomOnForeignThread)
        let note = try await escape { world in await Task.detached { world.note("hello") }.value }
        #expect(note?.kind == .noteOnForeignThread)
        let inside = Recorder<Bool>()
        let call = try await escape { world in
            inside.append(await Task.detached { world.checkThread("place") }.value)
        }
        #expect(call?.kind == .callOnForeignThread)
        #expect(call?.what == "place")
        // The run stopped, or its shutdown went on with the job that came back.
        #expect(!inside.values.contains(true))
    }

    @Test func theRunStopsBeforeItsNextJob() async throws {
        let reached = Recorder<String>()
        let seen = try await escape { world in
            let thread = DispatchGroup()
            DispatchQueue.global().async(group: thread) { world.checkThread("cancel") }
            thread.block()
            reached.append("same job")
            await Task.yield()
            try Task.checkCancellation()
            reached.append("next job")
        }
        #expect(seen?.what == "cancel")
        #expect(reached.values == ["same job"])
    }

    @Test func manyThreadsMayResumeManyTasks() async throws {
        let waiting = Recorder<UnsafeContinuation<Void, Never>>()
        let ended = Recorder<Int>()
        let run = try await report { world in
            for number in 0..<300 {
                world.environment.spawner.spawn {
                    await withUnsafeContinuation { waiting.append($0) }
                    ended.append(number)
                }
            }
            try await world.time.sleep(for: .seconds(1))
            let all = waiting.values
            let threads = DispatchGroup()
            for thread in 0..<4 {
                DispatchQueue.global().async(group: threads) {
                    for number in stride(from: thread, to: all.count, by: 4) { all[number].resume() }
                }
            }
            threads.block()
        }
        guard case .escaped(let escape) = run.outcome else {
            Issue.record("no escape: \(run)")
            return
        }
        #expect(escape.kind == .resumedByForeignThread)
        #expect(run.escapes.count == 16)
        #expect(run.leaks.isEmpty, "\(run)")
        #expect(ended.values.sorted() == Array(0..<300))
    }
}

extension DispatchGroup {
    /// Blocks the thread, as no simulated code should: the other threads are to be through before the run goes on.
    func block() { wait() }
}

/// Lets a foreign thread on only when the body has suspended: a task of the simulation opens it, and runs no sooner.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    func pass() { semaphore.wait() }
}
