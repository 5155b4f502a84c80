/// A point on a clock that never goes back, in nanoseconds from a fixed origin.
///
/// The origin belongs to the `TimeSource` that made the instant (for `SystemTime`, the start of the machine), so
/// instants of two sources, or of two runs of a process, must not be compared. All arithmetic saturates: an instant
/// past `distantFuture` is `distantFuture`, and nothing traps.
public struct MonotonicInstant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since the origin of the time source.
    public var nanoseconds: Int64

    /// Makes an instant from nanoseconds since the origin.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The origin of the time source.
    public static let origin = MonotonicInstant(nanoseconds: 0)

    /// The latest instant there is, used for "never".
    public static let distantFuture = MonotonicInstant(nanoseconds: .max)

    /// The instant that lies `duration` after this one, saturating at both ends of the range.
    ///
    /// A fraction of a nanosecond is rounded away from zero, so that a sleep is never shorter than asked.
    public func advanced(by duration: Duration) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds.addingSaturating(duration.wholeNanoseconds))
    }

    /// The time from this instant to `other`, negative if `other` is earlier, saturating at the range of `Int64`.
    public func duration(to other: MonotonicInstant) -> Duration {
        .nanoseconds(other.nanoseconds.subtractingSaturating(nanoseconds))
    }

    /// Orders instants by time.
    public static func < (lhs: MonotonicInstant, rhs: MonotonicInstant) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}

extension MonotonicInstant: CustomStringConvertible {
    /// Seconds since the origin with nine digits, for example `12.500000000s`.
    public var description: String { "\(secondsText)s" }

    /// Seconds since the origin as an exact decimal with nine digits, as records of a run carry it.
    package var secondsText: String {
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest)
        let sign = nanoseconds < 0 ? "-" : ""
        return "\(sign)\(seconds)." + String(repeating: "0", count: 9 - digits.count) + digits
    }
}
