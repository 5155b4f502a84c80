public import SeawallBroker

/// Why a simulated venue, or a market of it, could not be made or told what to do.
public struct SimulatedVenueError: Error, Sendable, CustomStringConvertible {
    /// The kind of error, an open set.
    public struct Code: BrokerIdentifier {
        /// The name of the kind.
        public var rawValue: String

        /// Makes a code from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Settings that make no sense.
        public static let invalidConfiguration: Code = "invalid_configuration"
        /// The venue does not trade the symbol.
        public static let unknownSymbol: Code = "unknown_symbol"
        /// The venue would not take the foreign order.
        public static let refused: Code = "refused"
    }

    /// The kind of error.
    public var code: Code

    /// Everything at fault, each with its value and what was expected.
    public var problems: [String]

    /// Makes an error.
    public init(code: Code, problems: [String]) {
        self.code = code
        self.problems = problems
    }

    /// The kind and every problem on one line.
    public var description: String { "\(code): " + problems.joined(separator: "; ") }
}
