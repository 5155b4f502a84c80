@testable import SeawallRateLimit

/// Permits, lanes and a queue, kept as plain lists.
struct NaivePermits {
    struct Waiter: Equatable {
        var ticket: UInt64
        var lane: Int
        var holder: ConcurrencyCore.Holder
    }

    enum Answer: Equatable {
        case granted
        case refused
        case waiting(shed: UInt64?)
    }

    var limit: Int
    let maximumWaiters: Int
    var held: [ConcurrencyCore.Holder] = []
    var waiters: [Waiter] = []

    mutating func acquire(_ waiter: Waiter) -> Answer {
        if held.count < limit {
            held.append(waiter.holder)
            return .granted
        }
        var shed: UInt64?
        if waiters.count >= maximumWaiters {
            let lowest = waiters.map(\.lane).max() ?? -1
            guard lowest > waiter.lane, let last = waiters.lastIndex(where: { $0.lane == lowest }) else {
                return .refused
            }
            shed = waiters.remove(at: last).ticket
        }
        waiters.append(waiter)
        return .waiting(shed: shed)
    }

    mutating func cancel(_ ticket: UInt64) -> Bool {
        guard let place = waiters.firstIndex(where: { $0.ticket == ticket }) else { return false }
        waiters.remove(at: place)
        return true
    }

    /// Hands a permit back, and says who got one.
    mutating func handBack(_ holder: ConcurrencyCore.Holder) -> [UInt64] {
        if let place = held.firstIndex(of: holder) { held.remove(at: place) }
        return handOn()
    }

    mutating func set(_ limit: Int) -> [UInt64] {
        self.limit = limit
        return handOn()
    }

    private mutating func handOn() -> [UInt64] {
        var tickets: [UInt64] = []
        while held.count < limit, let lane = waiters.map(\.lane).min(),
            let first = waiters.firstIndex(where: { $0.lane == lane })
        {
            let waiter = waiters.remove(at: first)
            held.append(waiter.holder)
            tickets.append(waiter.ticket)
        }
        return tickets
    }
}
