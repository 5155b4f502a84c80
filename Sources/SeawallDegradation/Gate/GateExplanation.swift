#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What stands in the way of an order, found without sending or reserving anything.
public struct GateExplanation: Sendable {
    /// What may be sent for such an order now.
    public var permission: Permission

    /// Why the gate would deny it now; nil where it would admit it.
    public var denial: Denial?

    /// Every cause that blocks it, the most restrictive first, with how long each lasts and what would release it.
    public var blockers: [CauseStatus]

    /// The largest quantity in base that would pass now on this side; nil where none would, or where there is no bound.
    public var largest: Decimal?

    /// True where the gate would admit the order as it is.
    public var wouldPass: Bool { denial == nil }
}

extension GateExplanation: CustomStringConvertible {
    /// One line: passes, or the denial with all its causes.
    public var description: String {
        denial.map(\.description) ?? "passes under \(permission)"
    }
}
