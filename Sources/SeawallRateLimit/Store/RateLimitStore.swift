/// Limits that several processes share, kept by somebody outside of them: a database, a daemon, or one part of this process.
///
/// What it must guarantee stands at each method. No instant crosses the boundary, for clocks of several processes have no
/// common origin; only lengths of time do. Nor do gates cross it, nor what the venue says of its counts: a store knows only
/// what was taken of it. A ban that one process hears of is not known to the others by it; each has to be told by another
/// way, and programs that do not ask the store are covered by the margin alone.
///
/// A store may be slow, fail or lie: `SharedRateLimiter` then lets nothing go.
public protocol RateLimitStore: Sendable {
    /// What errors call it.
    var name: String { get }

    /// Takes all weights of a charge in one step, or nothing; answers at once, and never waits for a turn.
    ///
    /// What was granted counts in every window from now until one window after its lease has ended: when it is settled, or
    /// else by itself, for whoever holds it may have died.
    func take(_ charge: Charge, lane: Lane) async throws -> StoreAnswer

    /// The call of a lease has ended: from here on time lets its weights go.
    ///
    /// A second time, for a lease that has ended, and for one that it does not know it changes nothing.
    func settle(_ lease: StoreLease) async throws

    /// The call of a lease was not made: as if it had never been granted; else as `settle(_:)`.
    func giveBack(_ lease: StoreLease) async throws
}

/// What a store answers to one who asks.
public enum StoreAnswer: Hashable, Sendable {
    /// The weights are taken.
    case granted(StoreLease)

    /// Nothing was taken; asking again is of no use before so much time has passed.
    ///
    /// Nil only for what can never be granted, whatever is given back: it is not asked again. Who cannot say how long, as
    /// where every counter of a bucket with keys is in use, names a time after which to look again.
    case refused(after: Duration?, reason: String)
}

/// Weights that were taken of a store, for a time.
public struct StoreLease: Hashable, Sendable {
    /// What the store knows it by; no other lease ever has the same.
    public var id: String

    /// How long it lasts from the granting on, unless it is settled before; above zero.
    ///
    /// Longer than any call may be under way: one that arrives after its lease has ended is counted too early.
    public var lasts: Duration

    /// Makes a lease.
    public init(id: String, lasts: Duration) {
        self.id = id
        self.lasts = lasts
    }
}
