public import SeawallTime

/// What a limiter knows that the next process must know too, so that restarting overruns nothing.
///
/// One that was taken after `RateLimiter.shutdown()` is exact: a limiter that resumes from it goes on where the other ended
/// (a counter that falls is written in whole units, rounded up).
/// One that was taken while running cannot know what was granted after it: a limiter that resumes from it takes each
/// bucket to be used up but for a part of what the margin leaves of the venue's limit, for one window, and each restart
/// within a window of the one before gets half of that part. So the parts of a crash loop, however long, add up to less
/// than the limit leaves, and no window is overrun. For this to hold, store a snapshot before the first call of each process.
public struct RateLimiterSnapshot: Hashable, Codable, Sendable {
    /// An amount that was used, and how long ago.
    public struct Spending: Hashable, Codable, Sendable {
        /// How much, in the bucket's unit.
        public var amount: Int

        /// Nanoseconds before the snapshot.
        public var age: Int64

        /// Makes a spending.
        public init(amount: Int, age: Int64) {
            self.amount = amount
            self.age = age
        }
    }

    /// One counter.
    public struct Bucket: Hashable, Codable, Sendable {
        /// What it was kept by.
        public var configuration: BucketConfiguration

        /// Its key, where the bucket has one counter for each; else empty.
        public var key: String

        /// What was used and had not left, without what was held.
        public var spent: [Spending]

        /// What calls held that had not ended.
        public var held: Int

        /// What the server was believed to count, with the ages of its words.
        public var reported: [Spending]
    }

    /// A closed gate.
    public struct Gate: Hashable, Codable, Sendable {
        /// The scope that is closed.
        public var scope: String

        /// When it opens, in civil time.
        public var until: CivilInstant
    }

    /// The civil time at which it was taken.
    public var takenAt: CivilInstant

    /// The same on the monotonic clock, in nanoseconds from its origin.
    ///
    /// While that clock goes on, it tells how much time has really passed, whatever the civil clock is set to.
    public var monotonic: Int64

    /// How long the process had run, in nanoseconds.
    public var uptime: Int64

    /// Whether nothing was granted after it.
    public var isFinal: Bool

    /// How many starts before this one came each within a window of the one before, by the names of buckets.
    public var restarts: [String: Int]

    /// The counters, in the order of the configuration, then of keys.
    public var buckets: [Bucket]

    /// The closed gates, sorted by scope.
    public var gates: [Gate]
}
