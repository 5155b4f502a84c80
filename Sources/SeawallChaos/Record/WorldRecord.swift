public import SeawallTime

/// Something befell the machine or the venue that is no part of a call.
public struct WorldRecord: Sendable {
    /// What it was.
    public enum Event: String, Sendable {
        /// The machine's civil clock was set anew.
        case clockStep = "clock_step"
        /// The machine sleeps.
        case sleep
        /// The machine's disk fails.
        case disk
        /// The venue takes less, or nothing.
        case venueMode = "venue_mode"
        /// The venue refuses the key.
        case authentication
        /// Another process spends of the limits that the bot counts in.
        case secondProcess = "second_process"
    }

    /// What it was.
    public var event: Event

    /// Which: the failure of a disk, the mode of a venue; nil for the rest.
    public var detail: String?

    /// How far a clock was set forward, below zero for back; nil for the rest.
    public var step: Duration?

    /// Of every limit that is shared, how many thousandths another process spends; nil for the rest.
    public var perMille: Int?

    /// When it is over; nil for what is over at once, and for what has no end.
    public var until: MonotonicInstant?

    /// Makes a record; what is left out does not apply.
    public init(
        _ event: Event, detail: String? = nil, step: Duration? = nil, perMille: Int? = nil,
        until: MonotonicInstant? = nil
    ) {
        self.event = event
        self.detail = detail
        self.step = step
        self.perMille = perMille
        self.until = until
    }
}
