import Seawall

/// Shows on a terminal how far a run is.
final class Progress: Sendable {
    private let title: String
    private let length: Int64
    private let show: @Sendable (String) -> Void
    private let shown = Lock(-1 as Int64)

    /// Nil where nobody watches.
    init?(scenario: String, seed: UInt64, hours: Double, show: (@Sendable (String) -> Void)?) {
        guard let show else { return nil }
        title = "\(scenario), seed \(seed)"
        length = max(1, Int64(hours * 3_600_000_000_000 / 100))
        self.show = show
    }

    /// Shows the percentage where it is another than before; of the two runs this is the first.
    func observe(_ instant: MonotonicInstant) {
        let percent = min(100, instant.nanoseconds / length)
        let isNew = shown.withLock { shown in
            defer { shown = percent }
            return shown != percent
        }
        if isNew { show(percent < 100 ? "\(title): \(percent) %" : "\(title): once more") }
    }

    /// Takes the line away.
    func end() { show("") }
}
