public import Seawall

/// Writes what a layer decides into the log of a run.
public struct LayerLogger: LayerRecorder {
    private let pen: RunPen

    /// Makes a recorder that writes into `log`.
    public init(log: RunLog) { self.init(pen: RunPen(log: log)) }

    init(pen: RunPen) { self.pen = pen }

    /// Writes one line.
    public func record(_ event: LayerEvent) { pen.append(.layer(event)) }
}

/// A sink that writes every alert that reaches it into the log of a run.
public struct AlertLogger: AlertSink {
    /// The sink's name in the log.
    public let name: String

    private let pen: RunPen

    /// Makes a sink that writes into `log`.
    public init(name: String = "log", log: RunLog) { self.init(name: name, pen: RunPen(log: log)) }

    init(name: String = "log", pen: RunPen) {
        self.name = name
        self.pen = pen
    }

    /// Writes one line.
    public func deliver(_ alert: Alert) async throws { pen.append(.alert(alert, sink: name)) }
}
