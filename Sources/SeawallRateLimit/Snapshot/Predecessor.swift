/// What a limiter takes to have been used of a bucket before it was made.
enum Predecessor: Hashable, Sendable {
    /// Nothing but what it knows.
    case none
    /// What another of the same configuration, of which nothing is known, may have used.
    case unknown
    /// What one may have used that was restarted, after so many restarts each within a window of the one before.
    case restarted(Int)
}
