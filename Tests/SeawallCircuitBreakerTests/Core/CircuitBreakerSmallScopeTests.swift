import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

/// Every history of three callers up to a depth, each state looked at once.
@Suite struct CircuitBreakerSmallScopeTests {
    private struct Call: Hashable {
        var ticket: CircuitBreaker.Ticket
        var admitted: Int64

        var order: (UInt64, UInt64, Int64) { (ticket.era, ticket.probe, admitted) }
    }

    private struct World: Hashable {
        var core: CircuitBreakerCore
        /// The calls under way, in the order of their tickets: callers are alike.
        var calls: [Call] = []
        var now: Int64 = 0
        /// How often an operator may still step in.
        var hands = 1

        var instant: MonotonicInstant { MonotonicInstant(nanoseconds: now) }

        mutating func add(_ call: Call) {
            let position = calls.firstIndex { $0.order > call.order } ?? calls.endIndex
            calls.insert(call, at: position)
        }
    }

    /// What an operator does.
    private enum Hand: CaseIterable {
        case forceOpen, isolate, isolateForATime, release, reset

        func move(_ core: inout CircuitBreakerCore, _ now: MonotonicInstant) -> [CircuitBreaker.Transition] {
            let end = now.advanced(by: .nanoseconds(2))
            return switch self {
            case .forceOpen: core.forceOpen(until: end, detail: "hand", now: now)
            case .isolate: core.isolate(until: nil, detail: "hand", now: now)
            case .isolateForATime: core.isolate(until: end, detail: "hand", now: now)
            case .release: core.release(now: now)
            case .reset: core.reset(now: now)
            }
        }
    }

    private struct Broken: Error {
        var rule: String
    }

    private static let lease: Int64 = 2

    private func configuration(probes: Int, successes: Int, failures: Int) -> CircuitBreakerConfiguration {
        CircuitBreakerConfiguration(
            consecutiveFailures: failures, openDuration: .nanoseconds(2), openDurationGrowth: 2,
            openDurationCap: .nanoseconds(4), openDurationJitter: 0, probes: probes, successesToClose: successes,
            probeLease: .nanoseconds(Self.lease))
    }

    @Test(arguments: [(1, 1, 1), (1, 2, 2), (2, 1, 1), (2, 2, 1)])
    func noHistoryOfThreeCallersBreaksARule(probes: Int, successes: Int, failures: Int) throws {
        let configuration = configuration(probes: probes, successes: successes, failures: failures)
        let core = CircuitBreakerCore(name: "small", configuration: configuration, now: .origin)
        var frontier: Set<World> = [World(core: core)]
        var seen = frontier
        var halfOpens = 0
        var fullHouses = 0
        for _ in 0..<11 {
            var next: Set<World> = []
            for world in frontier {
                for successor in try successors(of: world) where seen.insert(successor).inserted {
                    try check(successor, probes: probes)
                    if successor.core.state == .halfOpen { halfOpens += 1 }
                    if successor.core.probesInFlight == probes { fullHouses += 1 }
                    next.insert(successor)
                }
            }
            frontier = next
        }
        #expect(seen.count > 5_000)
        #expect(halfOpens > 500)
        #expect(fullHouses > 300)
    }

    private func successors(of world: World) throws -> [World] {
        var result: [World] = []
        var later = world
        later.now += 1
        result.append(later)
        if world.calls.count < 3 {
            var asked = world
            let decision = asked.core.admit(now: asked.instant)
            try checkChain(decision.transitions, from: world, to: asked)
            if let ticket = decision.ticket { asked.add(Call(ticket: ticket, admitted: asked.now)) }
            result.append(asked)
        }
        for index in world.calls.indices {
            for outcome in [CircuitBreaker.CallResult.success, .failure, .ignored] {
                var told = world
                let call = told.calls.remove(at: index)
                let transitions = told.core.record(outcome, for: call.ticket, now: told.instant)
                try checkChain(transitions, from: world, to: told)
                result.append(told)
            }
            var left = world
            let call = left.calls.remove(at: index)
            left.core.giveBack(call.ticket, now: left.instant)
            result.append(left)
        }
        if world.hands > 0 {
            for hand in Hand.allCases {
                var handled = world
                handled.hands -= 1
                let transitions = hand.move(&handled.core, handled.instant)
                try checkChain(transitions, from: world, to: handled)
                result.append(handled)
            }
        }
        return result
    }

    private func checkChain(_ transitions: [CircuitBreaker.Transition], from old: World, to new: World) throws {
        var state = old.core.state
        var at = old.core.since
        for transition in transitions {
            guard transition.from == state, transition.to != state else {
                throw Broken(rule: "states follow each other")
            }
            guard transition.at >= at, transition.at <= new.instant else { throw Broken(rule: "instants in order") }
            state = transition.to
            at = transition.at
        }
        guard state == new.core.state else { throw Broken(rule: "every change is told") }
    }

    private func check(_ world: World, probes: Int) throws {
        var core = world.core
        _ = core.advance(to: world.instant)
        let live = world.calls.filter {
            $0.ticket.isProbe && $0.ticket.era == core.era && $0.admitted + Self.lease > world.now
        }
        guard live.count <= probes, core.probesInFlight == live.count else { throw Broken(rule: "exactly N probes") }

        if case .open(let until) = core.phase {
            var early = core
            let justBefore = MonotonicInstant(nanoseconds: until.nanoseconds - 1)
            guard case .rejected(let rejection) = early.admit(now: justBefore).admission, rejection.until == until
            else {
                throw Broken(rule: "refused until the instant it named")
            }
            guard early.admit(now: until).ticket?.isProbe == true else { throw Broken(rule: "then admitted") }
        }
        if core.probesInFlight > 0 {
            var hung = core
            let transitions = hung.advance(to: world.instant.advanced(by: .nanoseconds(Self.lease)))
            guard transitions.first?.to == .open else { throw Broken(rule: "half-open always ends") }
        }
        for call in world.calls where call.ticket.era != core.era {
            for outcome in [CircuitBreaker.CallResult.success, .failure, .ignored] {
                var told = core
                guard told.record(outcome, for: call.ticket, now: world.instant).isEmpty, told == core else {
                    throw Broken(rule: "a result of an earlier era changes nothing")
                }
            }
        }
    }
}
