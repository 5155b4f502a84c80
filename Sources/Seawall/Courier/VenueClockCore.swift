internal import SeawallTime

/// The core of what is known of a venue's clock: one reading of it, told on by the monotonic clock.
///
/// The machine's civil clock is believed until the venue refuses what is signed by it. Then the reading is signed by, less
/// its own error: venues take what is a little old, and refuse what is ahead. Once the civil clock is where the venue
/// takes it, it is believed again.
struct VenueClockCore: Sendable {
    /// What the venue's clock showed at some instant.
    struct Reading: Hashable, Sendable {
        var at: MonotonicInstant
        var venue: CivilInstant
        /// By how much it may be wrong: half of the time that question and answer took.
        var error: Duration
    }

    /// How old a reading that is signed by may get before another one is due.
    static let freshness = Duration.seconds(300)

    /// How old a reading may get by which the venue's dates are read; two clocks drift apart by some 0.2 s meanwhile.
    static let validity = Duration.seconds(3_600)

    private(set) var reading: Reading?

    /// How far ahead of the venue's clock, and how far behind, the machine's may be and is still signed by.
    private let tolerated: (ahead: Duration, behind: Duration)
    /// When the venue last refused a request for its time, until it has taken one sent after that, or was read anew.
    private var doubtedAt: MonotonicInstant?
    private(set) var isCivilRefused = false
    private var isFaulty = false

    /// The clock of a venue that takes requests signed up to `lead` ahead of it, and up to `window` ago.
    init(lead: Duration, window: Duration) {
        // Half of each is left to the way and to the reading's own error.
        tolerated = (lead / 2, window / 2)
    }

    /// Takes in what the venue said its time is, between the question and the answer.
    mutating func learn(_ venue: CivilInstant, asked: MonotonicInstant, answered: MonotonicInstant) {
        guard answered >= asked else { return }
        let error = asked.duration(to: answered) / 2
        let new = Reading(at: asked.advanced(by: error), venue: venue, error: error)
        if let reading, doubtedAt == nil, reading.error < error, reading.at.duration(to: new.at) < Self.freshness {
            return
        }
        reading = new
        doubtedAt = nil
    }

    /// The time to sign with.
    func time(at now: MonotonicInstant, civil: CivilInstant) -> CivilInstant {
        guard let reading, offset(at: now, civil: civil) != nil else { return civil }
        return reading.told(at: now).advanced(by: .zero - reading.error)
    }

    /// The time by which dates are read that the venue names: its own, where that was read not long ago.
    ///
    /// A machine whose clock is wrong would wait too long for them, or not long enough, whether the venue minds or not. Less
    /// the reading's own error: nothing goes out too early.
    func date(at now: MonotonicInstant, civil: CivilInstant) -> CivilInstant {
        guard let reading, reading.at.duration(to: now) < Self.validity else { return civil }
        return reading.told(at: now).advanced(by: .zero - reading.error)
    }

    /// By how much the machine's clock is ahead of the venue's; nil where it is not refused, or not off by too much.
    func offset(at now: MonotonicInstant, civil: CivilInstant) -> Duration? {
        guard isCivilRefused, let reading else { return nil }
        let ahead = reading.told(at: now).duration(to: civil)
        // What a slow answer leaves open is no reason to leave the machine's clock.
        let isAhead = ahead - reading.error > tolerated.ahead
        let isBehind = ahead + reading.error < .zero - tolerated.behind
        return isAhead || isBehind ? ahead : nil
    }

    /// True where the venue's clock is to be read: never so far, or not for long.
    func isReadingDue(at now: MonotonicInstant, civil: CivilInstant) -> Bool {
        guard let reading else { return true }
        let age = reading.at.duration(to: now)
        return age >= (offset(at: now, civil: civil) == nil ? Self.validity / 2 : Self.freshness)
    }

    /// True where the machine's clock is signed by, and nothing says that it is wrong.
    mutating func isCivilGood(at now: MonotonicInstant, civil: CivilInstant) -> Bool {
        guard doubtedAt == nil, offset(at: now, civil: civil) == nil else { return false }
        isCivilRefused = false
        return true
    }

    /// The venue refused a request for its time; true where that is a fault that no reading of its clock mends.
    mutating func refused(sentAt: MonotonicInstant, at now: MonotonicInstant) -> Bool {
        if let reading, reading.at < sentAt, doubtedAt == nil, reading.at.duration(to: now) < Self.freshness {
            isFaulty = true
        }
        doubtedAt = now
        isCivilRefused = true
        return isFaulty
    }

    /// The venue took a signed request; true where that ends a fault.
    mutating func accepted(sentAt: MonotonicInstant) -> Bool {
        if let doubtedAt, sentAt < doubtedAt { return false }
        doubtedAt = nil
        defer { isFaulty = false }
        return isFaulty
    }
}

extension VenueClockCore.Reading {
    /// What the venue's clock shows now.
    func told(at now: MonotonicInstant) -> CivilInstant { venue.advanced(by: at.duration(to: now)) }
}
