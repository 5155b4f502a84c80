import SeawallTime
import Testing

@testable import SeawallBackoff

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct RetryConfigurationTests {
    private func names(_ body: () throws -> Void) -> [String] {
        do {
            try body()
            return []
        } catch let error as InvalidFields {
            return error.fields.map(\.name)
        } catch {
            Issue.record("another error: \(error)")
            return []
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    @Test func aBadPolicyListsEveryBadFieldAtOnce() {
        let fields = names {
            _ = try BackoffPolicy.exponential(
                initial: .seconds(-1), multiplier: .nan, cap: .seconds(-2), jitter: .proportional(1.5))
        }
        #expect(fields == ["initial", "multiplier", "cap", "jitter"])
        #expect(
            names { _ = try RetryPolicy(maximumAttempts: 0, elapsedBudget: .zero) } == [
                "maximumAttempts", "elapsedBudget",
            ])
    }

    @Test func eachBadValueIsRefused() {
        #expect(names { _ = try BackoffPolicy.exponential(initial: .zero) } == ["initial"])
        for multiplier in [0.999, 0, -2, .infinity, -.infinity, .nan] {
            #expect(names { _ = try BackoffPolicy.exponential(multiplier: multiplier) } == ["multiplier"])
        }
        #expect(names { _ = try BackoffPolicy.exponential(initial: .seconds(2), cap: .seconds(1)) } == ["cap"])
        for fraction in [-0.1, 1.1, .infinity, .nan] {
            #expect(names { _ = try BackoffPolicy.exponential(jitter: .proportional(fraction)) } == ["jitter"])
        }
        #expect(names { _ = try BackoffPolicy.constant(.seconds(-1)) } == ["delay"])
        #expect(names { _ = try BackoffPolicy.constant(.seconds(1), jitter: .decorrelated) } == ["jitter"])
        for attempts in [0, -1, .min] {
            #expect(names { _ = try RetryPolicy(maximumAttempts: attempts) } == ["maximumAttempts"])
        }
    }

    @Test func aPolicyListsItsTimesTooWhereTheyMakeNoSense() {
        let fields = names {
            _ = try RetryPolicy(
                maximumAttempts: -1, elapsedBudget: .seconds(-1), leastAttemptTime: .seconds(-1),
                longestRetryAfter: .zero)
        }
        #expect(fields == ["maximumAttempts", "elapsedBudget", "leastAttemptTime", "longestRetryAfter"])
    }

    @Test func theMessageNamesValueAndRange() throws {
        let error = #expect(throws: InvalidFields.self) { try RetryPolicy(maximumAttempts: 0) }
        #expect(
            error?.description
                == "invalid retry configuration: maximumAttempts is 0, expected a whole number of 1 or more")
    }

    @Test func policiesGoThroughJSONAndBack() throws {
        let policies = [
            RetryPolicy.general, .cex, .dex, .socialAPI, .streamReconnect,
            try RetryPolicy(maximumAttempts: .max, elapsedBudget: .milliseconds(1_500), backoff: .constant(.zero)),
            try RetryPolicy(backoff: .exponential(initial: .milliseconds(1), multiplier: 1.5, jitter: .decorrelated)),
            try RetryPolicy(
                leastAttemptTime: .milliseconds(20), longestRetryAfter: nil,
                backoff: .constant(.seconds(3), jitter: .equal)),
        ]
        for policy in policies {
            let data = try JSONEncoder().encode(policy)
            #expect(try JSONDecoder().decode(RetryPolicy.self, from: data) == policy)
        }
    }

    @Test func absentFieldsHaveTheirDefaultsAndDurationsAreSeconds() throws {
        #expect(try decode(RetryPolicy.self, "{}") == .general)
        let policy = try decode(
            RetryPolicy.self, #"{"maximumAttempts": 3, "backoff": {"initial": 0.5, "cap": 10}}"#)
        #expect(policy == .cex)
        let constant = try decode(BackoffPolicy.self, #"{"kind": "constant", "delay": 2.5}"#)
        #expect(try constant == .constant(.milliseconds(2_500)))
    }

    @Test func decodingListsEveryBadFieldAcrossTheWholePolicy() {
        let json =
            #"{"maximumAttempts": 0, "elapsedBudget": -1, "backoff": {"initial": 0, "multiplier": 0, "cap": 1e300}}"#
        let fields = names { _ = try decode(RetryPolicy.self, json) }
        #expect(
            fields == ["maximumAttempts", "elapsedBudget", "backoff.cap", "backoff.initial", "backoff.multiplier"])
    }

    @Test func aKeyThatNoFieldHasIsRefused() {
        #expect(throws: DecodingError.self) { try decode(RetryPolicy.self, #"{"maxAttempts": 3}"#) }
        #expect(throws: DecodingError.self) { try decode(ConcurrentRetryPolicy.self, #"{"maxAttempts": 3}"#) }
        #expect(throws: DecodingError.self) { try decode(BackoffPolicy.self, #"{"max": 3}"#) }
        #expect(throws: DecodingError.self) { try decode(RetryPolicy.self, #"{"backoff": {"max": 3}}"#) }
        #expect(throws: DecodingError.self) { try decode(Hedging.self, #"{"after": 3}"#) }
        #expect(throws: DecodingError.self) { try decode(AttemptTimeout.self, #"{"cooperative": 3, "hard": 1}"#) }
        #expect(throws: DecodingError.self) { try decode(RetryBudgetConfiguration.self, #"{"cost": 3}"#) }
    }

    @Test func anUnknownJitterIsADecodingError() {
        #expect(throws: DecodingError.self) { try decode(Jitter.self, #""some""#) }
        #expect(throws: DecodingError.self) { try decode(Jitter.self, #"{"fraction": 1}"#) }
    }
}
