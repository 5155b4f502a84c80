import SeawallTime

/// A list that tasks of a test write to.
final class Recorder<Element: Sendable>: Sendable {
    private let storage = Lock<[Element]>([])

    var values: [Element] { storage.withLock { $0 } }

    func append(_ element: Element) {
        storage.withLock { $0.append(element) }
    }
}
