public import SeawallTime

/// How long an order stays at the venue.
public enum TimeInForce: Hashable, Codable, Sendable {
    /// Until it is filled or cancelled.
    case goodTillCancelled
    /// Until the civil instant; the venue's clock decides.
    case goodTillDate(CivilInstant)
    /// What cannot be filled at once is cancelled.
    case immediateOrCancel
    /// All at once, or nothing.
    case fillOrKill
}
