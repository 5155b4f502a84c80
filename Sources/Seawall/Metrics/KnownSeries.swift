internal import SeawallMetrics
internal import SeawallTime

/// The series of a closed set of keys: at zero from the first reading on, and made when they are first updated or read.
///
/// A layer that nobody reads, as most of the thousands that a simulation runs, makes none but those that it updates.
final class KnownSeries<Key: Hashable & Sendable, Handle: Instrument>: Sendable {
    private let family: ScopedFamily<Handle>
    private let labels: @Sendable (Key) -> [(String, String)]
    private let handles = Lock([Key: Handle]())

    /// The series of `keys`, each with the labels that belong to its key; others are made as they are asked for.
    init(
        _ family: ScopedFamily<Handle>, of keys: [Key], _ scope: MetricsScope,
        labels: @escaping @Sendable (Key) -> [(String, String)]
    ) {
        self.family = family
        self.labels = labels
        scope.sources.beforeFirst { [self] in
            for key in keys { _ = self[key] }
        }
    }

    subscript(key: Key) -> Handle {
        if let handle = handles.withLock({ $0[key] }) { return handle }
        // Two that are first at once get the same from the family.
        let handle = family.with(labels(key))
        handles.withLock { $0[key] = handle }
        return handle
    }
}
