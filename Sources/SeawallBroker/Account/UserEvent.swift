/// Something that the account's own stream says.
public enum UserEvent: Hashable, Sendable {
    /// An order changed.
    case order(Order, sequence: Int64?)
    /// An order traded.
    case fill(Fill, sequence: Int64?)
    /// A sign of life, without content.
    case heartbeat(sequence: Int64?)
}
