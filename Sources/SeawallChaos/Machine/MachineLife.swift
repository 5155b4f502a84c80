/// How far a process has come, and who waits for its end.
struct MachineLife: Sendable {
    /// How a process ended.
    enum End: Sendable {
        /// Its body returned.
        case returned
        /// Its body threw.
        case threw(any Error)
        /// The machine lost its power.
        case crashed
        /// The run stopped.
        case stopped
    }

    typealias Waiter = UnsafeContinuation<End, Never>

    private var ended: End?
    private var waiter: Waiter?

    /// True for the first end alone.
    mutating func end(_ end: End) -> Bool {
        guard ended == nil else { return false }
        ended = end
        return true
    }

    /// Remembers who waits; the end where it has come already.
    mutating func wait(_ waiter: Waiter) -> End? {
        if let ended { return ended }
        self.waiter = waiter
        return nil
    }

    mutating func takeWaiter() -> Waiter? {
        defer { waiter = nil }
        return waiter
    }
}
