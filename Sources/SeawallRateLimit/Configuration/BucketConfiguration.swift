internal import SeawallTime

/// One limit of a venue: how much of something may be used in any window of a length.
///
/// ## The bound
///
/// A token that is spent comes back exactly one `window` later, not sooner. So every half-open window of that length,
/// wherever it begins, holds at most `capacity` = `limit` × `marginPerMille` / 1,000 (rounded down, at least 1), after
/// idle time too: a rolling and a fixed window of the venue are both kept. A bucket that refills steadily would let
/// through its burst and a window's refill on top, up to twice the limit.
///
/// With a `burst` below the capacity, any window of length `window` × burst / capacity holds at most `burst`: the same
/// rate in the long run, in smaller pieces.
///
/// For capacities above 1,024 spending is counted in slots of 1/1,024 of the window, and a token comes back up to one
/// slot later, never earlier.
///
/// That is the bound where tokens are granted. It is the bound where the calls arrive, whatever their latency, in a
/// limiter that holds tokens until their calls have ended; see `RateLimiterConfiguration.holdsUntilSettled`.
///
/// ## A counter that falls
///
/// With the shape `decay` the venue keeps no window: its counter falls steadily, from `limit` to nothing in one `window`,
/// and what would lift it above the limit is refused. The bucket keeps the same counter, exactly, below its capacity.
public struct BucketConfiguration: Hashable, Sendable {
    /// How the venue counts.
    public enum Shape: String, Hashable, Codable, Sendable, CaseIterable {
        /// What was used in a window, rolling or fixed.
        case window
        /// A counter that falls by `limit` in each `window`, steadily.
        case decay
        /// What was used since the venue's clock last passed a multiple of `window`.
        case fixed
    }

    /// The name, unique in the limiter; `Charge` and `reportUsage` use it.
    public var name: String

    /// What the venue counts it against, for example "ip" or "account"; empty for none.
    ///
    /// A gate on this scope holds every call that charges the bucket.
    public var scope: String

    /// The venue's own number per window, 100 by default; 1 to 10^15.
    public var limit: Int

    /// How the venue counts, in a window by default.
    public var shape: Shape

    /// Whether the venue has a counter for each key of a charge, for example each symbol; false by default.
    ///
    /// Counters are made as keys come up, and forgotten when they are empty and too many.
    public var isPerKey: Bool

    /// The length of the venue's window, one minute by default; 1 ns to 366 days.
    ///
    /// Of a counter that falls: the time from `limit` to nothing.
    public var window: Duration

    /// How long after the multiples of `window` on the venue's civil clock fixed windows begin, zero by default.
    ///
    /// Of either sign, at most 366 days.
    public var offset: Duration

    /// Whether the venue may stop counting what was used before its window has passed; false by default.
    ///
    /// So it is with limits on orders that fall when an order fills. `RateLimiter.release(_:)` tells of it.
    public var isReleasable: Bool

    /// The part of the limit that is ever used, in thousandths, 800 by default; 1 to 1,000.
    ///
    /// The default leaves room for latency that shrinks between two calls, and keeps usage below the health guard's 0.9.
    public var marginPerMille: Int

    /// The part of what may be used that this process uses, in thousandths, 1,000 by default; 1 to 1,000.
    ///
    /// For several processes on one key or address, each with its part: together at most 1,000. The server's count is
    /// that of all of them: others may use their parts, so it stops this one only where all together have used what the
    /// margin leaves. Then some other uses more than its part, or another program is there too. Its word stands for a window
    /// as ever, so it can keep this one below its part for that long. Of a counter that falls, what falls is shared as well.
    public var sharePerMille: Int

    /// The most that goes at once, 1 to the capacity; nil for the whole capacity.
    public var burst: Int?

    /// Tokens kept for a lane and those above it; lower lanes cannot touch them.
    ///
    /// They add up: a lane may take a token only while the reserves of *all* lanes above it stay in the bucket. The sum
    /// must be below the burst, and the lowest lane can have none.
    public var reserves: [Lane: Int]

    /// Makes a bucket; the numbers are judged when a limiter is made from it.
    public init(
        name: String, scope: String = "", limit: Int = 100, window: Duration = .seconds(60), marginPerMille: Int = 800,
        burst: Int? = nil, reserves: [Lane: Int] = [:], shape: Shape = .window, isPerKey: Bool = false,
        offset: Duration = .zero, isReleasable: Bool = false, sharePerMille: Int = 1_000
    ) {
        self.name = name
        self.scope = scope
        self.limit = limit
        self.window = window
        self.marginPerMille = marginPerMille
        self.burst = burst
        self.reserves = reserves
        self.shape = shape
        self.isPerKey = isPerKey
        self.offset = offset
        self.isReleasable = isReleasable
        self.sharePerMille = sharePerMille
    }

    /// The most that is granted in any window: `limit` × `marginPerMille` × `sharePerMille` / 10^6, rounded down, at least 1.
    public var capacity: Int {
        if sharePerMille == 1_000 { return wholeCapacity }
        // Both factors are cut off: together with any number of 64 bits they stay below 2^127.
        let parts = Int128(Int32(clamping: marginPerMille)) * Int128(Int32(clamping: sharePerMille))
        return max(1, Int(clamping: Int128(limit) * parts / 1_000_000))
    }

    /// Of a counter that falls, how much of ours falls in one window: what falls is shared too, or several would each count on
    /// all of it.
    var limitOfShare: Int {
        sharePerMille == 1_000
            ? limit : max(1, Int(clamping: Int128(limit) * Int128(Int32(clamping: sharePerMille)) / 1_000))
    }

    /// The most that all processes with a share grant in any window: `limit` × `marginPerMille` / 1,000, at least 1.
    public var wholeCapacity: Int {
        max(1, Int(clamping: Int128(limit) * Int128(marginPerMille) / 1_000))
    }
}

extension BucketConfiguration {
    /// Whether a bucket kept by this one knows everything that another counts.
    func remembersAll(of other: BucketConfiguration) -> Bool {
        switch (shape, other.shape) {
        case (.window, .window), (.window, .fixed):
            window >= other.window
        case (.fixed, .fixed):
            window == other.window && offset == other.offset
        case (.decay, .decay):
            // It has fallen no faster than the other would have; a window that was rounded up may be a nanosecond too long.
            fallPerWindow * (Int128(other.window.wholeNanoseconds) - 1)
                <= other.fallPerWindow * Int128(window.wholeNanoseconds)
        case (.window, .decay), (.fixed, .window), (.fixed, .decay), (.decay, .window), (.decay, .fixed):
            false
        }
    }

    /// What falls off our share of a counter in one window, in thousandths; rounded down to whole units it falls no faster.
    ///
    /// Cut off to what they may be: stored ones have not been judged, and with any window it stays below 2^127.
    private var fallPerWindow: Int128 {
        let part = min(max(sharePerMille, 0), Self.margins.upperBound)
        return Int128(min(max(limit, 0), Self.limits.upperBound)) * Int128(part)
    }
}
