import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct VenueProfileTests {
    @Test func everyProfileIsValidAndFoundByItsName() throws {
        for profile in VenueProfile.all {
            try profile.judge()
            #expect(VenueProfile.named(profile.name) == profile)
        }
        #expect(VenueProfile.named("binance-usdm")?.identity == .uniqueAmongOpen)
        #expect(VenueProfile.named("nowhere") == nil)
        #expect(Set(VenueProfile.all.map(\.name)).count == VenueProfile.all.count)
    }

    @Test func binanceCountsAsItsDocumentationSays() {
        let profile = VenueProfile.binanceUSDM
        let limits = profile.limits.map { "\($0.name) \($0.scope) \($0.shape) \($0.limit) \($0.window)" }
        #expect(
            limits == [
                "request_weight_1m ip fixed 2400 60.0 seconds", "orders_10s account fixed 300 10.0 seconds",
                "orders_1m account fixed 1200 60.0 seconds",
            ])
        #expect(profile.usageHeaders["orders_10s"] == "X-MBX-ORDER-COUNT-10S")
        #expect(profile.cost(of: BrokerCall(.place, symbol: "BTCUSDT")) == ["orders_10s": 1, "orders_1m": 1])
        #expect(profile.cost(of: BrokerCall(.openOrders, symbol: "BTCUSDT")) == ["request_weight_1m": 1])
        #expect(profile.cost(of: BrokerCall(.openOrders)) == ["request_weight_1m": 40])
        #expect(profile.cost(of: BrokerCall(.balances)) == ["request_weight_1m": 5])
        #expect(profile.cost(of: BrokerCall(.preview, symbol: "BTCUSDT")) == [:])
    }

    @Test func everyCallThatTheVenueServesHasACostAndNoOther() {
        let profile = VenueProfile.binanceUSDM
        let needs: [(BrokerOperation, BrokerCapability)] = [
            (.amend, .amend), (.cancelMany, .cancelMany), (.cancelAll, .cancelAll), (.timer, .deadManTimer),
            (.candles, .candles), (.depth, .depth), (.rules, .rules), (.history, .history), (.fees, .fees),
            (.preview, .preview), (.status, .status), (.time, .serverTime), (.permissions, .permissions),
            (.limits, .limits),
        ]
        for (operation, capability) in needs {
            let isServed = profile.capabilities.contains(capability)
            #expect((profile.costs[operation] != nil) == isServed, "\(operation)")
        }
    }

    @Test func aProfileSurvivesEncodingAndDurationsAreSeconds() throws {
        var profile = VenueProfile.binanceUSDM
        profile.visibilityLag = .milliseconds(1_500)
        profile.limits[0].offset = .milliseconds(250)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(profile)
        #expect(try JSONDecoder().decode(VenueProfile.self, from: data) == profile)
        #expect(try encoder.encode(profile) == data)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains("\"visibilityLag\":1.5"))
        #expect(text.contains("\"window\":60"))
        #expect(text.contains("\"offset\":0.25"))
        #expect(text.contains("\"place\":{\"orders_10s\":1"))
    }

    @Test func onlyNameAndIdentityMustBeWritten() throws {
        let profile = try decode(#"{"name": "mine", "identity": "C"}"#)
        try profile.validate()
        #expect(profile.identity == .unchecked)
        #expect(profile.visibilityLag == .seconds(5))
        #expect(profile.defaultBan == .seconds(120))
        #expect(profile.capabilities.isEmpty)
        #expect(throws: DecodingError.self) { try decode(#"{"identity": "C"}"#) }
        #expect(throws: DecodingError.self) { try decode(#"{"name": "mine"}"#) }
        #expect(throws: DecodingError.self) { try decode(#"{"name": "mine", "identity": "C", "heartbeat": 1e300}"#) }
        #expect(throws: DecodingError.self) { try decode(#"{"name": "mine", "identity": "C", "costs": {"fly": {}}}"#) }
    }

    @Test func oneErrorListsEveryBadField() throws {
        var profile = VenueProfile.binanceUSDM
        profile.name = ""
        profile.wordings = [:]
        profile.clientIDLength = 0
        profile.errors = [
            ErrorRule(operations: [.place], meaning: .rejected), ErrorRule(status: 99, meaning: .ambiguous),
            ErrorRule(code: "", contains: "", meaning: .rejected), ErrorRule(status: 429, meaning: .rateLimited),
            ErrorRule(status: 400, operations: [], meaning: .rejected),
        ]
        profile.limits = [
            LimitRule(name: "a", scope: "", counts: .weight, shape: .fixed, limit: 0, window: .seconds(-1)),
            LimitRule(name: "a", scope: .ip, counts: .weight, shape: .decay, limit: 5, window: .seconds(1)),
            LimitRule(
                name: "b", scope: .ip, counts: .weight, shape: .fixed, limit: 5, window: .seconds(1),
                offset: .seconds(1)),
        ]
        profile.costs = [.place: ["nowhere": 1, "b": 6], .cancel: ["b": -1]]
        profile.costsWithoutSymbol = [:]
        profile.usageHeaders = ["gone": "X-Used", "b": "X Used:"]
        profile.limitHeaders = [
            LimitHeader("X-Left", of: "b", meaning: .remaining), LimitHeader("X Left", of: "b", meaning: .remaining),
            LimitHeader("X-Left", of: "gone", meaning: .reset), LimitHeader("X-Left", of: "b", meaning: .remaining),
        ]
        profile.visibilityLag = .seconds(-1)
        profile.receiveWindow = .zero
        profile.defaultBan = .zero
        profile.defaultRetryAfter = .seconds(1e10)
        profile.heartbeat = .zero
        profile.pageSize = 0
        let error = try #require(throws: InvalidFields.self) { try profile.validate() }
        #expect(
            error.fields.map(\.name) == [
                "name", "clientIDLength", "errors[0].status", "errors[1].status", "errors[2].code",
                "errors[2].contains", "errors[3].scope", "errors[4].operations", "limits[0].scope", "limits[0].limit",
                "limits[0].window", "limits[0]", "limits[1].decay", "limits[1].name", "limits[1]", "limits[2].offset",
                "costs.cancel.b", "costs.place.b", "costs.place.nowhere", "usageHeaders.b", "usageHeaders.gone",
                "limitHeaders[1]", "limitHeaders[2]", "limitHeaders[3]",
                "visibilityLag", "receiveWindow", "defaultBan", "defaultRetryAfter", "heartbeat", "pageSize",
            ])
        #expect(error.description.hasPrefix("invalid venue profile: name is empty, expected a name; "))
        #expect(error.description.contains("clientIDLength is 0, expected 1 to 1024"))
    }

    @Test func ordersOpenAtOnceNeedNoWindow() throws {
        var profile = VenueProfile.binanceUSDM
        profile.limits.append(
            LimitRule(name: "open", scope: .account, counts: .open, shape: .rolling, limit: 200, window: .zero))
        try profile.validate()
    }

    private func decode(_ text: String) throws -> VenueProfile {
        try JSONDecoder().decode(VenueProfile.self, from: Data(text.utf8))
    }
}
