/// A sink that writes each alert as one line.
public final class LogSink: AlertSink {
    /// The name under which it is registered and counted.
    public let name: String
    private let destination: any AlertSink

    /// Makes a sink that prints to the standard output, on a thread of its own: the reader of a pipe may be slow.
    public init(name: String = "log") {
        self.name = name
        destination = BlockingSink(name) { print($0.logLine) }
    }

    /// Makes a sink that hands each line to `write`, for example to a logger, which must not block.
    public init(name: String = "log", write: @escaping @Sendable (String) -> Void) {
        self.name = name
        destination = HandlerSink(name) { write($0.logLine) }
    }

    /// Writes one line.
    public func deliver(_ alert: Alert) async throws { try await destination.deliver(alert) }
}
