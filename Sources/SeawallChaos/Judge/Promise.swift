/// One of the promises that the library makes and that a run is judged by.
public enum Promise: String, Codable, Sendable, CaseIterable, Comparable {
    /// One intent, at most one order at the venue.
    case oneOrderPerIntent = "P1"
    /// Below `open`, nothing that can raise exposure is handed to the venue.
    case reduceOnlyHolds = "P2"
    /// Nothing is sent into a ban or a Retry-After.
    case nothingIntoABan = "P3"
    /// Cancels get through.
    case cancelsGetThrough = "P5"
    /// What is not proven is unknown.
    case nothingUnproven = "P8"
    /// The same seed gives the same bytes.
    case sameSeedSameBytes = "P11"

    /// The number behind the letter.
    private var number: Int { Int(rawValue.dropFirst()) ?? 0 }

    /// Orders promises by number.
    public static func < (lhs: Promise, rhs: Promise) -> Bool { lhs.number < rhs.number }
}
