/// How a venue numbers the events of its streams, so that a gap can be told.
public enum SequenceRule: String, Codable, Sendable, CaseIterable {
    /// Not at all: only a new snapshot heals.
    case none
    /// Each number is the one before plus one.
    case contiguous
    /// Each event covers a range of numbers, which must begin right after the last range.
    case ranges
    /// Each event names the number of the one before.
    case previousPointer = "previous_pointer"
}
