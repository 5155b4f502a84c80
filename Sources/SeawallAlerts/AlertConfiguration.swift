internal import SeawallTime

/// How alerts are named, repeated, kept and queued.
public struct AlertConfiguration: Hashable, Sendable {
    /// What the ids of episodes begin with, `alert-` by default.
    ///
    /// Ids count up from 1. Where ids must not recur after a restart, put the number of the start in here.
    public var episodePrefix: String

    /// How long after its last begin or rise an episode is first due for a reminder; the wait doubles each time.
    ///
    /// Above zero; 5 minutes by default, the end of the first cooldown of a trading guard.
    public var reminderAfter: Duration

    /// The longest wait between reminders, from `reminderAfter` on; 1 day by default.
    public var longestReminderWait: Duration

    /// How many of the last alerts the history keeps, 0 or more; 100 by default.
    public var historyLimit: Int

    /// How many begins and reminders may wait for one sink, 1 or more; 100 by default.
    public var queueLimit: Int

    /// How many episodes may be open at a time, 1 or more; 1,000 by default.
    public var episodeLimit: Int

    /// Makes a configuration; it is checked by the manager.
    public init(
        episodePrefix: String = "alert-", reminderAfter: Duration = .seconds(300),
        longestReminderWait: Duration = .seconds(86_400), historyLimit: Int = 100, queueLimit: Int = 100,
        episodeLimit: Int = 1_000
    ) {
        self.episodePrefix = episodePrefix
        self.reminderAfter = reminderAfter
        self.longestReminderWait = longestReminderWait
        self.historyLimit = historyLimit
        self.queueLimit = queueLimit
        self.episodeLimit = episodeLimit
    }

    func validate() throws(AlertError) {
        var problems: [String] = []
        if reminderAfter <= .zero { problems.append("reminderAfter \(reminderAfter): expected more than 0 s") }
        if longestReminderWait < reminderAfter {
            problems.append("longestReminderWait \(longestReminderWait): expected reminderAfter or more")
        }
        if historyLimit < 0 { problems.append("historyLimit \(historyLimit): expected 0 or more") }
        if queueLimit < 1 { problems.append("queueLimit \(queueLimit): expected 1 or more") }
        if episodeLimit < 1 { problems.append("episodeLimit \(episodeLimit): expected 1 or more") }
        if !problems.isEmpty { throw AlertError(.invalidConfiguration, problems) }
    }
}
