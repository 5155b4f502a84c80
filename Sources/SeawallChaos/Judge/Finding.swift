internal import Seawall

/// What a run says of one promise.
public struct Finding: Codable, Hashable, Sendable {
    /// How often the promise was put to a decisive test.
    public var checked = 0

    /// Each time it was broken: when, and what happened.
    public var broken: [String] = []

    /// Makes a finding.
    public init(checked: Int = 0, broken: [String] = []) {
        self.checked = checked
        self.broken = broken
    }

    /// True where it was never broken.
    public var isKept: Bool { broken.isEmpty }

    mutating func accuse(_ record: RunRecord, _ what: String) {
        // A run that breaks a promise ten thousand times says nothing more than one that breaks it a hundred times.
        if broken.count < 100 { broken.append("at \(record.at.secondsText) s: \(what)") }
    }
}
