public import Seawall

/// Writes what a layer decides into the log of a run.
public struct LayerLogger: LayerRecorder {
    private let log: RunLog

    /// Makes a recorder that writes into `log`.
    public init(log: RunLog) { self.log = log }

    /// Writes one line.
    public func record(_ event: LayerEvent) { log.append(.layer(event)) }
}

/// A sink that writes every alert that reaches it into the log of a run.
public struct AlertLogger: AlertSink {
    /// The sink's name in the log.
    public let name: String

    private let log: RunLog

    /// Makes a sink that writes into `log`.
    public init(name: String = "log", log: RunLog) {
        self.name = name
        self.log = log
    }

    /// Writes one line.
    public func deliver(_ alert: Alert) async throws { log.append(.alert(alert, sink: name)) }
}
