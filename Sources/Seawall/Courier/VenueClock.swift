internal import SeawallAlerts
internal import SeawallBroker
internal import SeawallDegradation
internal import SeawallTime

/// The venue's clock as far as the layer has read it, and the time that requests are signed with.
///
/// It is read at the start, when the venue refuses a request for its time, and again by rhythm, sooner while requests are
/// signed by it. What is wrong with the machine's clock, where the venue minds, is an alert; that requests are refused all
/// the same restricts trading.
final class VenueClock: Sendable {
    private static let episode = "clock"
    private static let fault = CauseID("clock")

    private let core: Lock<VenueClockCore>
    private let isBeingRead = Lock(false)
    private let time: any TimeSource
    private let alerts: AlertManager
    private let gate: OrderGate

    init(_ profile: VenueProfile, gate: OrderGate, alerts: AlertManager, time: any TimeSource) {
        core = Lock(VenueClockCore(lead: profile.clockLead, window: profile.receiveWindow))
        self.gate = gate
        self.alerts = alerts
        self.time = time
    }

    /// The time to sign a request with that is handed over now.
    func venueTime(at now: MonotonicInstant) -> CivilInstant {
        let civil = time.civilNow
        return core.withLock { $0.time(at: now, civil: civil) }
    }

    /// The time by which dates are read that the venue names in an answer of now.
    func date(at now: MonotonicInstant) -> CivilInstant {
        let civil = time.civilNow
        return core.withLock { $0.date(at: now, civil: civil) }
    }

    /// Takes in an answer of the venue to the question for its time.
    func learn(_ venue: CivilInstant, asked: MonotonicInstant) {
        let (now, civil) = (time.now, time.civilNow)
        let offset = core.withLock { core in
            core.learn(venue, asked: asked, answered: now, civil: civil)
            return core.offset(at: now, civil: civil)
        }
        tell(offset)
    }

    /// The reading that the venue's windows may be told by; nil where none is believed now.
    var windowReading: VenueClockCore.Reading? { core.withLock { $0.windowReading } }

    /// True where what was read last is not believed before another answer bears it out.
    var isContested: Bool { core.withLock { $0.isContested } }

    /// Looks at the machine's clock again; true where the venue's should be read anew.
    func check() -> Bool {
        let (now, civil) = (time.now, time.civilNow)
        let (isGood, isDue) = core.withLock { core in
            (core.isCivilGood(at: now, civil: civil), core.isReadingDue(at: now, civil: civil))
        }
        if isGood { alerts.end(Self.episode) }
        return isDue
    }

    /// The venue refused a request for its time; what follows is to be followed.
    func refused(sentAt: MonotonicInstant) -> [PermissionChange] {
        let now = time.now
        guard core.withLock({ $0.refused(sentAt: sentAt, at: now) }) else { return [] }
        return gate.pauses.raise(
            Self.fault, level: .reduceOnly, release: .whenCleared, code: .clockFault,
            message: "the venue refuses requests for their time, though they are signed by its own clock; look at the "
                + "receive window, at the key's nonces, and at what stands between the adapter and the venue")
    }

    /// The venue took a signed request; what follows is to be followed.
    func accepted(sentAt: MonotonicInstant) -> [PermissionChange] {
        core.withLock { $0.accepted(sentAt: sentAt) } ? gate.pauses.clear(Self.fault) : []
    }

    /// Has one caller at a time read the clock; false where somebody does already.
    func beginReading() -> Bool {
        isBeingRead.withLock { isBeingRead in
            defer { isBeingRead = true }
            return !isBeingRead
        }
    }

    func endReading() { isBeingRead.withLock { $0 = false } }

    /// Tells of a venue whose clock cannot be read, where that matters: it refuses requests for their time.
    func tellUnreadable() {
        guard core.withLock({ $0.isCivilRefused }) else { return }
        alerts.begin(
            Self.episode, code: ReasonCode.clockSkew.rawValue, severity: .warning,
            message: "the venue refuses requests for their time, and its own time could not be read; set this "
                + "machine's clock")
    }

    private func tell(_ offset: Duration?) {
        guard let offset else { return }
        let size = offset < .zero ? .zero - offset : offset
        alerts.begin(
            Self.episode, code: ReasonCode.clockSkew.rawValue, severity: .warning,
            message: "this machine's clock is \(size) \(offset < .zero ? "behind" : "ahead of") the venue's; set it. "
                + "Until then requests are signed by the venue's clock")
    }
}

extension ReasonCode {
    /// This machine's clock is not the venue's.
    static let clockSkew: ReasonCode = "clock_skew"
    /// The venue refuses requests for their time, whatever they are signed by.
    static let clockFault: ReasonCode = "clock_fault"
}
