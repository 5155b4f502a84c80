public import SeawallTime

/// What a venue says of itself.
public struct VenueStatus: Hashable, Codable, Sendable {
    /// What the venue takes.
    public enum Mode: String, Codable, Sendable, CaseIterable {
        /// Everything.
        case online
        /// Orders that rest, and cancels.
        case postOnly = "post_only"
        /// Cancels only.
        case cancelOnly = "cancel_only"
        /// Nothing at all.
        case maintenance
    }

    /// What the venue takes now.
    public var mode: Mode

    /// When that is said to end, on the venue's clock.
    public var until: CivilInstant?

    /// Makes a status.
    public init(mode: Mode, until: CivilInstant? = nil) {
        self.mode = mode
        self.until = until
    }
}
