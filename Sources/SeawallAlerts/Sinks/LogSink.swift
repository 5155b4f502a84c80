/// A sink that writes each alert as one line.
public final class LogSink: AlertSink {
    /// The name under which it is registered and counted.
    public let name: String
    private let destination: any AlertSink

    /// Makes a sink that writes to the standard output, on a thread of its own: the reader of a pipe may be slow.
    ///
    /// Each line is with the system before it counts as delivered, and so it may come before what the program has printed
    /// earlier and `print` still keeps.
    public convenience init(name: String = "log") {
        self.init(name: name, output: .standard)
    }

    init(name: String, output: LineOutput) {
        self.name = name
        destination = BlockingSink(name) { try output.write($0.logLine) }
    }

    /// Makes a sink that hands each line to `write`, for example to a logger, which must not block.
    public init(name: String = "log", write: @escaping @Sendable (String) -> Void) {
        self.name = name
        destination = HandlerSink(name) { write($0.logLine) }
    }

    /// Writes one line.
    public func deliver(_ alert: Alert) async throws { try await destination.deliver(alert) }
}
