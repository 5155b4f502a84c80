/// Where an event stands in its stream, in the venue's own numbers; `SequenceRule` says what follows what.
public struct EventSequence: Hashable, Codable, Sendable {
    /// The first number that the event covers.
    public var first: Int64

    /// The last number that the event covers; the first again where it has only one.
    public var last: Int64

    /// The last number of the event before, where the venue names it.
    public var previous: Int64?

    /// Makes the place of an event that covers these numbers.
    public init(first: Int64, last: Int64, previous: Int64? = nil) {
        self.first = first
        self.last = last
        self.previous = previous
    }

    /// Makes the place of an event with one number.
    public init(_ number: Int64) {
        self.init(first: number, last: number)
    }
}

extension EventSequence: ExpressibleByIntegerLiteral {
    /// Makes the place of an event with one number.
    public init(integerLiteral number: Int64) {
        self.init(number)
    }
}
