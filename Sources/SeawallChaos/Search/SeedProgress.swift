/// How far a search has come.
public struct SeedProgress: Sendable, Hashable, CustomStringConvertible {
    /// How many seeds are done.
    public let done: Int

    /// How many there are.
    public let all: Int

    /// How many of those that are done went wrong.
    public let failed: Int

    /// How long it has taken, in real time.
    public let elapsed: Duration

    /// The numbers in words.
    public var description: String { "\(done) of \(all) seeds, \(failed) failed, \(elapsed)" }
}
