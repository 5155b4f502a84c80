import Seawall
import SeawallBroker
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is written of an answer to several orders at once.
@Suite struct ResultRecordTests {
    private func result(_ name: String, _ error: BrokerError? = nil) -> CancelResult {
        let order = Order(
            venueID: "1", symbol: "BTC", side: .buy, quantity: 1, type: .market, status: .cancelled)
        return CancelResult(target: .venue(VenueOrderID(name)), result: error.map { .failure($0) } ?? .success(order))
    }

    private func failure(_ code: GuardError.Code) -> BrokerError {
        BrokerError(
            code: .answered, message: "m", delivery: .answered, cause: GuardError(code: code, message: "m"))
    }

    @Test(arguments: [BrokerOperation.cancelMany, .cancelAll])
    func aBatchIsDoneWhereEachOfItsOrdersIs(_ operation: BrokerOperation) {
        let unread = BrokerError(code: .transport, message: "m", delivery: .maybeSent)
        let cases: [([CancelResult], ResultRecord.Answer, String?)] = [
            ([], .accepted, nil),
            ([result("a"), result("b")], .accepted, nil),
            ([result("a"), result("b", failure(.outcomeUnknown))], .unknown, "of 2 1 outcome_unknown"),
            (
                [result("a", failure(.notSent)), result("b", failure(.outcomeUnknown))], .unknown,
                "of 2 1 not_sent 1 outcome_unknown"
            ),
            ([result("a", failure(.notSent)), result("b", failure(.notSent))], .denied, "of 2 2 not_sent"),
            ([result("a"), result("b", failure(.notSent))], .threw, "of 2 1 not_sent"),
            ([result("a", unread)], .threw, "of 1 1 transport"),
        ]
        for (results, answer, reason) in cases {
            let record = ResultRecord(call: "c1", operation, answered: results)
            #expect(record.answer == answer)
            #expect(record.reason == reason)
        }
    }
}
