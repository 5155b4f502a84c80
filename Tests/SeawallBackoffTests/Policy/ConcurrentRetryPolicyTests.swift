import SeawallTime
import Testing

@testable import SeawallBackoff

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ConcurrentRetryPolicyTests {
    private func names(_ body: () throws -> Void) -> [String] {
        let error = #expect(throws: InvalidFields.self) { try body() }
        return error?.fields.map(\.name) ?? []
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    @Test func eachBadValueIsRefused() throws {
        for duration in [Duration.zero, .seconds(-1)] {
            for timeout in [AttemptTimeout.cooperative(duration), .abandoning(duration)] {
                #expect(names { _ = try ConcurrentRetryPolicy(attemptTimeout: timeout) } == ["attemptTimeout"])
            }
            #expect(names { _ = try Hedging(after: .fixed(duration)) } == ["delay"])
            #expect(names { _ = try Hedging(after: .quantile(permille: 500, minimum: duration)) } == ["minimum"])
        }
        for permille in [Int.min, 0, 1_000, .max] {
            #expect(
                names { _ = try Hedging(after: .quantile(permille: permille, minimum: .seconds(1))) } == ["permille"])
        }
        for hedges in [Int.min, 0, 11, .max] {
            #expect(names { _ = try Hedging(maximumHedges: hedges) } == ["maximumHedges"])
        }
        #expect(names { _ = try Hedging(after: .fixed(.zero), maximumHedges: 0) } == ["delay", "maximumHedges"])
    }

    @Test func whatCouldNeverHappenIsRefused() throws {
        let slow = try RetryPolicy(maximumAttempts: 1, leastAttemptTime: .seconds(5))
        let fields = names {
            _ = try ConcurrentRetryPolicy(
                slow, attemptTimeout: .cooperative(.seconds(5)), hedging: Hedging(after: .fixed(.seconds(5))))
        }
        #expect(fields == ["attemptTimeout", "maximumAttempts", "hedging"])
    }

    @Test func policiesGoThroughJSONAndBack() throws {
        let policies = [
            try ConcurrentRetryPolicy(),
            try ConcurrentRetryPolicy(.cex, attemptTimeout: .cooperative(.milliseconds(2_500))),
            try ConcurrentRetryPolicy(
                .dex, attemptTimeout: .abandoning(.seconds(9)),
                hedging: Hedging(after: .fixed(.seconds(2)), maximumHedges: 2)),
            try ConcurrentRetryPolicy(hedging: Hedging(after: .quantile(permille: 990, minimum: .milliseconds(5)))),
        ]
        for policy in policies {
            let data = try JSONEncoder().encode(policy)
            #expect(try JSONDecoder().decode(ConcurrentRetryPolicy.self, from: data) == policy)
        }
        var budget = RetryBudgetConfiguration()
        budget.capacity = 77
        let data = try JSONEncoder().encode(budget)
        #expect(try JSONDecoder().decode(RetryBudgetConfiguration.self, from: data) == budget)
        #expect(try decode(RetryBudgetConfiguration.self, "{}") == RetryBudgetConfiguration())
    }

    @Test func decodingListsEveryBadFieldAcrossTheWholePolicy() {
        let json = """
            {"maximumAttempts": 0, "leastAttemptTime": -1, "longestRetryAfter": 0, "backoff": {"initial": -1},
             "attemptTimeout": {"cooperative": -2}, "hedging": {"permille": 0, "minimum": -1, "maximumHedges": 99}}
            """
        #expect(
            names { _ = try decode(ConcurrentRetryPolicy.self, json) } == [
                "maximumAttempts", "leastAttemptTime", "longestRetryAfter", "backoff.initial",
                "attemptTimeout.cooperative", "hedging.permille", "hedging.minimum", "hedging.maximumHedges",
            ])
        #expect(names { _ = try decode(RetryBudgetConfiguration.self, #"{"capacity": 0}"#) }.first == "capacity")
    }

    @Test func thePlainFormRefusesTimeoutsAndHedgingWhenItIsBuilt() {
        let json = #"{"maximumAttempts": 0, "attemptTimeout": {"cooperative": 2}, "hedging": {"delay": 1}}"#
        #expect(
            names { _ = try decode(RetryPolicy.self, json) } == ["maximumAttempts", "attemptTimeout", "hedging"])
        #expect(throws: Never.self) {
            _ = try decode(RetryPolicy.self, #"{"attemptTimeout": null, "hedging": null}"#)
        }
    }

    @Test func numbersThatAreNoDurationsAreRefused() {
        for number in ["1e300", "-1e300"] {
            #expect(
                names { _ = try decode(RetryPolicy.self, #"{"elapsedBudget": \#(number)}"#) }.contains("elapsedBudget"))
            #expect(
                names { _ = try decode(ConcurrentRetryPolicy.self, #"{"attemptTimeout": {"abandoning": \#(number)}}"#) }
                    == ["attemptTimeout.abandoning"])
        }
    }
}
