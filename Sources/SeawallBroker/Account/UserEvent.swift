/// Something that the account's own stream says.
public enum UserEvent: Hashable, Sendable {
    /// An order changed.
    case order(Order, sequence: EventSequence?)
    /// An order traded.
    case fill(Fill, sequence: EventSequence?)
    /// A sign of life, without content.
    case heartbeat(sequence: EventSequence?)
}
