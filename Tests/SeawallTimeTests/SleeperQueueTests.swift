import Testing

@testable import SeawallTime

@Suite struct SleeperQueueTests {
    /// The same promises kept by a plain list, searched from end to end.
    private struct Model {
        enum State { case issued, cancelledEarly, sleeping, ended }

        var states: [State] = []
        var sleeping: [(deadline: Int64, id: Int)] = []

        mutating func register(_ id: Int, until deadline: Int64, now: Int64) -> SleeperQueue<Int>.Registration {
            defer { if states[id] != .sleeping { states[id] = .ended } }
            if states[id] == .cancelledEarly { return .alreadyCancelled }
            if deadline <= now { return .alreadyDue }
            states[id] = .sleeping
            sleeping.append((deadline, id))
            return .sleeping
        }

        mutating func cancel(_ id: Int) -> Int? {
            switch states[id] {
            case .ended, .cancelledEarly: return nil
            case .issued:
                states[id] = .cancelledEarly
                return nil
            case .sleeping:
                states[id] = .ended
                sleeping.removeAll { $0.id == id }
                return id
            }
        }

        mutating func popDue(at instant: Int64) -> (id: Int, deadline: Int64)? {
            guard let earliest = sleeping.map(\.deadline).min(), earliest <= instant,
                let index = sleeping.firstIndex(where: { $0.deadline == earliest })
            else { return nil }
            let due = sleeping.remove(at: index)
            states[due.id] = .ended
            return (due.id, due.deadline)
        }
    }

    /// The queue and its model side by side.
    private struct Pair {
        var queue = SleeperQueue<Int>()
        var model = Model()
        var tickets: [SleeperQueue<Int>.Ticket] = []
        var unregistered: [Int] = []
        var now: Int64 = 0
        var mostOpen = 0
        var broken: [String] = []

        mutating func issue() {
            tickets.append(queue.issueTicket())
            model.states.append(.issued)
            unregistered.append(tickets.count - 1)
            mostOpen = max(mostOpen, unregistered.count + model.sleeping.count)
        }

        mutating func register(_ index: Int, until deadline: Int64) {
            guard !unregistered.isEmpty else { return }
            let id = unregistered.remove(at: index % unregistered.count)
            let answer = queue.register(
                tickets[id], until: MonotonicInstant(nanoseconds: deadline), now: MonotonicInstant(nanoseconds: now),
                sleeper: id)
            check(answer == model.register(id, until: deadline, now: now), "register \(id)")
        }

        mutating func cancel(_ id: Int) {
            guard tickets.indices.contains(id) else { return }
            check(queue.cancel(tickets[id]) == model.cancel(id), "cancel \(id)")
        }

        mutating func advance(to instant: Int64) {
            now = max(now, instant)
            while true {
                let due = queue.popDue(at: MonotonicInstant(nanoseconds: instant))
                let expected = model.popDue(at: instant)
                check(due?.sleeper == expected?.id && due?.deadline.nanoseconds == expected?.deadline, "pop \(instant)")
                if due == nil || expected == nil { break }
            }
        }

        mutating func check(_ holds: Bool, _ what: String) {
            if !holds { broken.append(what) }
        }

        mutating func checkWhole() {
            let deadlines = model.sleeping.map(\.deadline).sorted()
            check(queue.count == model.sleeping.count, "count")
            check(queue.nextDeadline?.nanoseconds == deadlines.first, "next deadline")
            check(queue.deadlines.map(\.nanoseconds) == deadlines, "deadlines")
            check(queue.capacity == mostOpen, "capacity")
        }
    }

    @Test(arguments: 0..<40) func agreesWithAPlainListUnderRandomHistories(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed), stream: "sleeper-queue")
        var pair = Pair()
        for step in 0..<600 {
            // Few deadlines and many sleepers: ties are common, so the order of registration shows.
            let deadline = pair.now + Int64(generator.below(12)) - 1
            switch generator.below(10) {
            case 0...2: pair.issue()
            case 3...5: pair.register(Int(generator.below(64)), until: deadline)
            case 6: pair.cancel(Int(generator.below(UInt64(pair.tickets.count))))
            case 7: pair.cancel(pair.tickets.count - 1 - Int(generator.below(4)))
            case 8: pair.advance(to: pair.now + Int64(generator.below(3)))
            default: pair.checkWhole()
            }
            if step == 300 { pair.advance(to: pair.now + 20) }
        }
        pair.checkWhole()
        #expect(pair.broken.isEmpty)
    }

    @Test func agreesWithAPlainListUnderEveryShortHistory() {
        let steps: [(inout Pair) -> Void] = [
            { $0.issue() }, { $0.register(0, until: 1) }, { $0.register(1, until: 1) }, { $0.register(0, until: 2) },
            { $0.cancel(0) }, { $0.cancel(1) }, { $0.advance(to: 1) }, { $0.advance(to: 2) },
        ]
        var histories = 0
        func extend(_ pair: Pair, by remaining: Int) {
            histories += 1
            guard remaining > 0 else {
                var pair = pair
                pair.checkWhole()
                if !pair.broken.isEmpty { Issue.record("\(pair.broken)") }
                return
            }
            for step in steps {
                var next = pair
                step(&next)
                extend(next, by: remaining - 1)
            }
        }
        var start = Pair()
        start.issue()
        extend(start, by: 5)
        #expect(histories == 37_449)
    }

    @Test func aTicketOfAnEndedSleepCannotCancelTheOneThatHasItsSlot() {
        var queue = SleeperQueue<String>()
        let first = queue.issueTicket()
        _ = queue.register(first, until: .origin.advanced(by: .seconds(1)), now: .origin, sleeper: "first")
        #expect(queue.popDue(at: .distantFuture)?.sleeper == "first")
        let second = queue.issueTicket()
        _ = queue.register(second, until: .origin.advanced(by: .seconds(2)), now: .origin, sleeper: "second")
        #expect(queue.capacity == 1)
        #expect(queue.cancel(first) == nil)
        #expect(queue.cancel(second) == "second")
        #expect(queue.count == 0)
    }

    @Test func sleepsOneAfterAnotherUseOneSlot() {
        var queue = SleeperQueue<Int>()
        for step in 0..<20_000 {
            let ticket = queue.issueTicket()
            if step.isMultiple(of: 3) { _ = queue.cancel(ticket) }
            _ = queue.register(ticket, until: .distantFuture, now: .origin, sleeper: step)
            if step.isMultiple(of: 2) { _ = queue.cancel(ticket) } else { _ = queue.popDue(at: .distantFuture) }
            _ = queue.cancel(ticket)
        }
        #expect(queue.capacity == 1)
        #expect(queue.count == 0)
    }
}
