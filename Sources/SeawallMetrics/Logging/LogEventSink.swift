/// Takes log events: the boundary to a logger.
///
/// To bridge to a logger, hand each event's code and fields on in `write(_:)`, or give a closure to
/// ``EventLog/init(level:levels:time:handler:)``.
public protocol LogEventSink: Sendable {
    /// Takes an event; called on the thread that logs, under no lock, so it must be quick and may not wait.
    func write(_ event: LogEvent)
}
