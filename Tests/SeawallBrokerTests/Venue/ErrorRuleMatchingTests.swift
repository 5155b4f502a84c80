import SeawallBroker
import SeawallTime
import Testing

@Suite struct ErrorRuleMatchingTests {
    @Test func everyConditionMustFit() {
        let rule = ErrorRule(
            status: 400, code: "-1", contains: "Too Many", operations: [.place], meaning: .rejected)
        func matches(_ status: Int?, _ code: String?, _ message: String, _ operation: BrokerOperation) -> Bool {
            rule.matches(answer(status, code, message), of: operation)
        }
        #expect(matches(400, "-1", "far too many orders", .place))
        #expect(!matches(401, "-1", "far too many orders", .place))
        #expect(!matches(nil, "-1", "far too many orders", .place))
        #expect(!matches(400, "-2", "far too many orders", .place))
        #expect(!matches(400, nil, "far too many orders", .place))
        #expect(!matches(400, "-1", "too few", .place))
        #expect(!matches(400, "-1", "far too many orders", .cancel))
    }

    @Test func wordsWithoutACodeCountInTheBodyAlone() {
        let rule = ErrorRule(status: 503, contains: "busy", meaning: .overloaded)
        #expect(!rule.matches(answer(503, nil, "busy"), of: .place))
        #expect(rule.matches(answer(503, nil, "no", body: "so BUSY now"), of: .place))
        let coded = ErrorRule(code: "7", contains: "busy", meaning: .overloaded)
        #expect(coded.matches(answer(503, "7", "busy"), of: .place))
        #expect(coded.matches(answer(503, "7", "no", body: "busy"), of: .place))
    }

    @Test func textIsFoundAnywhereWhateverItsLetterCase() {
        #expect("abc".containsIgnoringCase("ABC"))
        #expect("xxabc".containsIgnoringCase("aBc"))
        #expect("".containsIgnoringCase(""))
        #expect(!"ab".containsIgnoringCase("abc"))
        #expect(!"".containsIgnoringCase("a"))
        #expect(!"[".containsIgnoringCase("{"), "case is of letters alone")
        #expect("größer".containsIgnoringCase("GRöß"))
    }
}
