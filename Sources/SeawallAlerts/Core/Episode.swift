internal import SeawallTime

/// One stretch of trouble, from the first report of its key to the report of its end.
struct Episode: Sendable {
    /// What the trouble does now.
    enum Phase: Sendable {
        /// It is there.
        case active
        /// It flaps, and has been over since an instant; where it stays over until another, sinks hear of the end.
        case calm(since: MonotonicInstant, until: MonotonicInstant)
    }

    /// The next reminder, and how long after it the one after that is due.
    struct Reminder: Sendable {
        var due: MonotonicInstant
        var nextWait: Duration
    }

    let number: UInt64
    let id: String
    let began: MonotonicInstant
    let code: String
    let scope: String
    var severity: AlertSeverity
    var message: String
    var causes: [String]
    var suppressed = 0
    var isFlapping = false
    var acknowledgedBy: String?
    var phase = Phase.active

    /// Nil where somebody looks after it.
    var reminder: Reminder?

    /// When something of it is due by time alone.
    var due: MonotonicInstant? {
        switch phase {
        case .active: reminder?.due
        case .calm(_, let until): until
        }
    }

    /// How long it lasted until an instant; none at all where a clock went back behind its beginning.
    func length(to end: MonotonicInstant) -> Duration { max(.zero, began.duration(to: end)) }

    /// True where a reminder of trouble that is there has come due.
    func isReminderDue(_ now: MonotonicInstant) -> Bool {
        guard case .active = phase, let reminder else { return false }
        return reminder.due <= now
    }
}
