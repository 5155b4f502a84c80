public import SeawallBroker

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Why the gate lets an order or an amend not pass, with everything that would have to change.
public struct Denial: Error, Sendable {
    /// The kind of denial, an open set.
    public struct Code: BrokerIdentifier {
        /// The word for it.
        public var rawValue: String

        /// Makes a code from its word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The permission lets no orders pass at all.
        public static let paused: Code = "paused"
        /// Only what reduces may pass, and the order would make the position grow.
        public static let opens: Code = "opens"
        /// Only what reduces may pass, and there is no position to reduce.
        public static let flat: Code = "flat"
        /// Only what reduces may pass, and nobody knows the position.
        public static let positionUnknown: Code = "position_unknown"
        /// Only what reduces may pass, and the quantity is more than is left to reduce.
        public static let exceedsCapacity: Code = "exceeds_capacity"
        /// Only what reduces may pass, and a quantity in quote cannot be proved to reduce.
        public static let quoteQuantity: Code = "quote_quantity"
        /// The quantity is no number above zero that the gate can count.
        public static let invalidQuantity: Code = "invalid_quantity"
        /// The gate keeps the positions of another account.
        public static let otherAccount: Code = "other_account"
        /// The client order id belongs to another order.
        public static let duplicateID: Code = "duplicate_id"
        /// The gate knows no such order that could still be handed over or changed.
        public static let unknownOrder: Code = "unknown_order"
        /// It is too late to send it.
        public static let expired: Code = "expired"
    }

    /// The kind of denial.
    public var code: Code

    /// What was asked, what was expected, for a person.
    public var message: String

    /// What might be sent when it was decided.
    public var permission: Permission

    /// Every cause that would have to end, the most restrictive first; empty where the permission is not the reason.
    public var blockers: [CauseStatus]

    /// The largest quantity that would have passed, in base (for an amend: whole quantity); nil where none would.
    public var largest: Decimal?

    /// The orders that may close the position first, and so hold what is missing.
    public var holders: [OrderTarget]
}

extension Denial: CustomStringConvertible {
    /// The code, the message and the causes on one line.
    public var description: String {
        var text = "\(code): \(message)"
        if !blockers.isEmpty { text += "; blocked by " + blockers.map(\.description).joined(separator: " | ") }
        return text
    }
}
