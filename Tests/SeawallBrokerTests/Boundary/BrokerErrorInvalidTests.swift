import SeawallBroker
import SeawallTime
import Testing

@Suite struct BrokerErrorInvalidTests {
    @Test func anInvalidRequestSaysThatNothingWasSent() {
        var problems = InvalidFields(subject: "order", fields: [])
        problems.check(false, "price", -1, "more than 0")
        let error = BrokerError(invalid: problems)
        #expect(error.code == .invalidRequest && error.delivery == .notSent)
        #expect(error.cause as? InvalidFields == problems)
        #expect(
            error.description == "invalid_request: invalid order: price is -1, expected more than 0, delivery not_sent")
    }
}
