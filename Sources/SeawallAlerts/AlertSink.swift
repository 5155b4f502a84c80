/// Where alerts go: a log, a chat, a pager.
///
/// A sink hears the alerts in order, one at a time. It may be slow or throw: nobody waits for it but its own queue.
public protocol AlertSink: Sendable {
    /// The name under which it is registered and counted.
    var name: String { get }

    /// Passes one alert on; a throw is counted as a failure, and the next alert follows.
    func deliver(_ alert: Alert) async throws
}
