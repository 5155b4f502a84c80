internal import SeawallTime

/// The one task that sleeps until time alone changes the state, for those who listen.
///
/// A value under the breaker's lock: it says what to start and what to end, and the shell does it outside.
struct TransitionAlarm: Sendable {
    /// What has to be done to have the right alarm.
    struct Order: Sendable {
        var cancelled: Task<Void, Never>?
        var started: (number: UInt64, end: MonotonicInstant)?
    }

    private var number: UInt64 = 0
    private var end: MonotonicInstant?
    private var task: Task<Void, Never>?

    /// Asks for an alarm at `wanted`, or for none.
    mutating func set(to wanted: MonotonicInstant?) -> Order? {
        guard wanted != end else { return nil }
        var order = Order(cancelled: task)
        number &+= 1
        end = wanted
        task = nil
        if let wanted { order.started = (number, wanted) }
        return order
    }

    /// Keeps the task of an order; false where the order has been overtaken and the task must be ended.
    mutating func keep(_ task: Task<Void, Never>, for number: UInt64) -> Bool {
        guard number == self.number, end != nil else { return false }
        self.task = task
        return true
    }

    /// The alarm has come; false where it has been overtaken.
    mutating func comes(_ number: UInt64) -> Bool {
        guard number == self.number, end != nil else { return false }
        end = nil
        task = nil
        return true
    }

    /// Takes the task out for good.
    mutating func remove() -> Task<Void, Never>? {
        defer { task = nil }
        return task
    }
}
