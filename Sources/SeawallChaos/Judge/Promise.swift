/// What the library promises and a run is judged by.
public enum Promise: String, Codable, Sendable, CaseIterable, Comparable {
    /// One intent, at most one order at the venue.
    case oneOrderPerIntent = "P1"
    /// Below `open`, nothing that can raise exposure is handed to the venue.
    case reduceOnlyHolds = "P2"
    /// Nothing is sent into a ban or a Retry-After.
    case nothingIntoABan = "P3"
    /// No window of the venue's own shape holds more than its limit.
    case windowsHold = "P4"
    /// Cancels get through.
    case cancelsGetThrough = "P5"
    /// A latch is durable before anything is done because of it.
    case latchIsDurable = "P6"
    /// A trip latches before it acts, and acts once per episode.
    case tripActsOnce = "P7"
    /// What is not proven is unknown.
    case nothingUnproven = "P8"
    /// A half-open breaker ends, and admits no more probes than it was told to.
    case halfOpenEnds = "P9"
    /// Sinks hear once when an episode begins and once when it ends.
    case oneAlertPerEpisode = "P10"
    /// The same seed gives the same bytes.
    case sameSeedSameBytes = "P11"
    /// Once everything has healed, trading goes on within bounded time.
    case progress = "L1"

    /// Promises of safety by number, then those of liveness.
    private var rank: Int { Promise.allCases.firstIndex(of: self) ?? 0 }

    /// Orders promises by number, those of safety before those of liveness.
    public static func < (lhs: Promise, rhs: Promise) -> Bool { lhs.rank < rhs.rank }
}
