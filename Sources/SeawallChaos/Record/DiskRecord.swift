/// The process read or wrote the disk that keeps its journal.
public struct DiskRecord: Sendable {
    /// What was asked of the disk.
    public enum Operation: String, Sendable {
        /// Read everything.
        case read
        /// Add at the end.
        case append
        /// Make safe whatever was added.
        case sync
        /// Put in the place of everything, and make it safe.
        case replace
    }

    /// How it went.
    public enum Outcome: String, Sendable {
        /// Done. What was read holds everything that was made safe before, unharmed.
        case done
        /// It threw.
        case failed
        /// What was read came without an error, and something that was made safe before is harmed or gone.
        case damaged
    }

    /// What was asked.
    public var operation: Operation

    /// How it went.
    public var outcome: Outcome

    /// How many bytes it was about; of a write that failed, what was to be written.
    public var bytes: Int

    /// What was to be written, as text; nil for a read and a sync.
    public var text: String?

    /// Makes a record.
    public init(_ operation: Operation, _ outcome: Outcome, bytes: Int = 0, text: String? = nil) {
        self.operation = operation
        self.outcome = outcome
        self.bytes = bytes
        self.text = text
    }
}
