internal import SeawallTime

/// One stretch of trouble, from the first report of its key to the report of its end.
struct Episode: Sendable {
    let number: UInt64
    let id: String
    let began: MonotonicInstant
    let code: String
    let scope: String
    var severity: AlertSeverity
    var message: String
    var causes: [String]
    var suppressed = 0
    var reminderDue: MonotonicInstant
    var reminderWait: Duration

    /// Sets the next reminder strictly after `now`; the wait after that one is twice as long, up to `longest`.
    mutating func scheduleReminder(after wait: Duration, from now: MonotonicInstant, longest: Duration) {
        reminderDue = now.advanced(by: wait)
        // Half first: doubling a duration can pass its range.
        reminderWait = wait > longest / 2 ? longest : wait * 2
    }
}
