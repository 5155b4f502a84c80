import Seawall
import SeawallChaos
import SeawallTime
import Testing

/// The budget that all reads of a layer draw their repeats on.
@Suite struct RetryBudgetTests {
    private func configuration(_ budget: RetryBudgetConfiguration?) -> LayerConfiguration {
        var configuration = LayerConfiguration()
        configuration.retryBudget = budget
        return configuration
    }

    /// Why a question for an order ran out; such a read goes past the breaker, so that only the budget holds it back.
    private static func reason(_ rig: Rig) async -> BackoffExhausted.Reason? {
        do {
            _ = try await rig.broker.order(.venue("V1"), symbol: Rig.symbol)
        } catch {
            return (error as? BackoffExhausted)?.reason
        }
        return nil
    }

    @Test func byDefaultThirtyFiveRepeatsOfAmbiguousFailuresEmptyIt() throws {
        try Rig.run(seeds: 0..<1, configuration: LayerConfiguration()) { rig in
            rig.script.always(.query, .fail(.reset))
            var reasons: [BackoffExhausted.Reason?] = []
            for _ in 0..<20 { reasons.append(await Self.reason(rig)) }
            // Two repeats each: 17 calls take 34 of them, the 18th gets one more, the others none.
            #expect(reasons == Array(repeating: .attempts, count: 17) + Array(repeating: .budget, count: 3))
            #expect(rig.script.attempts(of: .query) == 20 + 35)
            // Whoever is refused has waited all the same, so that a loop of reads is not a hot one.
            let before = rig.time.now
            #expect(await Self.reason(rig) == .budget)
            #expect(rig.time.now > before)
        }
    }

    @Test func withoutOneEveryReadIsRepeated() throws {
        try Rig.run(seeds: 0..<1, configuration: configuration(nil)) { rig in
            rig.script.always(.query, .fail(.reset))
            for _ in 0..<20 { #expect(await Self.reason(rig) == .attempts) }
            #expect(rig.script.attempts(of: .query) == 60)
        }
    }

    @Test func theErrorsInTheHistoryAreTheAdapters() throws {
        try Rig.run(seeds: 0..<1) { rig in
            rig.script.always(.query, .fail(.reset))
            do {
                _ = try await rig.broker.order(.venue("V1"), symbol: Rig.symbol)
                Issue.record("it never answers")
            } catch let error as BackoffExhausted {
                #expect(error.history.count == 3)
                #expect(error.history.allSatisfy { $0.error is BrokerError })
            }
        }
    }

    @Test func aBudgetThatMakesNoSenseIsRefusedByTheLayer() throws {
        var budget = RetryBudgetConfiguration()
        budget.capacity = 0
        let nonsense = configuration(budget)
        let report = try Simulation(seed: 1).run { world in
            let error = #expect(throws: InvalidFields.self) {
                _ = try Rig(world.environment, configuration: nonsense)
            }
            #expect(error?.fields.first?.name == "capacity")
        }
        #expect(report.isClean, "\(report)")
    }
}
