public import SeawallBroker

/// A named course of trouble: its faults, and what a run of it has to provoke to have shown anything.
public struct FaultPreset: Hashable, Sendable {
    /// A fault that has to strike an operation.
    public struct Strike: Hashable, Sendable {
        /// The fault's name.
        public var fault: String

        /// What it has to strike.
        public var operation: BrokerOperation

        /// Makes a strike to be provoked.
        public init(fault: String, operation: BrokerOperation) {
            self.fault = fault
            self.operation = operation
        }
    }

    /// What a run of an hour, of a bot that trades and reads, has to provoke.
    public struct Provocation: Hashable, Sendable {
        /// The strikes, in order of names.
        public var strikes: [Strike]

        /// The promises that are put to the test.
        public var promises: [Promise]

        /// What the record has to show.
        public var consequences: [Consequence]

        /// Makes a provocation from the operations that each fault has to strike, by its name.
        public init(
            _ strikes: [String: Set<BrokerOperation>] = [:], promises: [Promise] = [], consequences: [Consequence] = []
        ) {
            self.strikes = strikes.sorted { $0.key < $1.key }.flatMap { fault, operations in
                operations.sorted { $0.rawValue < $1.rawValue }.map { Strike(fault: fault, operation: $0) }
            }
            self.promises = promises
            self.consequences = consequences
        }
    }

    /// The name, as on a command line.
    public var name: String

    /// One line for a list.
    public var summary: String

    /// The faults.
    public var plan: FaultPlan

    /// What a run of it has to provoke.
    public var provokes: Provocation

    /// Makes a preset.
    public init(name: String, summary: String, plan: FaultPlan, provokes: Provocation) {
        self.name = name
        self.summary = summary
        self.plan = plan
        self.provokes = provokes
    }

    /// The preset of that name, or nil where there is none.
    public static func named(_ name: String) -> FaultPreset? { all.first { $0.name == name } }
}
