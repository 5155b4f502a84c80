public import SeawallBroker

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// News of the account that the gate cannot count.
public struct GateError: Error, Hashable, Sendable {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The word for it.
        public var rawValue: String

        /// Makes a code from its word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A quantity is no number, too fine, too large, or has the wrong sign.
        public static let invalidQuantity: Code = "invalid_quantity"
    }

    /// The kind of error.
    public var code: Code

    /// The value at fault and what was expected.
    public var message: String

    static func quantity(_ value: Decimal, of subject: String, expected: String) -> GateError {
        GateError(
            code: .invalidQuantity,
            message: "\(subject) is \(value); expected \(expected), with at most 18 decimal places, below 10^20")
    }
}

extension GateError: CustomStringConvertible {
    /// Code and message on one line.
    public var description: String { "\(code): \(message)" }
}
