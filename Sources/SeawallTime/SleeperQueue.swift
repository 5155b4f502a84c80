/// The core of manual time: who sleeps until when, and who wakes when time moves.
///
/// An indexed binary heap ordered by (deadline, registration). A sleep holds one slot of a pool from its ticket to its
/// end; slots are used again, so that a sleep allocates nothing, and a slot's generation tells a cancellation that comes
/// after the end from one that is meant. Each operation is logarithmic in the number of sleepers at worst; the memory is
/// that of the most sleepers there were at one time.
struct SleeperQueue<Sleeper: Sendable>: Sendable {
    /// Names one sleep, taken before it is registered so that its cancellation can name it.
    struct Ticket: Hashable, Sendable {
        fileprivate var slot: Int32
        fileprivate var generation: UInt32
    }

    /// What a registration came to.
    enum Registration: Hashable {
        case sleeping
        case alreadyDue
        case alreadyCancelled
    }

    private struct Slot {
        enum State {
            case free(next: Int32)
            case issued(isCancelled: Bool)
            case sleeping(Sleeper)
        }

        var state: State
        var generation: UInt32 = 0
        var position: Int32 = 0
    }

    private struct Node {
        var deadline: MonotonicInstant
        var registration: UInt64
        var slot: Int32

        func precedes(_ other: Node) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : registration < other.registration
        }
    }

    private static var noSlot: Int32 { -1 }

    private var heap: [Node] = []
    private var slots: [Slot] = []
    private var firstFree = Self.noSlot
    private var lastRegistration: UInt64 = 0

    var count: Int { heap.count }

    var nextDeadline: MonotonicInstant? { heap.first?.deadline }

    /// The deadlines of all sleepers in the order in which they will wake.
    var deadlines: [MonotonicInstant] { heap.sorted { $0.precedes($1) }.map(\.deadline) }

    /// How many slots the pool has, used or free.
    var capacity: Int { slots.count }

    /// Opens a sleep; it must go on to `register`, which closes it or lets it sleep.
    mutating func issueTicket() -> Ticket {
        guard firstFree != Self.noSlot else {
            slots.append(Slot(state: .issued(isCancelled: false)))
            return Ticket(slot: Int32(slots.count - 1), generation: 0)
        }
        let slot = firstFree
        if case .free(let next) = slots[Int(slot)].state { firstFree = next }
        slots[Int(slot)].state = .issued(isCancelled: false)
        return Ticket(slot: slot, generation: slots[Int(slot)].generation)
    }

    /// Lets the sleep of `ticket` begin, unless it is due or was cancelled; then the ticket is spent.
    mutating func register(
        _ ticket: Ticket, until deadline: MonotonicInstant, now: MonotonicInstant, sleeper: Sleeper
    ) -> Registration {
        guard isCurrent(ticket), case .issued(let isCancelled) = slots[Int(ticket.slot)].state else {
            return .alreadyCancelled
        }
        if isCancelled || deadline <= now {
            release(ticket)
            return isCancelled ? .alreadyCancelled : .alreadyDue
        }
        lastRegistration &+= 1
        slots[Int(ticket.slot)].state = .sleeping(sleeper)
        heap.append(Node(deadline: deadline, registration: lastRegistration, slot: ticket.slot))
        siftUp(heap.count - 1)
        return .sleeping
    }

    /// Takes a sleeper out by its ticket; nil if it has not registered yet (remembered) or has ended (nothing to do).
    mutating func cancel(_ ticket: Ticket) -> Sleeper? {
        guard isCurrent(ticket) else { return nil }
        switch slots[Int(ticket.slot)].state {
        case .free:
            return nil
        case .issued:
            slots[Int(ticket.slot)].state = .issued(isCancelled: true)
            return nil
        case .sleeping(let sleeper):
            remove(at: Int(slots[Int(ticket.slot)].position))
            release(ticket)
            return sleeper
        }
    }

    /// The first sleeper whose deadline is not after `instant`, in order of deadline, then of registration.
    mutating func popDue(at instant: MonotonicInstant) -> (sleeper: Sleeper, deadline: MonotonicInstant)? {
        guard let first = heap.first, first.deadline <= instant,
            case .sleeping(let sleeper) = slots[Int(first.slot)].state
        else { return nil }
        remove(at: 0)
        release(Ticket(slot: first.slot, generation: slots[Int(first.slot)].generation))
        return (sleeper, first.deadline)
    }

    private func isCurrent(_ ticket: Ticket) -> Bool {
        slots[Int(ticket.slot)].generation == ticket.generation
    }

    private mutating func release(_ ticket: Ticket) {
        guard isCurrent(ticket) else { return }
        slots[Int(ticket.slot)].generation &+= 1
        slots[Int(ticket.slot)].state = .free(next: firstFree)
        firstFree = ticket.slot
    }

    private mutating func remove(at position: Int) {
        let last = heap.removeLast()
        guard position < heap.count else { return }
        heap[position] = last
        // The moved node goes up or down, never both.
        if siftUp(position) == position { siftDown(position) }
    }

    /// Moves the node at `start` up to its place, which is returned; nodes on the way move into the hole it leaves.
    @discardableResult
    private mutating func siftUp(_ start: Int) -> Int {
        let node = heap[start]
        var hole = start
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard node.precedes(heap[parent]) else { break }
            place(heap[parent], at: hole)
            hole = parent
        }
        place(node, at: hole)
        return hole
    }

    private mutating func siftDown(_ start: Int) {
        let node = heap[start]
        var hole = start
        while true {
            var child = 2 * hole + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(node) else { break }
            place(heap[child], at: hole)
            hole = child
        }
        place(node, at: hole)
    }

    private mutating func place(_ node: Node, at position: Int) {
        heap[position] = node
        slots[Int(node.slot)].position = Int32(position)
    }
}
