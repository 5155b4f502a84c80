import SeawallTime
import Testing

@Suite struct InvalidFieldsTests {
    @Test func everyFieldIsInTheText() {
        let error = InvalidFields(
            subject: "order",
            fields: [
                .init(name: "price", value: "-1", expected: "more than 0"),
                .init(name: "symbol", value: "empty", expected: "a symbol"),
            ])
        #expect(
            error.description == "invalid order: price is -1, expected more than 0; symbol is empty, expected a symbol")
    }

    @Test func onlyBadFieldsAreNotedAndOnlyTheyThrow() throws {
        var problems = InvalidFields(subject: "plan", fields: [])
        problems.check(true, "a", 1, "1")
        try problems.throwIfAny()
        var inner = InvalidFields(subject: "part", fields: [])
        inner.check(false, "b", 2, "3")
        problems.merge(inner, under: "parts[0]")
        #expect(problems.fields == [.init(name: "parts[0].b", value: "2", expected: "3")])
        #expect(throws: InvalidFields.self) { try problems.throwIfAny() }
    }
}
