public import SeawallTime

/// How alerts are named, repeated, damped, kept and queued.
public struct AlertConfiguration: Hashable, Sendable {
    /// What the ids of episodes begin with, not empty; nil, the default, for `alert-` and the instant of the start.
    ///
    /// Ids count up from 1. A pager takes two troubles of the same id for one: a prefix of your own must be another in
    /// each process and after each restart.
    public var episodePrefix: String?

    /// How long after its last begin or rise an episode is first due for a reminder; the wait doubles each time.
    ///
    /// Above zero; 5 minutes by default, within which most troubles end by themselves.
    public var reminderAfter: Duration

    /// The longest wait between reminders, from `reminderAfter` on; 1 day by default.
    public var longestReminderWait: Duration

    /// Whether reminders, and the ends of what has stopped flapping, come by themselves; true by default.
    ///
    /// Where false, nothing of the manager runs on a timer: call `remindIfDue()`.
    public var remindsByItself: Bool

    /// How many begins of one key within `flapWindow` make it flap, 2 to 1,000, or 0 for never; 5 by default.
    ///
    /// So many are remembered for each key.
    public var flapCount: Int

    /// The stretch of time in which begins are counted, above zero; 10 minutes by default.
    public var flapWindow: Duration

    /// How long trouble that flaps must be over before sinks hear of its end, above zero; 5 minutes by default.
    public var flapCalm: Duration

    /// From which severity on an episode asks for acknowledgement; nil, the default, for none.
    ///
    /// Until it is acknowledged its reminders come every `reminderAfter`, not ever more seldom.
    public var acknowledgeFrom: AlertSeverity?

    /// How many of the last alerts, and of the last transitions of breakers, the history keeps; 100 by default.
    ///
    /// 0 or more.
    public var historyLimit: Int

    /// How many begins and reminders may wait for one sink, 1 or more; 100 by default.
    public var queueLimit: Int

    /// How many episodes may be open at a time, 1 or more; 1,000 by default.
    public var episodeLimit: Int

    /// Makes a configuration; it is checked by the manager.
    public init(
        episodePrefix: String? = nil, reminderAfter: Duration = .seconds(300),
        longestReminderWait: Duration = .seconds(86_400), remindsByItself: Bool = true, flapCount: Int = 5,
        flapWindow: Duration = .seconds(600), flapCalm: Duration = .seconds(300),
        acknowledgeFrom: AlertSeverity? = nil, historyLimit: Int = 100, queueLimit: Int = 100,
        episodeLimit: Int = 1_000
    ) {
        self.episodePrefix = episodePrefix
        self.reminderAfter = reminderAfter
        self.longestReminderWait = longestReminderWait
        self.remindsByItself = remindsByItself
        self.flapCount = flapCount
        self.flapWindow = flapWindow
        self.flapCalm = flapCalm
        self.acknowledgeFrom = acknowledgeFrom
        self.historyLimit = historyLimit
        self.queueLimit = queueLimit
        self.episodeLimit = episodeLimit
    }

    /// Checks every field.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public func validate() throws(InvalidFields) {
        var invalid = InvalidFields(subject: "alert configuration", fields: [])
        invalid.check(episodePrefix != "", "episodePrefix", "\"\"", "a text that is not empty, or none")
        invalid.check(reminderAfter > .zero, "reminderAfter", reminderAfter, "a duration above 0 seconds")
        invalid.check(
            longestReminderWait >= reminderAfter, "longestReminderWait", longestReminderWait, "reminderAfter or more")
        invalid.check(
            flapCount == 0 || (2...1_000).contains(flapCount), "flapCount", flapCount, "2 to 1000, or 0 for never")
        invalid.check(flapWindow > .zero, "flapWindow", flapWindow, "a duration above 0 seconds")
        invalid.check(flapCalm > .zero, "flapCalm", flapCalm, "a duration above 0 seconds")
        invalid.check(historyLimit >= 0, "historyLimit", historyLimit, "0 or more")
        invalid.check(queueLimit >= 1, "queueLimit", queueLimit, "1 or more")
        invalid.check(episodeLimit >= 1, "episodeLimit", episodeLimit, "1 or more")
        try invalid.throwIfAny()
    }

    /// The prefix of ids in a process that started at an instant.
    func prefix(startedAt civil: CivilInstant) -> String {
        episodePrefix ?? "alert-\(String(civil.nanosecondsSinceEpoch, radix: 36))-"
    }

    /// Lengthens the prefix by what tells one start from another where the civil clock does not.
    package mutating func appendToPrefix(_ text: String, startedAt civil: CivilInstant) {
        episodePrefix = prefix(startedAt: civil) + text
    }
}
