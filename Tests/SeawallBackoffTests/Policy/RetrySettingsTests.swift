import SeawallBackoff
import SeawallTime
import Testing

@Suite struct RetrySettingsTests {
    @Test func withoutVariablesItIsTheNamedPolicy() throws {
        #expect(try RetryPolicy.streamReconnect(variables: [:]) == .streamReconnect)
        #expect(
            try RetryPolicy.streamReconnect(variables: ["GPT_TRADER_WS_RECONNECT_BACKOFF_BASE": ""]) == .streamReconnect
        )
    }

    @Test func everyVariableIsRead() throws {
        let policy = try RetryPolicy.streamReconnect(variables: [
            "GPT_TRADER_WS_RECONNECT_BACKOFF_BASE": "0.5", "GPT_TRADER_WS_RECONNECT_BACKOFF_MAX": "30.0",
            "GPT_TRADER_WS_RECONNECT_BACKOFF_MULTIPLIER": "1.5", "GPT_TRADER_WS_RECONNECT_JITTER_PCT": "0.1",
            "GPT_TRADER_WS_RECONNECT_MAX_ATTEMPTS": "0",
        ])
        #expect(policy.maximumAttempts == .max)
        #expect(
            policy.backoff.growth
                == .exponential(initial: .milliseconds(500), multiplier: 1.5, cap: .seconds(30)))
        #expect(policy.backoff.jitter == .proportional(0.1))
    }

    @Test func everyBadVariableIsListedByItsName() {
        let error = #expect(throws: InvalidFields.self) {
            try RetryPolicy.streamReconnect(variables: [
                "GPT_TRADER_WS_RECONNECT_BACKOFF_BASE": "-1", "GPT_TRADER_WS_RECONNECT_BACKOFF_MAX": "1",
                "GPT_TRADER_WS_RECONNECT_BACKOFF_MULTIPLIER": "nan", "GPT_TRADER_WS_RECONNECT_JITTER_PCT": "25",
                "GPT_TRADER_WS_RECONNECT_MAX_ATTEMPTS": "ten",
            ])
        }
        #expect(
            error?.fields.map { $0.name.dropFirst("GPT_TRADER_WS_RECONNECT_".count) } == [
                "BACKOFF_BASE", "BACKOFF_MULTIPLIER", "JITTER_PCT", "MAX_ATTEMPTS", "BACKOFF_MAX",
            ])
    }
}
