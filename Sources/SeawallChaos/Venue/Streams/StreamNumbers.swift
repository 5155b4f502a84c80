internal import SeawallBroker

/// Numbers the events of one connection by the venue's rule.
///
/// Where each number is one more than the one before, it is the connection's, and signs of life count. Ranges and pointers
/// are of what lies behind the stream, and go on whoever listens: a sign of life has none, and an event sums up one to
/// three changes.
struct StreamNumbers: Sendable {
    private let rule: SequenceRule
    /// The last number that was given out; before the first, where the connection begins.
    private(set) var last: Int64

    init(_ rule: SequenceRule, after start: Int64) {
        self.rule = rule
        last = rule == .contiguous ? 0 : start
    }

    mutating func next(isSignOfLife: Bool) -> EventSequence? {
        switch rule {
        case .none: return nil
        case .contiguous:
            last += 1
            return EventSequence(last)
        case .ranges:
            guard !isSignOfLife else { return nil }
            let first = last + 1
            last = first + first % 3
            return EventSequence(first: first, last: last)
        case .previousPointer:
            guard !isSignOfLife else { return nil }
            let previous = last
            // Some of the numbers are those of others, so that only the pointer tells what follows what.
            let first = previous + 1 + previous % 2
            last = first + first % 3
            return EventSequence(first: first, last: last, previous: previous)
        }
    }
}
