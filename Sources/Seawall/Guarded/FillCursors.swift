internal import SeawallBroker
internal import SeawallTime

/// From where on fills must be read to see every fill of an order that was sent at some instant.
final class FillCursors: Sendable {
    private struct Mark: Sendable {
        var heardAt: MonotonicInstant
        var cursor: FillCursor
    }

    private static let mostKept = 256

    private let marks = Lock([Mark]())

    /// A read of fills came back now, and the next one goes on from here.
    func note(_ cursor: FillCursor, at now: MonotonicInstant) {
        marks.withLock { marks in
            if marks.last?.cursor == cursor { return }
            marks.append(Mark(heardAt: now, cursor: cursor))
            guard marks.count > Self.mostKept else { return }
            // Every second one of the older half goes: what is further back need not be so fine.
            let older = marks.prefix(Self.mostKept / 2).enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            marks.replaceSubrange(..<(Self.mostKept / 2), with: older)
        }
    }

    /// Where to begin for an order that was sent at `instant`; nil for the beginning.
    func cursor(before instant: MonotonicInstant) -> FillCursor? {
        marks.withLock { marks in marks.last { $0.heardAt <= instant }?.cursor }
    }
}
