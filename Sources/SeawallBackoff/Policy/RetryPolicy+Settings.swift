public import SeawallTime

extension RetryPolicy {
    /// The policy for connecting a stream again, as environment variables have it.
    ///
    /// `GPT_TRADER_WS_RECONNECT_BACKOFF_BASE` (seconds, default 2), `…_BACKOFF_MAX` (seconds, 60), `…_BACKOFF_MULTIPLIER`
    /// (2), `…_JITTER_PCT` (0 to 1, 0.25) and `…_MAX_ATTEMPTS` (10; 0 for no limit). What is missing or empty has its
    /// default.
    ///
    /// - Parameter variables: names and values, for example `ProcessInfo.processInfo.environment`.
    /// - Throws: `InvalidFields` that lists every variable that is out of its range.
    public static func streamReconnect(variables: [String: String]) throws(InvalidFields) -> RetryPolicy {
        let prefix = "GPT_TRADER_WS_RECONNECT_"
        var reader = SettingsReader(variables, subject: "stream reconnection")
        let initial = reader.seconds(prefix + "BACKOFF_BASE") ?? .seconds(2)
        let cap = reader.seconds(prefix + "BACKOFF_MAX") ?? .seconds(60)
        let multiplier = reader.number(prefix + "BACKOFF_MULTIPLIER", in: 1...1_000_000) ?? 2
        let share = reader.number(prefix + "JITTER_PCT", in: 0...1) ?? 0.25
        let attempts = reader.whole(prefix + "MAX_ATTEMPTS", in: 0...Int.max) ?? 10
        if cap < initial {
            let problem = InvalidFields.Field(
                name: prefix + "BACKOFF_MAX", value: "\(cap)", expected: "\(prefix)BACKOFF_BASE, \(initial), or more")
            reader.note(InvalidFields(subject: "", fields: [problem]), as: [:])
        }
        try reader.invalid.throwIfAny()
        return try RetryPolicy(
            maximumAttempts: attempts == 0 ? .max : attempts,
            backoff: .exponential(initial: initial, multiplier: multiplier, cap: cap, jitter: .proportional(share)))
    }
}
