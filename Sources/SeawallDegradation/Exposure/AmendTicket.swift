/// The name of one admitted amend, until it is settled.
public struct AmendTicket: Hashable, Comparable, Sendable {
    /// The number of the amend in its gate, from 1 on.
    public var number: UInt64

    package init(number: UInt64) { self.number = number }

    /// Orders amends by when they were admitted.
    public static func < (lhs: AmendTicket, rhs: AmendTicket) -> Bool { lhs.number < rhs.number }
}
