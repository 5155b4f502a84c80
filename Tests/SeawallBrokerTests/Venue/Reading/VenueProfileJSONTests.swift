import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueProfileJSONTests {
    private func decode(_ text: String) throws -> VenueProfile {
        try JSONDecoder().decode(VenueProfile.self, from: Data(text.utf8))
    }

    /// What could not be read of a profile.
    private func faults(_ text: String) throws -> [String] {
        do {
            _ = try decode(text)
        } catch DecodingError.dataCorrupted(let context) {
            let faults = try #require(context.underlyingError as? InvalidFields)
            #expect(context.debugDescription == faults.description)
            return faults.fields.map { "\($0.name) \($0.value)" }
        }
        return []
    }

    @Test func aProfileWrittenByHandIsReadAndHolds() throws {
        let profile = try decode(Self.byHand)
        try profile.validate()
        #expect(profile.name == "my-exchange")
        #expect(profile.identity == .uniqueForever)
        #expect(profile.limits.map(\.name) == ["calls", "orders", "open"])
        #expect(profile.limits[1].isPerSymbol)
        #expect(profile.costsByAge[.cancel]?["orders"] == [AgeCost(under: .seconds(5), cost: 800)])
        #expect(profile.wording(of: .rateLimited, to: .place).retryAfter == .epochMilliseconds)
        #expect(profile.wording(of: .cancelUnknown, to: .cancel).code == "gone")
        #expect(profile.meaning(of: "self_trade", to: .place) == .rejected)
        #expect(profile.sequence == .ranges)
        #expect(profile.modes == [.online, .maintenance])
        #expect(profile.deadMan == DeadManRule(shortest: .seconds(5), longest: .seconds(3_600), scope: .account))
        #expect(profile.receiveWindow == .milliseconds(2_500))
        #expect(profile.amendReplaces == false)
        let now = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)
        let limit = profile.error(.rateLimited, to: .place, until: now.advanced(by: .seconds(2)), now: now)
        let outcome = OutcomeClassifier(profile: profile).classify(.place, error: limit, now: .origin, civilNow: now)
        #expect(outcome == .rateLimited(until: .origin.advanced(by: .seconds(2)), scope: .ip))
    }

    @Test(arguments: VenueProfile.all.map(\.name))
    func everyProfileSurvivesTheRoundTrip(name: String) throws {
        let profile = try #require(VenueProfile.named(name))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(profile)
        let read = try JSONDecoder().decode(VenueProfile.self, from: data)
        #expect(read == profile)
        #expect(try encoder.encode(read) == data)
    }

    @Test func aProfileOfBeforeHasTheDefaultsOfWhatCameLater() throws {
        let profile = try decode(#"{"name": "old", "identity": "B", "capabilities": ["dead_man_timer", "candles"]}"#)
        #expect(profile.deadMan == DeadManRule())
        #expect(profile.wordings.isEmpty)
        #expect(profile.modes == Set(VenueStatus.Mode.allCases))
        #expect(profile.sequence == .contiguous)
        #expect(profile.clockLead == .seconds(1))
        #expect(profile.cancelBatchSize == 10)
        try profile.validate()
    }

    @Test func everyFaultOfTheTextIsListedWithItsPath() throws {
        let text =
            #"""
            {"identity": "Z", "visibiltyLag": 3, "heartbeat": 1e300, "pageSize": "many", "sequence": "odd",
             "modes": ["online", "asleep"], "capabilities": "all", "deadMan": {"shortest": "soon", "for": 1},
             "errors": [{"code": "1"}, {"meaning": "rejected", "code": "2"}, 7, {"meaning": "nice"},
                        {"meaning": "rejected", "cod": "3"}],
             "limits": [{"name": "a"}],
             "costs": {"fly": {}, "place": {"a": "much", "b": 1}, "cancel": 3},
             "costsByAge": {"cancel": {"a": [{"under": 5}]}},
             "usageHeaders": {"a": 1}, "limitHeaders": [{"header": "X", "limit": "a", "meaning": "left"}, {"header": "X"}],
             "wordings": {"banned": {"status": 418}, "maintenance": {"message": "no", "retryAfter": "never"}},
             "operationWordings": {"place": {"duplicate": []}}}
            """#
        let faults = try faults(text)
        #expect(
            faults
                == [
                    "capabilities of another kind", "name missing", "identity not understood",
                    "deadMan not understood", "errors[0].meaning missing", "errors[2] of another kind",
                    "errors[3].meaning not understood", "errors[4] not understood", "limits[0].scope missing",
                    "costs.cancel of another kind", "costs.fly \"fly\"", "costs.place.a of another kind",
                    "costsByAge.cancel.a[0].cost missing", "usageHeaders.a of another kind",
                    "limitHeaders[0].meaning not understood", "limitHeaders[1].limit missing",
                    "wordings.banned.message missing", "wordings.maintenance.retryAfter not understood",
                    "operationWordings.place.duplicate of another kind", "sequence not understood",
                    "modes[1] not understood", "heartbeat not understood", "pageSize of another kind",
                    "visibiltyLag there",
                ].sorted(by: order(of: faults)))
    }

    @Test func aWordThatIsNoneIsRefusedWithThoseThatAre() throws {
        let error = #expect(throws: DecodingError.self) { try decode(#"{"name": "a", "identity": "Z"}"#) }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("identity is not understood, expected one of A, B, "), "\(text)")
    }

    /// The faults come in the order in which fields are read; the test cares for which there are.
    private func order(of faults: [String]) -> (String, String) -> Bool {
        { faults.firstIndex(of: $0) ?? .max < faults.firstIndex(of: $1) ?? .max }
    }

    @Test(arguments: ["", "[]", "3", "null", "\"x\"", "{", "{\"name\": }", "{\"name\": \"a\"}}"])
    func rubbishIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try decode(text) }
    }

    private static let byHand = #"""
        {
          "name": "my-exchange",
          "identity": "B'",
          "clientIDLength": 32,
          "errors": [
            {"status": 429, "meaning": "rate_limited", "scope": "ip"},
            {"code": "locked", "meaning": "banned", "scope": "ip"},
            {"code": "gone", "meaning": "no_such_order"},
            {"code": "twice", "operations": ["place"], "meaning": "duplicate"},
            {"code": "closed", "meaning": "venue_mode"},
            {"code": "self", "meaning": "rejected"},
            {"status": 401, "meaning": "authentication"}
          ],
          "limits": [
            {"name": "calls", "scope": "ip", "counts": "weight", "shape": "rolling", "limit": 20, "window": 1},
            {"name": "orders", "scope": "symbol", "counts": "order", "shape": "decay", "limit": 6000, "decay": 100},
            {"name": "open", "scope": "symbol", "counts": "open", "shape": "rolling", "limit": 50}
          ],
          "costs": {
            "place": {"calls": 1, "orders": 100}, "cancel": {"calls": 1}, "query": {"calls": 1},
            "timer": {"calls": 1}, "status": {"calls": 1}
          },
          "costsWithoutSymbol": {"ticker": {"calls": 5}},
          "costsByAge": {"cancel": {"orders": [{"under": 5, "cost": 800}]}},
          "usageHeaders": {"calls": "X-Used"},
          "limitHeaders": [{"header": "RateLimit-Remaining", "limit": "calls", "meaning": "remaining"}],
          "capabilities": ["status", "dead_man_timer", "query_by_client_id", "cancel_by_client_id"],
          "modes": ["online", "maintenance"],
          "deadMan": {"shortest": 5, "longest": 3600, "scope": "account"},
          "visibilityLag": 2,
          "receiveWindow": 2.5,
          "sequence": "ranges",
          "wordings": {
            "rate_limited": {"status": 429, "message": "slow down", "retryAfter": "epoch_ms"},
            "order_rate_limited": {"status": 429, "message": "slow down"},
            "banned": {"status": 403, "code": "locked", "message": "locked until {until_ms}", "retryAfter": "seconds"},
            "duplicate": {"code": "twice", "message": "that id is taken", "body": "{\"error\":\"{code}\"}"},
            "maintenance": {"status": 503, "code": "closed", "message": "closed"},
            "authentication": {"status": 401, "message": "who are you"},
            "self_trade": {"status": 200, "code": "self", "message": "you would trade with yourself",
                           "meaning": "rejected"}
          },
          "operationWordings": {"cancel": {"cancel_unknown": {"status": 404, "code": "gone", "message": "gone"}}}
        }
        """#
}
