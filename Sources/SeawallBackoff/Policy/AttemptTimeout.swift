/// How long one attempt may take, and what happens to one that takes longer.
public enum AttemptTimeout: Hashable, Sendable {
    /// The attempt is cancelled and waited for.
    ///
    /// It is honest about being cooperative: an operation that does not heed cancellation holds the retry up until it
    /// returns. What it returns after all is taken; what it throws is a timeout.
    case cooperative(Duration)

    /// The attempt is cancelled and left behind, and the retry goes on at once.
    ///
    /// What it comes to is lost: for an operation whose late effect matters, that is an unknown outcome. Attempts left
    /// behind are counted until they end.
    case abandoning(Duration)

    /// How long an attempt may take.
    public var duration: Duration {
        switch self {
        case .cooperative(let duration), .abandoning(let duration): duration
        }
    }
}
