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

    /// How far two readings may part beside what each may be wrong by: clocks are set now and then.
    private static let slack = Duration.seconds(1)

    private(set) var reading: Reading?
    /// When a slower answer last agreed with the reading.
    private var borneOutAt: MonotonicInstant?
    /// What was read last, where that contradicts the reading, or this machine's clock before there is one.
    private var claim: Reading?

    /// True where what was read last is not believed: it may be an old answer, and the clock is to be read again.
    var isContested: Bool { claim != nil }

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

    /// Takes in what the venue said its time is, between the question and the answer; `civil` is the machine's clock then.
    ///
    /// What contradicts the reading before, or the machine's clock where there is none, is believed once another answer
    /// bears it out: an answer out of somebody's cache tells the time of long ago.
    mutating func learn(
        _ venue: CivilInstant, asked: MonotonicInstant, answered: MonotonicInstant, civil: CivilInstant
    ) {
        guard answered >= asked else { return }
        let error = asked.duration(to: answered) / 2
        let new = Reading(at: asked.advanced(by: error), venue: venue, error: error)
        let known = reading ?? Reading(at: answered, venue: civil, error: .zero)
        let isBorneOut = claim.map { $0.venue != new.venue && new.agrees(with: $0, within: Self.slack) } ?? false
        guard isBorneOut || new.agrees(with: known, within: Self.slack) else {
            claim = new
            return
        }
        claim = nil
        // A slow answer tells less than a quick one of long ago; it bears that one out, and that is all.
        if !isBorneOut, doubtedAt == nil, let reading, reading.error(at: new.at) < error,
            reading.at.duration(to: new.at) < Self.validity / 2
        {
            borneOutAt = answered
            return
        }
        reading = new
        borneOutAt = nil
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

    /// The reading that the venue's windows may be told by, with all that it may be wrong by; nil while it is contested.
    ///
    /// An answer that is out of date by no more than the slack passes for a new one.
    var windowReading: Reading? {
        guard !isContested, var told = reading else { return nil }
        told.error += Self.slack
        return told
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

    /// True where the venue's clock is to be read: never so far, not for long, or contested.
    func isReadingDue(at now: MonotonicInstant, civil: CivilInstant) -> Bool {
        guard let reading, !isContested else { return true }
        let age = (borneOutAt ?? reading.at).duration(to: now)
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

    /// By how much it is wrong at some other instant, at the most.
    fileprivate func error(at now: MonotonicInstant) -> Duration { error + drift(to: now) }

    /// Two clocks part by up to 1 in 5,000.
    private func drift(to now: MonotonicInstant) -> Duration {
        let between = at.duration(to: now)
        return (between < .zero ? .zero - between : between) / 5_000
    }

    /// Whether both can be of one clock.
    fileprivate func agrees(with other: Self, within slack: Duration) -> Bool {
        let gap = other.told(at: at).duration(to: venue)
        let most = error + other.error + slack + other.drift(to: at)
        return gap <= most && gap >= .zero - most
    }
}
