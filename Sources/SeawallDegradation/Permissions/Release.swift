public import SeawallTime

/// What ends a cause.
public enum Release: Hashable, Sendable {
    /// Time alone. The interval is half-open: a cause until t is over at t.
    case at(MonotonicInstant)
    /// Whoever raised it, once the condition is gone.
    case whenCleared
    /// A person, and nothing else.
    case byHand

    /// The instant at which time ends it, where time does.
    public var until: MonotonicInstant? {
        if case .at(let until) = self { until } else { nil }
    }

    /// The stronger of two, by which raising a cause again extends it and never shortens it.
    ///
    /// By hand holds against all, an open end against a timed one, and of two ends the later.
    package func extended(by other: Release) -> Release {
        switch (self, other) {
        case (.byHand, _), (_, .byHand): .byHand
        case (.whenCleared, _), (_, .whenCleared): .whenCleared
        case (.at(let mine), .at(let theirs)): .at(max(mine, theirs))
        }
    }
}

extension Release: CustomStringConvertible {
    /// What would release the cause, for a person.
    public var description: String {
        switch self {
        case .at(let until): "ends by itself at \(until)"
        case .whenCleared: "ends when its condition is cleared"
        case .byHand: "ends only when released by hand"
        }
    }
}
