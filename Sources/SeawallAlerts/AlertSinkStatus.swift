/// What became of the alerts of one sink.
public struct AlertSinkStatus: Codable, Hashable, Sendable {
    /// The sink's name.
    public var name: String

    /// The least severity with which an episode reaches it.
    public var minimumSeverity: AlertSeverity

    /// How many alerts it took.
    public var delivered: Int

    /// How many alerts it threw on.
    public var failed: Int

    /// How many alerts found its queue full.
    public var dropped: Int

    /// How many alerts wait for it, the one that it is at included.
    public var waiting: Int
}
