/// What became of the alerts of one sink, with what tells it from a later sink of the same name.
package struct SinkReading: Sendable {
    /// The sink, by the number of its registration.
    package let id: UInt64

    package let status: AlertSinkStatus

    /// True where the sink has been removed: the reading is its last.
    package let isLast: Bool
}
