/// A point in civil time (UTC), in nanoseconds since 1970, for records and for talking to venues.
///
/// Civil clocks are stepped and slewed; intervals are measured with `MonotonicInstant`. Arithmetic saturates.
public struct CivilInstant: Hashable, Comparable, Codable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var nanosecondsSinceEpoch: Int64

    /// Makes an instant from nanoseconds since 1970-01-01T00:00:00Z.
    public init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// Makes an instant from milliseconds since 1970-01-01T00:00:00Z, as most venues write time.
    public init(millisecondsSinceEpoch: Int64) {
        nanosecondsSinceEpoch = millisecondsSinceEpoch.multipliedSaturating(by: 1_000_000)
    }

    /// Whole milliseconds since 1970-01-01T00:00:00Z, rounded down.
    public var millisecondsSinceEpoch: Int64 {
        let (quotient, remainder) = nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The instant that lies `duration` after this one, saturating.
    public func advanced(by duration: Duration) -> CivilInstant {
        CivilInstant(nanosecondsSinceEpoch: nanosecondsSinceEpoch.addingSaturating(duration.wholeNanoseconds))
    }

    /// The time from this instant to `other`, negative if `other` is earlier, saturating.
    public func duration(to other: CivilInstant) -> Duration {
        .nanoseconds(other.nanosecondsSinceEpoch.subtractingSaturating(nanosecondsSinceEpoch))
    }

    /// Orders instants by time.
    public static func < (lhs: CivilInstant, rhs: CivilInstant) -> Bool {
        lhs.nanosecondsSinceEpoch < rhs.nanosecondsSinceEpoch
    }
}
