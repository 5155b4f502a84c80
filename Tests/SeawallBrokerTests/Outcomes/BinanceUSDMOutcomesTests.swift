import SeawallBroker
import SeawallTime
import Testing

/// Every line of the table of outcomes, in the words of Binance USD-M futures.
@Suite struct BinanceUSDMOutcomesTests {
    @Test(arguments: ["-1000", "-1001", "-1006", "-1007", "-2012"])
    func executionStatusUnknownIsAmbiguous(code: String) {
        for status in [400, 408, 500, 503] {
            #expect(classify(.place, answer(status, code)) == .ambiguous)
            #expect(classify(.cancel, answer(status, code)) == .ambiguous)
        }
    }

    @Test func theTextsOfA503AreToldApart() {
        let unknown = "Unknown error, please check your request or try again later."
        let throttled = "Request throttled by system-level protection. Reduce-only/close-position orders are exempt."
        func outcome(_ body: String?, _ message: String = "HTTP 503") -> Outcome {
            classify(.place, answer(503, nil, message, body: body))
        }
        #expect(outcome(unknown) == .ambiguous)
        #expect(outcome("Service Unavailable.") == .overloaded)
        #expect(outcome("{\"code\":-1,\"msg\":\"Service Unavailable\"}") == .overloaded)
        #expect(outcome("{\"code\": -1, \"msg\": \"service unavailable.\"}") == .overloaded)
        #expect(outcome(throttled) == .overloaded)
        #expect(outcome(nil) == .ambiguous)
        #expect(outcome("") == .ambiguous)
    }

    @Test func aGatewaysPageOrAStatusNameIsNoProof() {
        let page = "<HTML><body><h1>503 Service Unavailable.</h1></body></HTML>"
        #expect(classify(.place, answer(503, nil, "no", body: page)) == .ambiguous)
        #expect(classify(.place, answer(503, nil, "503 Service Unavailable.")) == .ambiguous)
        #expect(classify(.place, answer(503, nil, "no", body: "{\"message\":\"Service Unavailable\"}")) == .ambiguous)
    }

    @Test func serverBusyIsOverloaded() {
        for status in [400, 429, 503] where status != 429 {
            #expect(classify(.place, answer(status, "-1008")) == .overloaded)
        }
    }

    @Test func aLimitNamesItsScopeAndWaitsAsLongAsTheServerSaid() {
        let ip = Outcome.rateLimited(until: now.advanced(by: .seconds(30)), scope: .ip)
        #expect(classify(.place, answer(429, nil, "slow", retryAfter: "30")) == ip)
        #expect(classify(.ticker, answer(429, "-1003", "Too many requests", retryAfter: "30")) == ip)
        let account = Outcome.rateLimited(until: now.advanced(by: .seconds(7)), scope: .account)
        #expect(classify(.place, answer(429, "-1015", "Too many new orders", retryAfter: "7")) == account)
        #expect(classify(.place, answer(400, "-1015", retryAfter: "7")) == account)
    }

    @Test func aLimitWithoutAUsefulEndLastsTheProfilesDefault() {
        let expected = Outcome.rateLimited(until: now.advanced(by: .seconds(60)), scope: .ip)
        for text in [nil, "", "soon", "-5", "0", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT"] {
            #expect(classify(.place, answer(429, nil, retryAfter: text)) == expected, "\(text ?? "nil")")
        }
    }

    @Test func retryAfterIsNeverCapped() {
        let outcome = classify(.place, answer(429, nil, retryAfter: "86400"))
        #expect(outcome.gate?.until == now.advanced(by: .seconds(86_400)))
        let far = classify(.place, answer(429, nil, retryAfter: "9223372036854"))
        #expect(far.gate.map { $0.until > now.advanced(by: .seconds(86_400 * 365)) } == true)
    }

    @Test func retryAfterMayBeADateOrEpochMilliseconds() {
        let ms = classify(.place, answer(429, nil, retryAfter: "1700000045000"))
        #expect(ms.gate?.until == now.advanced(by: .seconds(45)))
        let date = classify(.place, answer(429, nil, retryAfter: "Tue, 14 Nov 2023 22:13:50 GMT"))
        #expect(date.gate?.until == now.advanced(by: .seconds(30)))
    }

    @Test func aBanNamesItsEndInTheMessageOrTheHeader() {
        let text = "Way too many requests; IP banned until 1700000600000. Please use the websocket to avoid bans."
        let ten = Outcome.banned(until: now.advanced(by: .seconds(600)), scope: .ip)
        #expect(classify(.place, answer(418, "-1003", text)) == ten)
        #expect(classify(.place, answer(400, "-1003", text)) == ten)
        #expect(classify(.place, answer(429, "-1003", "no", body: "{\"msg\":\"\(text)\"}")) == ten)
        #expect(classify(.place, answer(418, "-1003", text, retryAfter: "60")) == ten)
        let longer = Outcome.banned(until: now.advanced(by: .seconds(900)), scope: .ip)
        #expect(classify(.place, answer(418, "-1003", text, retryAfter: "900")) == longer)
    }

    @Test func aBanWithoutAnEndLastsTwoMinutes() {
        let expected = Outcome.banned(until: now.advanced(by: .seconds(120)), scope: .ip)
        #expect(classify(.cancel, answer(418)) == expected)
        #expect(classify(.cancel, answer(403)) == expected)
        #expect(classify(.cancel, answer(418, "-1003", "IP banned until %s")) == expected)
        #expect(classify(.cancel, answer(418, "-1003", "IP banned until 12")) == expected)
    }

    @Test(arguments: ["-1013", "-1111", "-1121", "-2010", "-2019", "-2021", "-4003", "-4014", "-4164", "-5022"])
    func refusalsAreFinal(code: String) {
        #expect(classify(.place, answer(400, code, "why")) == .rejected(reason: "\(code): why"))
    }

    @Test func theOtherLinesOfTheTable() {
        let lines: [(code: String, outcome: String)] = [
            ("-2022", "reduce_capacity"), ("-4118", "reduce_capacity"), ("-2011", "no_such_order"),
            ("-2013", "no_such_order"), ("-4116", "duplicate"), ("-1021", "clock_skew"), ("-5028", "clock_skew"),
            ("-1002", "authentication"), ("-1022", "authentication"), ("-2014", "authentication"),
            ("-2015", "authentication"), ("-1125", "session_expired"), ("-4400", "venue_mode"),
            ("-4141", "venue_mode"), ("-1016", "venue_mode"),
        ]
        for (code, outcome) in lines {
            for operation in [BrokerOperation.place, .cancel, .query] {
                #expect(classify(operation, answer(400, code)).name == outcome, "\(code) \(operation)")
            }
        }
        #expect(classify(.balances, answer(401)) == .authentication)
        #expect(classify(.place, answer(403, "-2015")) == .authentication)
        #expect(classify(.place, answer(409, "-2021")) == .partial)
    }

    @Test func aDuplicateIsToldFromOtherRefusals() {
        #expect(classify(.place, answer(400, "-2010", "Duplicate order sent.")) == .duplicate)
        #expect(classify(.place, answer(400, "-2010", "no", body: "{\"msg\":\"duplicate ORDER sent\"}")) == .duplicate)
        #expect(classify(.place, answer(400, "-2010", "Account has insufficient balance")).name == "rejected")
    }
}
