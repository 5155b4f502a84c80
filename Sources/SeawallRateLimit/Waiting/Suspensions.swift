/// The tasks that stand in line, from the moment they have a place until each has been told how it ended.
///
/// A task has its place before it suspends, so the end may come first: it is kept until the task comes for it.
struct Suspensions<Value: Sendable>: Sendable {
    typealias Continuation = UnsafeContinuation<Value, any Error>
    typealias Ending = Result<Value, any Error>

    /// A task to be told its end, once the lock is left.
    struct Resumption: Sendable {
        var continuation: Continuation
        var ending: Ending

        func resume() { continuation.resume(with: ending) }
    }

    enum State: Sendable {
        case expected
        case suspended(Continuation)
        case ended(Ending)
    }

    private var states: [UInt64: State] = [:]
    private var lastTicket: UInt64 = 0

    var count: Int { states.count }

    /// Whether the ticket's end has not come yet.
    func isPending(_ ticket: UInt64) -> Bool {
        switch states[ticket] {
        case .expected, .suspended: true
        case .ended, nil: false
        }
    }

    /// A ticket higher than any before it.
    mutating func issueTicket() -> UInt64 {
        lastTicket &+= 1
        return lastTicket
    }

    /// The ticket has a place in line, and its task will suspend.
    mutating func expect(_ ticket: UInt64) {
        states[ticket] = .expected
    }

    /// The task has suspended; if its end came first, it is to be resumed.
    mutating func suspend(_ ticket: UInt64, _ continuation: Continuation) -> Resumption? {
        if case .ended(let ending) = states[ticket] {
            states[ticket] = nil
            return Resumption(continuation: continuation, ending: ending)
        }
        states[ticket] = .suspended(continuation)
        return nil
    }

    /// The end of a ticket for which no task has come yet, if it has come.
    func ending(of ticket: UInt64) -> Ending? {
        if case .ended(let ending) = states[ticket] { ending } else { nil }
    }

    /// The same, handed out once.
    mutating func claim(_ ticket: UInt64) -> Ending? {
        guard let ending = ending(of: ticket) else { return nil }
        states[ticket] = nil
        return ending
    }

    /// No task will come for the ticket any more.
    mutating func drop(_ ticket: UInt64) { states[ticket] = nil }

    /// The first end of a ticket counts; any other is ignored.
    mutating func end(_ ticket: UInt64, _ ending: Ending) -> Resumption? {
        switch states[ticket] {
        case .expected:
            states[ticket] = .ended(ending)
            return nil
        case .suspended(let continuation):
            states[ticket] = nil
            return Resumption(continuation: continuation, ending: ending)
        case .ended, nil:
            return nil
        }
    }
}
