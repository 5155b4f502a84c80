/// What a venue does with a client order id that it has seen before.
public enum IdentityClass: String, Codable, Sendable, CaseIterable {
    /// Creates nothing and returns the first order.
    case returnsOriginal = "A"
    /// Refuses it while the first order is open, and takes it again after.
    case uniqueAmongOpen = "B"
    /// Refuses it for ever, or for long.
    case uniqueForever = "B'"
    /// Does not look at it: a second order is made.
    case unchecked = "C"
}
