import SeawallBroker
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OrderRequestValidationTests {
    private func order(
        quantity: OrderQuantity = .base(1), type: OrderType = .limit(price: 100),
        _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> OrderRequest {
        var order = OrderRequest(symbol: "BTCUSDT", side: .buy, quantity: quantity, type: type)
        change(&order)
        return order
    }

    private func badFields(
        _ order: OrderRequest, against rules: InstrumentRules? = rules(), now: CivilInstant? = nil
    ) -> [String] {
        do {
            try order.validate(against: rules, profile: .binanceUSDM, now: now)
            return []
        } catch {
            #expect(error.code == .invalidRequest)
            #expect(error.delivery == .notSent)
            return (error.cause as? InvalidFields)?.fields.map(\.name) ?? ["no list"]
        }
    }

    @Test func goodOrdersPass() {
        #expect(badFields(order()) == [])
        #expect(badFields(order(type: .market)) == [])
        #expect(badFields(order(type: .stop(trigger: 90))) == [])
        #expect(badFields(order(type: .stopLimit(trigger: 90, price: number("89.9")))) == [])
        #expect(
            badFields(
                order {
                    $0.isPostOnly = true; $0.clientID = "Az09.:/_-"
                }) == [])
        #expect(badFields(order { $0.timeInForce = .goodTillDate(civilNow) }, now: nil) == [])
        #expect(badFields(order(quantity: .base(number("1.23456"))), against: nil) == [])
    }

    @Test func numbersThatMakeNoSenseAreNamed() {
        for bad in [Decimal.nan, 0, -1] {
            #expect(badFields(order(quantity: .base(bad))) == ["quantity"])
            #expect(badFields(order(type: .limit(price: bad))) == ["price"])
            #expect(badFields(order(type: .stop(trigger: bad))) == ["trigger"])
            #expect(
                badFields(order(quantity: .base(bad), type: .stopLimit(trigger: bad, price: bad))) == [
                    "quantity", "price", "trigger",
                ])
        }
    }

    @Test func theGridAndTheMinimumsHold() {
        #expect(badFields(order(quantity: .base(number("1.0005")))) == ["quantity"])
        #expect(badFields(order(type: .limit(price: number("100.05")))) == ["price"])
        #expect(badFields(order(type: .stop(trigger: number("100.05")))) == ["trigger"])
        #expect(badFields(order(quantity: .base(number("0.001")))) == ["quantity times price"])
        #expect(badFields(order(quantity: .base(number("0.001"))) { $0.isReduceOnly = true }) == [])
        #expect(badFields(order(quantity: .base(number("0.001")), type: .market)) == [])
        #expect(badFields(order { $0.symbol = "ETHUSDT" }) == ["symbol"])
    }

    @Test func aNonsenseGridIsNamedAndNotUsed() {
        for bad in [Decimal.nan, 0, -1] {
            #expect(badFields(order(), against: rules(tick: bad, lot: bad)) == ["rules.tick", "rules.lot"])
        }
    }

    @Test func quoteQuantitiesAreForMarketOrdersOfVenuesThatTakeThem() throws {
        #expect(badFields(order(quantity: .quote(100))) == ["quantity", "quantity"])
        #expect(badFields(order(quantity: .quote(100), type: .market)) == ["quantity"])
        var profile = VenueProfile.binanceUSDM
        profile.capabilities.insert(.quoteQuantity)
        try order(quantity: .quote(100), type: .market).validate(against: rules(), profile: profile)
    }

    @Test func namesAreChecked() {
        #expect(badFields(order { $0.symbol = "" }, against: nil) == ["symbol"])
        #expect(badFields(order { $0.clientID = "" }) == ["clientID"])
        #expect(badFields(order { $0.clientID = "a b" }) == ["clientID"])
        #expect(badFields(order { $0.clientID = "naïve" }) == ["clientID"])
        let long = ClientOrderID(String(repeating: "x", count: 37))
        #expect(badFields(order { $0.clientID = long }) == ["clientID"])
        #expect(badFields(order { $0.intent = "" }) == ["intent"])
        #expect(badFields(order { $0.group = "oco" }) == ["group"])
    }

    @Test func timesInForceMustFit() {
        #expect(badFields(order(type: .market) { $0.isPostOnly = true }) == ["isPostOnly"])
        #expect(badFields(order(type: .stop(trigger: 90)) { $0.isPostOnly = true }) == ["isPostOnly"])
        for timeInForce in [TimeInForce.immediateOrCancel, .fillOrKill] {
            #expect(
                badFields(
                    order {
                        $0.isPostOnly = true; $0.timeInForce = timeInForce
                    }) == ["timeInForce"])
            #expect(badFields(order { $0.timeInForce = timeInForce }) == [])
        }
        #expect(badFields(order { $0.timeInForce = .goodTillDate(civilNow) }, now: civilNow) == ["timeInForce"])
        let before = civilNow.advanced(by: .seconds(-1))
        #expect(badFields(order { $0.timeInForce = .goodTillDate(civilNow) }, now: before) == [])
        #expect(badFields(order(type: .market) { $0.timeInForce = .goodTillDate(civilNow) }) == ["timeInForce"])
        #expect(badFields(order { $0.sendWithin = .zero }) == ["sendWithin"])
    }

    @Test func oneErrorListsAllAndSaysWhatWasExpected() throws {
        let order = order(quantity: .base(-2), type: .limit(price: .nan)) {
            $0.symbol = ""
            $0.clientID = "a b"
            $0.sendWithin = .seconds(-1)
        }
        let error = try #require(throws: BrokerError.self) { try order.validate() }
        #expect(
            error.message == "invalid order: clientID is \"a b\", expected letters, digits and . : / _ - of ASCII; "
                + "symbol is empty, expected a symbol of the venue; quantity is -2, expected more than 0; "
                + "price is NaN, expected more than 0; sendWithin is -1.0 seconds, expected more than 0")
    }

    @Test func amendsAreChecked() throws {
        func bad(_ amend: AmendRequest) -> [String] {
            do {
                try amend.validate(against: rules())
                return []
            } catch {
                return (error.cause as? InvalidFields)?.fields.map(\.name) ?? ["no list"]
            }
        }
        #expect(bad(AmendRequest(target: .client("a"), symbol: "BTCUSDT", quantity: 1, price: 100)) == [])
        #expect(bad(AmendRequest(target: .client(""), symbol: "BTCUSDT")) == ["target", "quantity, price and trigger"])
        #expect(
            bad(AmendRequest(target: .venue("1"), symbol: "X", quantity: number("0.0001"), price: .nan, trigger: -1))
                == ["symbol", "quantity", "price", "trigger"])
    }
}
