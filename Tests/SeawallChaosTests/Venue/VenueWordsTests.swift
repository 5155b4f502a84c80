import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The venue says no in the words of its profile, whatever these are.
@Suite struct VenueWordsTests {
    private func error(_ call: () async throws -> some Sendable) async -> BrokerError? {
        do {
            _ = try await call()
            return nil
        } catch {
            return error as? BrokerError
        }
    }

    private func limited(_ wording: Wording) throws -> VenueWorld {
        try VenueWorld(
            profile: VenueProfile.plain.with {
                $0.limits = [
                    LimitRule(name: "w", scope: .ip, counts: .weight, shape: .fixed, limit: 1, window: .seconds(60))
                ]
                $0.costs = [.time: ["w": 1]]
                $0.wordings[.rateLimited] = wording
            })
    }

    @Test func anErrorMayComeWithStatus200() async throws {
        let profile = VenueProfile.plain.with {
            $0.wordings[.insufficientFunds] = Wording(
                status: 200, code: "EOrder:Insufficient funds", message: "{code}", body: #"{"error":["{code}"]}"#)
        }
        let world = try VenueWorld(profile: profile)
        let error = try #require(await error { try await world.place(.market(.buy, 1_000_000)) })
        #expect(error.status == 200)
        #expect(error.delivery == .answered)
        #expect(error.venueCode == "EOrder:Insufficient funds")
        #expect(error.body == #"{"error":["EOrder:Insufficient funds"]}"#)
        #expect(world.events(.rejected).map(\.reason) == ["EOrder:Insufficient funds EOrder:Insufficient funds"])
    }

    @Test func wordsForOneOperationGoFirst() async throws {
        let profile = VenueProfile.plain.with {
            $0.operationWordings = [.cancel: [.unknownSymbol: Wording(code: "here", message: "no")]]
        }
        let world = try VenueWorld(profile: profile)
        #expect(await code { try await world.venue.cancel(.venue("1"), symbol: "NONE") } == "here")
        #expect(await code { try await world.venue.ticker(for: "NONE") } == "-1121")
    }

    @Test func theEndOfALimitIsToldInTheVenuesForm() async throws {
        // The run begins at a full minute of 2024-01-01, so the window ends a minute later.
        for (form, expected) in [
            (RetryAfterForm.seconds, "60"), (.httpDate, "Mon, 01 Jan 2024 00:01:00 GMT"),
            (.epochMilliseconds, "1704067260000"),
        ] {
            let world = try limited(Wording(status: 429, code: "w", message: "wait", retryAfter: form))
            _ = try await world.venue.serverTime()
            let error = try #require(await error { try await world.venue.serverTime() })
            #expect(error.retryAfter == expected)
            let said = try #require(RetryAfter(expected))
            let civil = world.venue.civilStart
            #expect(said.instant(now: world.time.now, civilNow: civil) == world.events(.limited).first?.until)
        }
    }

    @Test func aVenueThatDoesNotSayWhenJudgesEachRequestByItselfAndForgetsWhatItRefused() async throws {
        let world = try VenueWorld(
            profile: VenueProfile.plain.with {
                $0.limits = [
                    LimitRule(
                        name: "w", scope: .ip, counts: .weight, shape: .decay, limit: 4, window: .zero, decay: 1)
                ]
                $0.costs = [.time: ["w": 3], .balances: ["w": 1]]
                $0.wordings[.rateLimited] = Wording(status: 200, code: "limit", message: "limit")
                $0.wordings[.banned] = nil
            })
        _ = try await world.venue.serverTime()
        for _ in 1...20 {
            let error = try #require(await error { try await world.venue.serverTime() })
            #expect(error.venueCode == "limit")
            #expect(error.retryAfter == nil)
        }
        // What costs less still fits, and nothing was charged for the twenty.
        _ = try await world.venue.balances()
        #expect(try await world.venue.limits()[0].used == 4)
        world.time.advance(by: .seconds(3))
        _ = try await world.venue.serverTime()
        #expect(world.events(.banned).isEmpty)
    }

    @Test func aVenueWithoutWordsForABanBansNobody() async throws {
        let world = try VenueWorld(
            profile: VenueProfile.plain.with {
                $0.limits = [
                    LimitRule(name: "w", scope: .ip, counts: .weight, shape: .fixed, limit: 1, window: .seconds(60))
                ]
                $0.costs = [.time: ["w": 1]]
                $0.wordings[.banned] = nil
            })
        for _ in 1...30 { _ = try? await world.venue.serverTime() }
        #expect(world.events(.banned).isEmpty)
        #expect(world.events(.limited).count == 29)
        world.time.advance(by: .seconds(60))
        _ = try await world.venue.serverTime()
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func everyRefusalIsWhatTheClassifierTakesItFor(name: String) async throws {
        let profile = try #require(VenueProfile.named(name))
        let world = try VenueWorld(profile: profile)
        let classifier = OutcomeClassifier(profile: profile)
        func check(
            _ reason: RefusalReason, _ operation: BrokerOperation, _ call: () async throws -> some Sendable
        ) async throws {
            let error = try #require(await error(call))
            let outcome = classifier.classify(
                operation, error: error, now: world.time.now, civilNow: world.venue.civilStart)
            #expect(outcome.name == profile.meaning(of: reason, to: operation)?.rawValue, "\(reason)")
        }
        let symbol = VenueWorld.symbol
        try await check(.insufficientFunds, .place) { try await world.place(.market(.buy, 1_000_000)) }
        try await check(.cancelUnknown, .cancel) { try await world.venue.cancel(.venue("99"), symbol: symbol) }
        try await check(.noSuchOrder, .query) { try await world.venue.order(.venue("99"), symbol: symbol) }
        try await check(.unknownSymbol, .place) {
            try await world.place(OrderRequest(symbol: "NONE", side: .buy, quantity: .base(1), type: .market))
        }
        world.venue.setMode(.maintenance, for: .seconds(10))
        try await check(.maintenance, .place) { try await world.place(.market(.buy, 1)) }
        world.venue.setMode(.online)
        world.venue.expireAuthentication(for: .seconds(10))
        try await check(.authentication, .place) { try await world.place(.market(.buy, 1)) }
        try await check(.sessionExpired, .userStream) { try await world.venue.userEvents() }
    }
}
