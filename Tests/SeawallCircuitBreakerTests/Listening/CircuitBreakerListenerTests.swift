import Dispatch
import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// A time that says when a sleep has ended, whichever way.
private struct WatchedTime: TimeSource {
    private let time: ManualTime
    private let onEnd: @Sendable () -> Void

    init(_ time: ManualTime, onEnd: @escaping @Sendable () -> Void) {
        self.time = time
        self.onEnd = onEnd
    }

    var now: MonotonicInstant { time.now }
    var civilNow: CivilInstant { time.civilNow }

    func sleep(until deadline: MonotonicInstant) async throws {
        defer { onEnd() }
        try await time.sleep(until: deadline)
    }
}

/// Whoever listens hears of every transition, in order and once, and harms nobody.
@Suite(.timeLimit(.minutes(10))) struct CircuitBreakerListenerTests {
    private struct Trouble: Error {}

    private let time = ManualTime()
    private let spawner = TaskSpawner()

    private func breaker(hooks: CircuitBreaker.Hooks? = nil) throws -> CircuitBreaker {
        try CircuitBreaker(
            name: "orders", configuration: .plain(), hooks: hooks,
            environment: RuntimeEnvironment(time: time, spawner: spawner))
    }

    @Test func eachHookHearsOfItsOwnAndOneOfAll() async throws {
        let (heard, teller) = AsyncStream<String>.makeStream()
        let hooks = CircuitBreaker.Hooks(
            onOpen: { teller.yield("open \($0.from)") }, onHalfOpen: { teller.yield("half-open \($0.from)") },
            onClose: { teller.yield("close \($0.from)") }, onTransition: { teller.yield("all \($0.to)") })
        let breaker = try breaker(hooks: hooks)
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        try breaker.make(1, .success)
        breaker.isolate(reason: "by hand")
        var lines: [String] = []
        for await line in heard {
            lines.append(line)
            if line == "all isolated" { break }
        }
        #expect(
            lines == [
                "open closed", "all open", "half-open open", "all half_open", "close half_open", "all closed",
                "all isolated",
            ])
    }

    @Test func aTransitionOfTimeComesAtItsInstantWithoutTraffic() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.Transition>.makeStream()
        let breaker = try breaker(hooks: .init(onHalfOpen: { teller.yield($0) }))
        try breaker.make(1, .failure)
        let end = try #require(breaker.nextTransition)
        await time.waitForSleepers()
        #expect(time.pendingDeadlines == [end])
        time.advance(to: end)
        var transitions = heard.makeAsyncIterator()
        let transition = await transitions.next()
        #expect(transition?.reason == .openTimeOver)
        #expect(transition?.at == end)
        // It was told: nobody is told again.
        #expect(breaker.poll().isEmpty)
    }

    @Test func nobodyListeningCostsNoTask() async throws {
        let breaker = try breaker()
        try breaker.make(1, .failure)
        #expect(spawner.liveCount == 0)
        #expect(time.sleeperCount == 0)
    }

    /// A breaker whose tasks run only when they are told to, with a listener that writes down what it hears.
    private func stepped() throws -> (CircuitBreaker, HeldExecutor, heard: Log) {
        let (executor, log) = (HeldExecutor(), Log())
        let breaker = try CircuitBreaker(
            name: "orders", configuration: .plain(), hooks: .init(onHalfOpen: { log.add($0.at) }),
            environment: RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor)))
        return (breaker, executor, log)
    }

    private final class Log: Sendable {
        private let lines = Lock([MonotonicInstant]())

        var instants: [MonotonicInstant] { lines.withLock { $0 } }

        func add(_ instant: MonotonicInstant) { lines.withLock { $0.append(instant) } }
    }

    @Test func theSleeperFollowsAnEndThatMovesLater() throws {
        let (breaker, executor, heard) = try stepped()
        try breaker.make(1, .failure)
        executor.drain()
        #expect(time.pendingDeadlines == [time.now.advanced(by: .seconds(10))])
        let later = time.now.advanced(by: .seconds(60))
        breaker.forceOpen(reason: "hint", until: later)
        executor.drain()
        // One sleeper, and none that wakes in between only to find that it is too soon.
        #expect(time.pendingDeadlines == [later])
        time.advance(by: .seconds(10))
        executor.drain()
        #expect(breaker.state == .open && heard.instants == [])
        time.advance(to: later)
        executor.drain()
        #expect(heard.instants == [later])
        #expect(time.sleeperCount == 0)
    }

    /// A sleeper that only ever moved on would tell of the end when it had long passed.
    @Test(arguments: [false, true])
    func theSleeperFollowsAnEndThatMovesEarlier(isIsolated: Bool) throws {
        let (breaker, executor, heard) = try stepped()
        let (soon, late) = (time.now.advanced(by: .seconds(10)), time.now.advanced(by: .seconds(60)))
        if isIsolated {
            breaker.isolate(reason: "an hour", until: late)
        } else {
            breaker.forceOpen(reason: "hint", until: late)
        }
        executor.drain()
        #expect(time.pendingDeadlines == [late])
        if isIsolated {
            breaker.isolate(reason: "done soon", until: soon)
        } else {
            breaker.reset()
            try breaker.make(1, .failure)
        }
        executor.drain()
        #expect(time.pendingDeadlines == [soon])
        time.advance(to: soon)
        executor.drain()
        #expect(heard.instants == [soon])
        #expect(breaker.poll().isEmpty)
    }

    @Test(arguments: [0, -1, Int.min])
    func aQueueUnderOneHoldsOneTransition(limit: Int) throws {
        let executor = HeldExecutor()
        let breaker = try CircuitBreaker(
            name: "orders", configuration: .plain(),
            environment: RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor)))
        let heard = Lock([CircuitBreaker.State]())
        let listener = breaker.listen(
            .init(onTransition: { transition in heard.withLock { $0.append(transition.to) } }), queueLimit: limit)
        breaker.isolate(reason: "1")
        breaker.reset()
        breaker.disable(reason: "3")
        #expect(listener.droppedCount == 2)
        executor.drain()
        #expect(heard.withLock { $0 } == [.disabled])
    }

    @Test func theSleeperGoesWithTheLastListener() async throws {
        let (ended, teller) = AsyncStream<Void>.makeStream()
        let watched = WatchedTime(time) { teller.yield() }
        let breaker = try CircuitBreaker(name: "orders", configuration: .plain(), time: watched)
        let listener = breaker.listen(.init())
        try breaker.make(1, .failure)
        await time.waitForSleepers()
        listener.cancel()
        breaker.poll()
        for await _ in ended { break }
        #expect(time.sleeperCount == 0)
        #expect(breaker.state == .open)
    }

    @Test func aBreakerThatIsLetGoLeavesNoSleeper() async throws {
        let (ended, teller) = AsyncStream<Void>.makeStream()
        let watched = WatchedTime(time) { teller.yield() }
        do {
            let breaker = try CircuitBreaker(
                name: "orders", configuration: .plain(), hooks: .init(onOpen: { _ in }), time: watched)
            try breaker.make(1, .failure)
            await time.waitForSleepers()
        }
        for await _ in ended { break }
        #expect(time.sleeperCount == 0)
    }

    @Test func aHookMayCallTheBreakerAgain() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let breaker = try breaker()
        breaker.listen(
            .init(onTransition: { [weak breaker] in
                if $0.to == .open { breaker?.reset() }
                teller.yield($0.to)
            }))
        try breaker.make(1, .failure)
        var states = heard.makeAsyncIterator()
        #expect(await states.next() == .open)
        #expect(await states.next() == .closed)
        #expect(breaker.state == .closed)
    }

    @Test func aHookThatThrowsIsCountedAndHearsTheNext() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let breaker = try breaker()
        let listener = breaker.listen(
            .init(onTransition: {
                teller.yield($0.to)
                throw Trouble()
            }))
        try breaker.make(1, .failure)
        breaker.reset()
        breaker.disable(reason: "the third")
        var states = heard.makeAsyncIterator()
        #expect(await states.next() == .open)
        #expect(await states.next() == .closed)
        #expect(await states.next() == .disabled)
        #expect(listener.failedCount >= 2)
        #expect(listener.droppedCount == 0)
    }

    @Test func aHookThatStallsDelaysNobodyAndMissesTheOldest() async throws {
        let (started, starter) = AsyncStream<Void>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (heard, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let (others, otherTeller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let breaker = try breaker()
        let stalled = breaker.listen(
            .init(onTransition: {
                starter.yield()
                for await _ in gate { break }
                teller.yield($0.to)
            }), queueLimit: 2)
        breaker.listen(.init(onTransition: { otherTeller.yield($0.to) }))
        breaker.isolate(reason: "1")
        for await _ in started { break }
        // The first is with the hook; of the next four the last two wait.
        breaker.reset()
        breaker.disable(reason: "3")
        breaker.reset()
        breaker.isolate(reason: "5")
        #expect(stalled.droppedCount == 2)
        var otherStates: [CircuitBreaker.State] = []
        for await state in others {
            otherStates.append(state)
            if otherStates.count == 5 { break }
        }
        #expect(otherStates == [.isolated, .closed, .disabled, .closed, .isolated])
        opener.finish()
        var states = heard.makeAsyncIterator()
        #expect(await states.next() == .isolated)
        #expect(await states.next() == .closed)
        #expect(await states.next() == .isolated)
    }

    @Test func aListenerThatComesLateHearsOfTheFuture() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let breaker = try breaker()
        try breaker.make(1, .failure)
        time.advance(by: .seconds(10))
        breaker.listen(.init(onTransition: { teller.yield($0.to) }))
        breaker.reset()
        var states = heard.makeAsyncIterator()
        // Nobody had noticed yet that the time open was over.
        #expect(await states.next() == .halfOpen)
        #expect(await states.next() == .closed)
    }

    @Test func underManyThreadsEveryTransitionIsHeardInOrderAndOnce() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.Transition>.makeStream()
        let breaker = try breaker()
        breaker.listen(.init(onTransition: { teller.yield($0) }), queueLimit: 1_000_000)
        _ = await Crew.results(4) { _ in
            for round in 0..<500 {
                if round.isMultiple(of: 20) { Crew.stepAside() }
                if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
                breaker.reset()
            }
        }
        breaker.disable(reason: "the end")
        var state = CircuitBreaker.State.closed
        var count = 0
        for await transition in heard {
            #expect(transition.from == state)
            state = transition.to
            count += 1
            if state == .disabled { break }
        }
        #expect(count > 100)
        #expect(breaker.status.state == .disabled)
    }

    /// An episode that the open hook began would never have ended.
    @Test func theHookOfTheCloseHearsOfWhatIsDisabledToo() async throws {
        let (heard, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let breaker = try breaker(hooks: .init(onClose: { teller.yield($0.to) }))
        try breaker.make(1, .failure)
        breaker.disable(reason: "by hand")
        var states = heard.makeAsyncIterator()
        #expect(await states.next() == .disabled)
    }

    @Test func aHookThatBlocksItsThreadHoldsUpNoCaller() async throws {
        let (started, starter) = AsyncStream<Void>.makeStream()
        let (heard, teller) = AsyncStream<CircuitBreaker.State>.makeStream()
        let door = ThreadDoor()
        let executor = WorkerExecutor()
        let breaker = try CircuitBreaker(
            name: "orders", configuration: .plain(),
            environment: RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor)))
        let listener = breaker.listen(
            .init(onTransition: {
                starter.yield()
                door.wait()
                teller.yield($0.to)
            }), queueLimit: 2)
        breaker.isolate(reason: "1")
        for await _ in started { break }
        let caller = WorkerThread()
        let time = time
        let ends = Lock([CircuitBreaker.State]())
        let isDone = caller.run(waitingAtMost: .seconds(120)) {
            breaker.reset()
            for _ in 0..<3 {
                if let ticket = breaker.admit().ticket { breaker.record(.failure, for: ticket) }
                time.advance(by: .seconds(10))
                if let ticket = breaker.admit().ticket { breaker.record(.success, for: ticket) }
                ends.withLock { $0.append(breaker.state) }
            }
        }
        #expect(isDone)
        #expect(ends.withLock { $0 } == [.closed, .closed, .closed])
        // Of the ten after the first the last two wait.
        #expect(listener.droppedCount == 8)
        door.open()
        var states = heard.makeAsyncIterator()
        #expect(await states.next() == .isolated)
        #expect(await states.next() == .halfOpen)
        #expect(await states.next() == .closed)
    }
}

/// Runs tasks when it is told to, on the thread that tells it, so that all that can be done has been done.
final class HeldExecutor: TaskExecutor {
    private let jobs = Lock([UnownedJob]())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    func drain() {
        while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}

/// Holds threads up until it is opened.
final class ThreadDoor: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() {
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }
}

/// Runs tasks on a thread of their own, so that one that blocks harms no other test.
final class WorkerExecutor: TaskExecutor {
    private let worker = WorkerThread()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        worker.run { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
