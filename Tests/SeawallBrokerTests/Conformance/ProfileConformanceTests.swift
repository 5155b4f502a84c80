import SeawallBroker
import SeawallTime
import Testing

/// The same cases for every profile that the library brings.
@Suite struct ProfileConformanceTests {
    private let now = MonotonicInstant.origin.advanced(by: .seconds(1_000))
    private let civilNow = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)

    private func classify(
        _ profile: VenueProfile, _ operation: BrokerOperation, _ error: BrokerError
    ) -> Outcome {
        OutcomeClassifier(profile: profile).classify(operation, error: error, now: now, civilNow: civilNow)
    }

    private func reasons(of profile: VenueProfile, to operation: BrokerOperation) -> [RefusalReason] {
        let own = profile.operationWordings[operation] ?? [:]
        return Set(profile.wordings.keys).union(own.keys).filter { $0.operations.contains(operation) }.sorted()
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func itIsValid(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        try profile.judge()
        try profile.validate()
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func everyWordingIsTakenForWhatItMeans(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        var judged = 0
        for operation in BrokerOperation.allCases where profile.serves(operation) {
            for reason in reasons(of: profile, to: operation) {
                let end = civilNow.advanced(by: .seconds(9))
                let error = profile.error(reason, to: operation, until: end, now: civilNow)
                let outcome = classify(profile, operation, error)
                #expect(outcome.name == profile.meaning(of: reason, to: operation)?.rawValue, "\(reason) \(operation)")
                judged += 1
            }
        }
        #expect(judged > 200)
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func nothingButAnAnswerThatSaysSoIsProofThatAnOrderWasNotMade(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        for (reason, meaning) in [(RefusalReason.unknownServerError, "ambiguous"), (.overloaded, nil)] {
            let outcome = classify(profile, .place, profile.error(reason, to: .place, now: civilNow))
            if let meaning { #expect(outcome.name == meaning) }
        }
        for status in [200, 400, 404, 408, 422, 500, 502, 503, 504, 520, 522, 524] {
            for body in [nil, "", "{}", "<html><body>Bad Gateway</body></html>", #"{"code":-987654,"msg":"new"}"#] {
                let error = answer(status, "-987654", "something new", body: body)
                for operation in [BrokerOperation.place, .amend, .cancel, .cancelAll] {
                    #expect(classify(profile, operation, error) == .ambiguous, "\(status) \(body ?? "nil")")
                }
            }
        }
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func aLimitIsWaitedForInEveryFormOfRetryAfter(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        for reason in [RefusalReason.rateLimited, .orderRateLimited, .banned] {
            var wording = profile.wording(of: reason, to: .place)
            for form in RetryAfterForm.allCases {
                wording.retryAfter = form
                let end = civilNow.advanced(by: .seconds(7_777))
                let gate = try #require(classify(profile, .place, wording.error(until: end, now: civilNow)).gate)
                let isTold = form != .none || wording.message.contains("{until_ms}")
                let least = reason == .banned ? profile.defaultBan : profile.defaultRetryAfter
                let expected = isTold ? Duration.seconds(7_777) : least
                #expect(gate.until >= now.advanced(by: expected), "\(reason) \(form)")
                #expect(gate.until < now.advanced(by: expected + .seconds(1)), "\(reason) \(form)")
            }
        }
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func aLimitStopsTheCallsThatItCounts(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        for limit in profile.limits where limit.counts != .open {
            let reason: RefusalReason = limit.counts == .order ? .orderRateLimited : .rateLimited
            for operation in BrokerOperation.allCases where (profile.costs[operation]?[limit.name] ?? 0) > 0 {
                guard reason.operations.contains(operation) else { continue }
                let outcome = classify(profile, operation, profile.error(reason, to: operation, now: civilNow))
                let scope = try #require(outcome.gate?.scope)
                let call = BrokerCall(operation, symbol: "BTC-USD")
                #expect(profile.scopes(of: call).contains(scope), "\(limit.name) \(operation) \(scope)")
            }
        }
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func everyCallThatTheVenueServesCostsSomethingAndNoOtherDoes(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        for operation in BrokerOperation.allCases {
            let costs =
                profile.costs[operation] != nil || profile.costsByAge[operation] != nil
                || profile.costsWithoutSymbol[operation] != nil
            if costs { #expect(profile.serves(operation), "\(operation)") }
            let isFree: Set<BrokerOperation> = [.marketStream, .userStream]
            if profile.serves(operation), !isFree.contains(operation) { #expect(costs, "\(operation)") }
        }
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func everyReasonThatItsCapabilitiesCallForHasItsWords(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        var needed: Set<RefusalReason> = [
            .unknownSymbol, .symbolHalted, .staleRequest, .earlyRequest, .badParameter, .badCursor, .badExpiry,
            .badPrecision, .badPrice, .priceOutOfRange, .quantityTooLow, .quantityTooHigh, .badClientID,
            .belowMinimumNotional, .insufficientFunds, .wouldTrigger, .wouldTake, .tooManyOpen, .cancelUnknown,
            .noSuchOrder, .refused, .rateLimited, .orderRateLimited, .banned, .authentication, .sessionExpired,
            .overloaded, .unknownServerError, .duplicate,
        ]
        if profile.capabilities.contains(.reduceOnly) { needed.insert(.reduceOnly) }
        if profile.capabilities.contains(.amend) {
            needed.insert(profile.amendReplaces ? .halfReplaced : .nothingToAmend)
        }
        if profile.modes.contains(.maintenance) { needed.insert(.maintenance) }
        if profile.modes.contains(.cancelOnly) { needed.insert(.cancelOnly) }
        if profile.modes.contains(.postOnly) { needed.insert(.postOnly) }
        #expect(needed.subtracting(profile.wordings.keys).isEmpty)
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func theScopeOfABanStopsEveryCall(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        let ban = classify(profile, .place, profile.error(.banned, to: .place, now: civilNow))
        let scope = try #require(ban.gate?.scope)
        for operation in BrokerOperation.allCases {
            #expect(profile.scopes(of: BrokerCall(operation)).contains(scope), "\(operation)")
        }
    }
}
