import SeawallBroker
import SeawallTime
import Testing

/// What `validate()` finds when fields are right by themselves and wrong together.
@Suite struct ProfileContradictionTests {
    private func problems(_ change: (inout VenueProfile) -> Void) -> [String] {
        var profile = VenueProfile.binanceUSDM
        change(&profile)
        do {
            try profile.validate()
            return []
        } catch {
            return error.fields.map { "\($0.name): \($0.value)" }
        }
    }

    @Test func aRuleThatAnEarlierOneCoversNeverMatches() {
        func covered(_ errors: ErrorRule...) -> [String] {
            problems {
                $0.errors = errors
                $0.wordings = [:]
            }
        }
        let any = ErrorRule(code: "1", meaning: .rejected)
        #expect(covered(any, ErrorRule(code: "1", meaning: .ambiguous)) == ["errors[1]: ambiguous"])
        #expect(covered(any, ErrorRule(status: 400, code: "1", meaning: .ambiguous)) == ["errors[1]: ambiguous"])
        #expect(covered(any, ErrorRule(code: "1", contains: "x", meaning: .ambiguous)) == ["errors[1]: ambiguous"])
        #expect(covered(any, ErrorRule(code: "2", meaning: .ambiguous)) == [])
        #expect(covered(ErrorRule(status: 400, code: "1", meaning: .ambiguous), any) == [])
        let place = ErrorRule(status: 400, operations: [.place, .amend], meaning: .rejected)
        let reads = ErrorRule(status: 400, meaning: .ambiguous)
        #expect(covered(place, reads) == [])
        #expect(covered(place, ErrorRule(status: 400, code: "1", operations: [.place], meaning: .duplicate)).count == 1)
        let rest = ErrorRule(
            status: 400, operations: Set(BrokerOperation.allCases).subtracting([.place]), meaning: .rejected)
        #expect(covered(place, rest, reads) == ["errors[2]: ambiguous"])
        let words = ErrorRule(contains: "Busy", meaning: .overloaded)
        #expect(covered(words, ErrorRule(contains: "too busy now", meaning: .ambiguous)).count == 1)
        #expect(covered(words, ErrorRule(contains: "bus", meaning: .ambiguous)) == [])
        #expect(covered(words, ErrorRule(code: "1", contains: "busy", meaning: .ambiguous)) == [])
        #expect(
            covered(
                ErrorRule(code: "1", contains: "busy", meaning: .overloaded),
                ErrorRule(code: "1", contains: "BUSY", meaning: .rejected)
            ).count == 1)
    }

    @Test func aCoveredRuleReallyNeverMatches() {
        var random = SeededGenerator(seed: 3, stream: "rules")
        func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }
        let sets: [Set<BrokerOperation>?] = [nil, nil, [.place], [.place, .cancel], [.ticker]]
        var found = 0
        for _ in 0..<150 {
            let errors = (0..<4).map { _ in
                ErrorRule(
                    status: pick([nil, 400, 500]), code: pick([nil, "1", "2"]), contains: pick([nil, "a", "ab", "b"]),
                    operations: pick(sets), meaning: .rejected)
            }
            let dead = problems {
                $0.errors = errors
                $0.wordings = [:]
            }.filter { $0.hasSuffix(": rejected") }
            found += dead.count
            for status in [400, 500] {
                for code in ["1", "2", "3"] {
                    for text in ["", "a", "b", "ab", "ba"] {
                        for operation in [BrokerOperation.place, .cancel, .ticker, .fees] {
                            for body in ["", text] {
                                let error = answer(status, code, text, body: body)
                                let first = errors.firstIndex { $0.matches(error, of: operation) }
                                if let first { #expect(!dead.contains("errors[\(first)]: rejected")) }
                            }
                        }
                    }
                }
            }
        }
        #expect(found > 50)
    }

    @Test func wordsThatTheTableTakesForSomethingElse() {
        let problems = problems {
            $0.wordings[.duplicate]?.code = "-2011"
            $0.wordings[.banned]?.status = 503
            $0.wordings[.banned]?.code = "-1"
            $0.wordings[.unknownServerError]?.meaning = .rejected
            $0.wordings[.insufficientFunds]?.retryAfter = .seconds
            $0.wordings[.wouldTake]?.status = 700
            $0.wordings["mine"] = Wording(code: "-2010", message: "no")
            $0.wordings["yours"] = Wording(code: "-2010", message: "no", meaning: .rejected)
            $0.operationWordings = [
                .ticker: [.duplicate: Wording(code: "-4116", message: "twice")],
                .place: [.refused: Wording(code: "-2013", message: "no")],
            ]
        }
        #expect(
            problems == [
                "wordings.banned: ambiguous for place", "wordings.duplicate: no_such_order for place",
                "wordings.insufficient_funds.retryAfter: seconds", "wordings.mine.meaning: nil",
                "wordings.unknown_server_error.meaning: rejected",
                "wordings.unknown_server_error: ambiguous for place", "wordings.would_take.status: 700",
                "operationWordings.place.refused: no_such_order for place",
                "operationWordings.ticker.duplicate: duplicate",
            ])
    }

    @Test func wordsForALimitThatStopOtherCallsThanItCounts() {
        let problems = problems { profile in
            let order = profile.errors.firstIndex { $0.code == "-1015" } ?? 0
            profile.errors[order].scope = "elsewhere"
        }
        #expect(problems == ["wordings.order_rate_limited: elsewhere", "wordings.order_rate_limited: elsewhere"])
    }

    @Test func costsAndLimitsThatDoNotGoTogether() {
        let problems = problems {
            $0.limits += [
                LimitRule(name: "idle", scope: .ip, counts: .weight, shape: .rolling, limit: 5, window: .seconds(1)),
                LimitRule(
                    name: "odd", scope: .ip, counts: .weight, shape: .rolling, limit: 5, window: .seconds(1),
                    offset: .milliseconds(1), decay: 3, releasesOnFill: true),
                LimitRule(name: "open", scope: .symbol, counts: .open, shape: .rolling, limit: 5, window: .zero),
                LimitRule(
                    name: "falls", scope: .symbol, counts: .order, shape: .decay, limit: 5, window: .zero, decay: 1),
            ]
            $0.costs[.place]?["open"] = 1
            $0.costs[.place]?["odd"] = 1
            $0.costs[.status] = ["odd": 1]
            $0.costsByAge = [
                .cancel: [
                    "falls": [
                        AgeCost(under: .seconds(5), cost: 6), AgeCost(under: .seconds(5), cost: 1),
                        AgeCost(under: .seconds(4), cost: -1),
                    ], "gone": [AgeCost(under: .seconds(1), cost: 1)], "odd": [],
                ],
                .ticker: ["falls": [AgeCost(under: .zero, cost: 1)]],
            ]
        }
        #expect(
            problems == [
                "limits[3]: \"idle\"", "limits[4].decay: 3", "limits[4].offset: 0.001 seconds",
                "limits[4].releasesOnFill: true", "costs.place.open: 1", "costs.status: a cost",
                "costsByAge.cancel.falls[0].cost: 6", "costsByAge.cancel.falls[1].under: 5.0 seconds",
                "costsByAge.cancel.falls[2].cost: -1", "costsByAge.cancel.falls[2].under: 4.0 seconds",
                "costsByAge.cancel.gone[0].cost: 1", "costsByAge.cancel.odd: empty", "costsByAge.ticker: ticker",
                "costsByAge.ticker.falls[0].under: 0.0 seconds",
            ])
    }

    @Test func capabilitiesThatContradictOtherFields() {
        let problems = problems {
            $0.capabilities = [.status, .previewAmend, "fly"]
            $0.costs = [:]
            $0.costsWithoutSymbol = [:]
            $0.limits = []
            $0.usageHeaders = [:]
            $0.modes = [.online]
            $0.amendReplaces = true
            $0.clockLead = .seconds(-1)
            $0.cancelBatchSize = 0
        }
        #expect(
            problems == [
                "clockLead: -1.0 seconds", "capabilities: \"fly\"", "capabilities: preview_amend without amend",
                "amendReplaces: true", "modes: online alone", "deadMan: a rule", "cancelBatchSize: 0",
            ])
        let timer = self.problems {
            $0.deadMan = DeadManRule(shortest: .seconds(9), longest: .seconds(8))
            $0.modes = [.maintenance]
        }
        #expect(timer == ["modes: no online", "deadMan.longest: 8.0 seconds"])
        #expect(self.problems { $0.deadMan = nil } == ["deadMan: nil"])
    }

    @Test func scopesThatNoLimitCountsByStopEveryCall() {
        var profile = VenueProfile.binanceUSDM
        profile.limits = []
        profile.costs = [:]
        #expect(profile.scopes(of: BrokerCall(.ticker)) == [.account, .ip])
    }
}
