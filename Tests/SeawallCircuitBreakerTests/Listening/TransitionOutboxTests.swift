import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// What follows from transitions is done in their order, whoever causes them.
@Suite(.timeLimit(.minutes(10))) struct TransitionOutboxTests {
    private let time = ManualTime()

    private func breaker() throws -> CircuitBreaker {
        try CircuitBreaker(name: "orders", configuration: .plain(), time: time)
    }

    @Test func anEffectIsDoneBeforeTheCallReturns() throws {
        let breaker = try breaker()
        let done = Lock([CircuitBreaker.State]())
        breaker.onTransition { transition in done.withLock { $0.append(transition.to) } }
        try breaker.make(1, .failure)
        #expect(done.withLock { $0 } == [.open])
        time.advance(by: .seconds(10))
        #expect(done.withLock { $0 } == [.open])
        try breaker.make(1, .success)
        #expect(done.withLock { $0 } == [.open, .halfOpen, .closed])
    }

    @Test func anEffectMayMoveTheBreakerAndWhatFollowsComesAfter() throws {
        let breaker = try breaker()
        let done = Lock([String]())
        breaker.onTransition { [weak breaker] transition in
            done.withLock { $0.append("begin \(transition.to)") }
            if transition.to == .open { breaker?.reset() }
            done.withLock { $0.append("end \(transition.to)") }
        }
        try breaker.make(1, .failure)
        #expect(done.withLock { $0 } == ["begin open", "end open", "begin closed", "end closed"])
    }

    /// Were every caller to carry out its own, the effect of an older state could come last and be left standing.
    @Test func theEffectsOfManyThreadsComeInOrderAndOneAtATime() async throws {
        let breaker = try breaker()
        let seen = Lock((state: CircuitBreaker.State.closed, inside: 0, faults: 0, count: 0))
        breaker.onTransition { transition in
            seen.withLock { seen in
                seen.inside += 1
                if seen.inside > 1 || transition.from != seen.state { seen.faults += 1 }
                seen.state = transition.to
                seen.count += 1
            }
            seen.withLock { $0.inside -= 1 }
        }
        _ = await Crew.results(4) { _ in
            for round in 0..<2_000 {
                if round.isMultiple(of: 20) { Crew.stepAside() }
                breaker.isolate(reason: "test")
                breaker.reset()
            }
        }
        breaker.reset()
        let end = seen.withLock { $0 }
        #expect(end.faults == 0)
        #expect(end.state == breaker.state)
        #expect(end.count >= 4_000)
    }

    @Test func anEffectThatBlocksHoldsUpItsOwnCallerAlone() async throws {
        let (started, starter) = AsyncStream<Void>.makeStream()
        let (door, breaker) = (ThreadDoor(), try breaker())
        let done = Lock([CircuitBreaker.State]())
        breaker.onTransition { transition in
            starter.yield()
            door.wait()
            done.withLock { $0.append(transition.to) }
        }
        let (first, second) = (WorkerThread(), WorkerThread())
        let (ended, ender) = AsyncStream<Void>.makeStream()
        first.run {
            breaker.isolate(reason: "test")
            ender.yield()
        }
        for await _ in started { break }
        #expect(second.run(waitingAtMost: .seconds(120)) { breaker.reset() })
        #expect(breaker.state == .closed && breaker.admit().ticket != nil)
        #expect(done.withLock { $0 } == [])
        door.open()
        // Whoever carries out effects carries out those of others too, in order.
        for await _ in ended { break }
        #expect(done.withLock { $0 } == [.isolated, .closed])
    }
}
