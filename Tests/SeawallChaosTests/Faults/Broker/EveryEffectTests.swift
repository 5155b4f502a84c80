import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// Every effect times every operation that it can strike: what reaches the venue, and what comes back.
@Suite struct EveryEffectTests {
    /// What must come of one struck call.
    private struct Expectation: Equatable {
        enum Return: Equatable {
            /// The venue's own answer.
            case same
            /// An answer that the venue did not give.
            case other
            /// An error, and what it proves.
            case error(BrokerError.Delivery)
        }

        /// How often the venue heard of it, by operation.
        var heard: [BrokerOperation: Int]
        var comesBack: Return
        /// How long it took.
        var took: Duration
    }

    /// What each effect promises, written down a second time from its words alone.
    private func expectation(_ effect: FaultEffect, _ operation: BrokerOperation) -> Expectation {
        func lost(_ delivery: BrokerError.Delivery, after wait: Duration = .zero) -> Expectation {
            Expectation(heard: [:], comesBack: .error(delivery), took: wait)
        }
        func applied(_ comesBack: Expectation.Return, after wait: Duration = .zero) -> Expectation {
            Expectation(heard: [operation: 1], comesBack: comesBack, took: wait)
        }
        switch effect {
        case .lostBefore(let loss): return lost(.maybeSent, after: loss.wait)
        case .lostAfter(let loss): return applied(.error(.maybeSent), after: loss.wait)
        case .delay(let wait), .delayedReply(let wait), .reorder(let wait): return applied(.same, after: wait)
        case .duplicate(let copy):
            let isSpent = [.place, .cancel, .cancelMany, .cancelAll].contains(operation)
            var twice = applied(.same)
            twice.heard = [operation: 2]
            // The deterministic broker places a second order; a second cancel finds nothing to cancel.
            if copy == .second, isSpent { twice.comesBack = operation == .cancel ? .error(.answered) : .other }
            return twice
        case .rateLimited, .banned: return lost(.answered)
        case .outage(_, .refused), .failedPage(_, .refused): return lost(.notSent)
        case .outage(_, .reset), .failedPage(_, .reset): return lost(.maybeSent)
        case .outage(_, .status), .failedPage(_, .status): return lost(.answered)
        case .errorInside(let isApplied), .unreadable(_, let isApplied), .error(_, let isApplied):
            return isApplied ? applied(.error(.answered)) : lost(.answered)
        case .halfAmend(.cancel):
            return Expectation(heard: [.cancel: 1], comesBack: .error(.answered), took: .zero)
        case .halfAmend(.order):
            return Expectation(heard: [.query: 1, .place: 1], comesBack: .error(.answered), took: .zero)
        case .mixedBatch:
            let heard: [BrokerOperation: Int] =
                operation == .cancelAll ? [.openOrders: 1, .cancelMany: 1] : [.cancelMany: 1]
            return Expectation(heard: heard, comesBack: .other, took: .zero)
        case .emptyOrders, .emptyList, .limitUsage, .widerSpread, .zeroPrices: return applied(.other)
        case .truncatedPage(let count, let keepsCursor):
            return applied(count < 2 || (operation == .fills && !keepsCursor) ? .other : .same)
        case .oldAnswer: return Expectation(heard: [:], comesBack: .same, took: .zero)
        case .hiddenOrder(let client, _, _):
            guard client == "c1" else { return applied([.openOrders, .history].contains(operation) ? .other : .same) }
            if operation == .query { return applied(.error(.answered)) }
            return applied([.openOrders, .history].contains(operation) ? .other : .same)
        case .answer: return Expectation(heard: [:], comesBack: .other, took: .zero)
        case .lateFills, .duplicateFills, .reorderedFills: return applied(operation == .fills ? .other : .same)
        case .streamHang, .streamMute, .streamBreak, .streamFlap, .streamRepeat, .streamReset, .streamGap,
            .streamReplay:
            return applied(.same)
        case .crash(.before): return lost(.maybeSent)
        case .crash(.after): return applied(.error(.maybeSent))
        case .fill(_, _, let hold): return applied(.same, after: hold)
        case .clockStep, .machineSleep, .diskFailure, .venueMode, .authenticationExpiry, .secondProcess:
            return applied(.same)
        }
    }

    /// What really came of it, in virtual time, and which faults struck.
    private func outcome(
        _ effect: FaultEffect, _ operation: BrokerOperation
    ) throws -> (Expectation, [FaultCount], [String]) {
        let result = Lock<(Expectation, [FaultCount], [String])?>(nil)
        let report = try Simulation(seed: 1).run { world in
            let (base, plain, machine) = (EveryCall.base(), EveryCall.base(), RecordingWorld())
            let page: PageCursor? = if case .failedPage(let number, _) = effect, number != 1 { "p2" } else { nil }
            // An old answer must have been given before; it comes back at the second call.
            var before = 0
            if case .oldAnswer = effect { before = 1 }
            let broker = try ChaosBroker(
                base, plan: [.once(effect, on: FaultMatch(operations: [operation]))], environment: world.environment,
                world: machine)
            if case .hiddenOrder(nil, _, _) = effect, operation != .place {
                for broker in [broker, plain] as [any Broker] { _ = try await broker.place(EveryCall.order("c8")) }
            }
            for _ in 0..<before {
                _ = try await EveryCall.make(operation, to: broker)
                _ = try await EveryCall.make(operation, to: plain)
                try await world.time.sleep(for: .seconds(10))
                // What the venue says has changed meanwhile; the old answer has not.
                base.update { $0.orders = [] }
            }
            let heardBefore = base.calls.count
            let start = world.time.now
            let comesBack: Expectation.Return
            do {
                let text = try await EveryCall.make(operation, to: broker, page: page)
                let same = try await EveryCall.make(operation, to: plain, page: page)
                comesBack = text == same ? .same : .other
            } catch let error as BrokerError {
                comesBack = .error(error.delivery)
            }
            let took = start.duration(to: world.time.now)
            let heard = Dictionary(base.calls.dropFirst(heardBefore).map { ($0.operation, 1) }, uniquingKeysWith: +)
            let expectation = Expectation(heard: heard, comesBack: comesBack, took: took)
            result.withLock { $0 = (expectation, broker.report, machine.deeds) }
        }
        try #require(report.thrown == nil, "\(effect) at \(operation.rawValue): \(report)")
        return try #require(result.withLock { $0 })
    }

    @Test(arguments: FaultEffect.Kind.allCases.map(\.rawValue))
    func eachOperationIsStruckAsTheEffectSays(kind: String) throws {
        var random = SeededGenerator(seed: 7, stream: kind)
        let kind = try #require(FaultEffect.Kind(rawValue: kind))
        let effects =
            kind == .halfAmend
            ? FaultHalf.allCases.map { .halfAmend($0) } : (0..<4).map { _ in RandomFaults.effect(kind, &random) }
        for var effect in effects {
            // The broker behind has one page; the second is asked for by a cursor that it does not look at.
            if case .failedPage(let page?, let form) = effect { effect = .failedPage(page % 2 + 1, as: form) }
            for operation in effect.struck.sorted(by: { $0.rawValue < $1.rawValue }) {
                let (outcome, report, deeds) = try outcome(effect, operation)
                #expect(outcome == expectation(effect, operation), "\(effect) at \(operation.rawValue)")
                #expect(deeds.count == (effect.site == .world ? 1 : 0), "\(effect) at \(operation.rawValue)")
                // Openings of streams are no events; only a connection that is to break is struck at its opening.
                let strikesHere =
                    effect.site == .call || effect.site == .world || kind == .streamFlap || operation == .fills
                let count = FaultCount(fault: effect.name, operation: operation, count: 1)
                #expect(report == (strikesHere ? [count] : []), "\(effect) at \(operation.rawValue)")
            }
        }
    }

    @Test func whereNoFaultStrikesNothingIsLostOrDoubled() throws {
        var random = SeededGenerator(seed: 8, stream: "idle")
        for _ in 0..<8 {
            // Every fault of the plan waits for a call that never comes.
            let plan = FaultPlan(
                FaultEffect.Kind.allCases.map { kind in
                    FaultAction(RandomFaults.effect(kind, &random), after: 1_000, times: 1)
                })
            let report = try Simulation(seed: 1).run { world in
                let (base, plain) = (EveryCall.base(), EveryCall.base())
                let broker = try ChaosBroker(
                    base, plan: plan, environment: world.environment, world: RecordingWorld())
                for operation in BrokerOperation.allCases {
                    let text = try? await EveryCall.make(operation, to: broker)
                    #expect(text == (try? await EveryCall.make(operation, to: plain)))
                    #expect(base.callCount(of: operation) == 1)
                }
                #expect(broker.report == [])
                #expect(broker.unstruck.map(\.index) == Array(plan.actions.indices))
            }
            #expect(report.thrown == nil)
        }
    }

    @Test func aCallerCanLeaveWhileAnyEffectMakesItWait() throws {
        for kind in FaultEffect.Kind.allCases {
            var random = SeededGenerator(seed: 3, stream: kind.rawValue)
            let effect = RandomFaults.effect(kind, &random)
            guard effect.site == .call || effect.site == .world else { continue }
            for operation in effect.struck.sorted(by: { $0.rawValue < $1.rawValue }).prefix(3) {
                let wait = expectation(effect, operation).took
                guard wait > .zero else { continue }
                let report = try Simulation(seed: 1).run { world in
                    let base = EveryCall.base()
                    let broker = try ChaosBroker(
                        base, plan: [.once(effect, on: FaultMatch(operations: [operation]))],
                        environment: world.environment, world: RecordingWorld())
                    let start = world.time.now
                    let isCancelled = Lock(false)
                    let call = world.environment.spawner.spawn {
                        do {
                            _ = try await EveryCall.make(operation, to: broker)
                        } catch {
                            isCancelled.withLock { $0 = error is CancellationError }
                        }
                    }
                    try await world.time.sleep(for: .nanoseconds(1))
                    call.cancel()
                    await call.value
                    #expect(isCancelled.withLock { $0 }, "\(effect) at \(operation.rawValue)")
                    #expect(start.duration(to: world.time.now) == .nanoseconds(1))
                    #expect(base.callCount(of: operation) <= 1)
                }
                #expect(report.isClean, "\(effect) at \(operation.rawValue): \(report)")
            }
        }
    }
}
