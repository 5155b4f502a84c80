import SeawallTestSupport
import SeawallTime
import Testing

@testable import SeawallBackoff

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Configurations come from files: whatever is in them is read, or refused by name, and what was read can be used.
@Suite struct RetryDecodingTests {
    /// How many of the texts were read, and how many refused.
    private func read<Value: Codable & Equatable>(
        _ type: Value.Type, from good: [String], use: (Value) throws -> Void
    ) throws -> (read: Int, refused: Int) {
        var texts = MutatedText(good, seed: 11)
        var (read, refused) = (0, 0)
        for _ in 0..<1_000 {
            let text = texts.next()
            let value: Value
            do {
                value = try JSONDecoder().decode(type, from: Data(text))
            } catch is DecodingError {
                refused += 1
                continue
            } catch let error as InvalidFields {
                #expect(!error.fields.isEmpty)
                refused += 1
                continue
            } catch {
                Issue.record("\(String(decoding: text, as: UTF8.self)) is refused with \(type) \(error)")
                continue
            }
            read += 1
            try use(value)
            let again = try JSONDecoder().decode(type, from: JSONEncoder().encode(value))
            // Seconds as a Double may lose a nanosecond once, and never twice.
            #expect(try JSONDecoder().decode(type, from: JSONEncoder().encode(again)) == again)
        }
        return (read, refused)
    }

    private func expectBoth(_ counts: (read: Int, refused: Int)) {
        #expect(counts.read > 100 && counts.refused > 200, "\(counts)")
    }

    private let backoffs = [
        #"{"kind":"exponential","initial":0.5,"multiplier":2,"cap":10,"jitter":"full"}"#,
        #"{"kind":"constant","delay":2.5,"jitter":{"proportional":0.25}}"#,
    ]

    @Test func backoffPolicies() throws {
        expectBoth(
            try read(BackoffPolicy.self, from: backoffs) { policy in
                for attempt in [Int.min, 0, 1, 2, 63, 64, 1_024, .max] {
                    let delay = policy.delay(afterAttempt: attempt, random: .max, previous: .seconds(Int64.max))
                    #expect(delay >= .zero)
                }
            })
    }

    @Test func retryPolicies() throws {
        let good =
            #"{"maximumAttempts":3,"elapsedBudget":30,"leastAttemptTime":0.1,"longestRetryAfter":60,"backoff":"#
        expectBoth(
            try read(RetryPolicy.self, from: backoffs.map { good + $0 + "}" }) { policy in
                var state = RetryState(policy: policy, effect: .read, now: .origin, deadline: nil)
                #expect(state.begin(now: .origin) == nil)
                _ = state.afterFailure(.repeat(.transient, notBefore: nil), now: .origin, random: .max)
            })
    }

    @Test func concurrentPolicies() throws {
        let good =
            #"{"maximumAttempts":3,"attemptTimeout":{"cooperative":2},"hedging":{"permille":950,"minimum":0.001,"maximumHedges":2},"backoff":"#
        expectBoth(
            try read(ConcurrentRetryPolicy.self, from: backoffs.map { good + $0 + "}" }) { policy in
                #expect(policy.retry.maximumAttempts >= 1)
            })
    }

    @Test func budgets() throws {
        let good =
            #"{"capacity":500,"transientCost":14,"throttledCost":5,"ambiguousCost":14,"hedgeCost":10,"successDeposit":1}"#
        expectBoth(
            try read(RetryBudgetConfiguration.self, from: [good]) { configuration in
                let budget = try RetryBudget(configuration: configuration)
                while budget.tokens > configuration.capacity / 2, budget.withdraw(.hedge) != nil {
                    if configuration.capacity > 100_000 { break }
                }
                budget.succeededAtOnce()
                #expect((0...configuration.capacity).contains(budget.tokens))
            })
    }
}
