import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// With a profile, errors come in the venue's own words, and mean to its classifier what the effect says.
@Suite struct FaultWordsTests {
    private func outcome(
        _ effect: FaultEffect, _ operation: BrokerOperation, at profile: VenueProfile
    ) async throws -> (Outcome, BrokerError) {
        let time = ManualTime()
        let broker = try ChaosBroker(
            EveryCall.base(), plan: [.once(effect, on: FaultMatch(operations: [operation]))],
            environment: RuntimeEnvironment(time: time), profile: profile)
        let error = try await #require(throws: BrokerError.self) { try await EveryCall.make(operation, to: broker) }
        let classifier = OutcomeClassifier(profile: profile)
        return (classifier.classify(operation, error: error, now: time.now, civilNow: time.civilNow), error)
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func eachMeansWhatItSays(profile name: String) async throws {
        let profile = try #require(VenueProfile.all.first { $0.name == name })
        for operation in [BrokerOperation.place, .cancel, .amend, .query, .openOrders] {
            for form in FaultRetryAfter.everyForm(seconds: 30) {
                let (limited, error) = try await outcome(.rateLimited(retryAfter: form), operation, at: profile)
                #expect(limited.name == "rate_limited", "\(name) \(operation.rawValue) \(error)")
                #expect(error.retryAfter == form.text(civilNow: ManualTime().civilNow))
                let (banned, _) = try await outcome(.banned(retryAfter: form), operation, at: profile)
                #expect(banned.name == "banned", "\(name) \(operation.rawValue)")
            }
            let (refused, _) = try await outcome(.errorInside(applied: false), operation, at: profile)
            #expect(refused.name == "rejected", "\(name) \(operation.rawValue)")
            // What may have been done must never sound like a proof that it was not.
            for effect in [
                FaultEffect.errorInside(applied: true), .unreadable(.rubbish, applied: true),
                .unreadable(.empty, applied: true), .unreadable(.html(502), applied: true),
            ] {
                let (unknown, error) = try await outcome(effect, operation, at: profile)
                #expect(unknown.name == "ambiguous", "\(name) \(operation.rawValue) \(error)")
            }
        }
        let (hidden, _) = try await outcome(
            .hiddenOrder("c1", for: .seconds(9), onStreams: false), .query, at: profile)
        #expect(hidden.name == "no_such_order")
        // A venue that has no words for it amends in one step; then nobody knows.
        let half = profile.wordings[.halfReplaced] == nil ? "ambiguous" : "partial"
        #expect(try await outcome(.halfAmend(.cancel), .amend, at: profile).0.name == half)
        if profile.amendReplaces {
            #expect(try await outcome(.halfAmend(.order), .amend, at: profile).0.name == half)
        }
    }

    @Test func aSimulatedVenueLendsItsWords() async throws {
        let rig = try VenueWorld(profile: .binanceUSDM)
        let broker = try ChaosBroker(
            rig.venue, plan: [.once(.rateLimited(retryAfter: "7"))], environment: RuntimeEnvironment(time: rig.time))
        let error = try await #require(throws: BrokerError.self) { try await broker.balances() }
        #expect(error.venueCode == "-1003")
        #expect(error.retryAfter == "7")
        rig.venue.close()
    }
}
