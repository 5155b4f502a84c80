/// The core of manual time: who sleeps until when, and who wakes when time moves.
///
/// An indexed binary heap ordered by (deadline, registration); every operation is logarithmic at worst and removal by
/// cancellation leaves nothing behind. A cancellation that arrives before its registration is remembered by ticket.
struct SleeperQueue: Sendable {
    typealias Sleeper = UnsafeContinuation<Void, any Error>

    /// What a registration came to.
    enum Registration {
        case sleeping
        case alreadyDue
        case alreadyCancelled
    }

    private struct Node {
        var deadline: MonotonicInstant
        var ticket: UInt64
        var sleeper: Sleeper
    }

    private var heap: [Node] = []
    private var positions: [UInt64: Int] = [:]
    private var cancelledEarly: Set<UInt64> = []
    private var lastTicket: UInt64 = 0

    var count: Int { heap.count }

    var nextDeadline: MonotonicInstant? { heap.first?.deadline }

    /// A ticket for one sleep, taken before it is registered so that its cancellation can name it.
    mutating func issueTicket() -> UInt64 {
        lastTicket &+= 1
        return lastTicket
    }

    mutating func register(
        _ ticket: UInt64, until deadline: MonotonicInstant, now: MonotonicInstant, sleeper: Sleeper
    ) -> Registration {
        if cancelledEarly.remove(ticket) != nil { return .alreadyCancelled }
        if deadline <= now { return .alreadyDue }
        heap.append(Node(deadline: deadline, ticket: ticket, sleeper: sleeper))
        positions[ticket] = heap.count - 1
        siftUp(heap.count - 1)
        return .sleeping
    }

    /// Takes a sleeper out by its ticket; nil if it has not registered yet (remembered) or was woken (`hasEnded`).
    mutating func cancel(_ ticket: UInt64, hasEnded: Bool) -> Sleeper? {
        guard let position = positions[ticket] else {
            if !hasEnded { cancelledEarly.insert(ticket) }
            return nil
        }
        return remove(at: position).sleeper
    }

    /// Forgets a cancellation that came too late to matter.
    mutating func retire(_ ticket: UInt64) {
        cancelledEarly.remove(ticket)
    }

    /// The first sleeper whose deadline is not after `instant`, in order of deadline, then of registration.
    mutating func popDue(at instant: MonotonicInstant) -> Sleeper? {
        guard let first = heap.first, first.deadline <= instant else { return nil }
        return remove(at: 0).sleeper
    }

    private mutating func remove(at position: Int) -> Node {
        let removed = heap[position]
        positions[removed.ticket] = nil
        let last = heap.removeLast()
        if position < heap.count {
            heap[position] = last
            positions[last.ticket] = position
            siftUp(position)
            siftDown(positions[last.ticket] ?? position)
        }
        return removed
    }

    private func precedes(_ lhs: Node, _ rhs: Node) -> Bool {
        lhs.deadline != rhs.deadline ? lhs.deadline < rhs.deadline : lhs.ticket < rhs.ticket
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(heap[child], heap[parent]) else { return }
            swapNodes(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && precedes(heap[right], heap[left]) ? right : left
            guard precedes(heap[child], heap[parent]) else { return }
            swapNodes(child, parent)
            parent = child
        }
    }

    private mutating func swapNodes(_ first: Int, _ second: Int) {
        heap.swapAt(first, second)
        positions[heap[first].ticket] = first
        positions[heap[second].ticket] = second
    }
}
