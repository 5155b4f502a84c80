public import SeawallTime

/// One reason for which less than everything may be sent.
public struct Cause: Hashable, Sendable {
    /// How many lines of evidence a cause keeps: the first, and the latest of the rest.
    package static let evidenceLimit = 16

    /// Who restricts, and over what.
    public var key: CauseKey

    /// The record of this one stay of the cause; a cause that ends and is raised again has another.
    public var record: String

    /// What it still allows.
    public var level: Permission

    /// What ends it.
    public var release: Release

    /// Why, in one word.
    public var code: ReasonCode

    /// Why, for a person.
    public var message: String

    /// What was seen, oldest first; of very many lines the first and the latest are kept.
    public var evidence: [String]

    /// The episode of trouble that the cause belongs to; several causes may share one.
    public var episode: String

    /// When it was raised first.
    public var raisedAt: MonotonicInstant

    package init(
        key: CauseKey, record: String, level: Permission, release: Release, code: ReasonCode, message: String,
        evidence: [String], episode: String, raisedAt: MonotonicInstant
    ) {
        self.key = key
        self.record = record
        self.level = level
        self.release = release
        self.code = code
        self.message = message
        self.evidence = evidence
        self.episode = episode
        self.raisedAt = raisedAt
    }

    /// True until time has ended it; what ends otherwise is removed when it ends.
    package func isActive(at now: MonotonicInstant) -> Bool {
        guard let until = release.until else { return true }
        return now < until
    }

    package mutating func note(_ lines: [String]) {
        evidence += lines
        if evidence.count > Cause.evidenceLimit {
            evidence.removeSubrange(1...(evidence.count - Cause.evidenceLimit))
        }
    }
}

extension Cause: CustomStringConvertible {
    /// One line: level, scope, code, message, and what would release it.
    public var description: String { "\(level) \(key) [\(code)] \(message); \(release)" }
}
