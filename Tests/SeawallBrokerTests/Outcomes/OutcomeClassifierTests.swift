import SeawallBroker
import SeawallTime
import Testing

/// The moment at which every answer of these tests comes.
let now = MonotonicInstant(nanoseconds: 1_000_000_000_000)
let civilNow = CivilInstant(millisecondsSinceEpoch: 1_700_000_000_000)

func classify(_ operation: BrokerOperation, _ error: any Error) -> Outcome {
    OutcomeClassifier(profile: .binanceUSDM).classify(operation, error: error, now: now, civilNow: civilNow)
}

func answer(
    _ status: Int? = 400, _ venueCode: String? = nil, _ message: String = "no", body: String? = nil,
    retryAfter: String? = nil
) -> BrokerError {
    BrokerError(
        code: .answered, message: message, delivery: .answered, status: status, venueCode: venueCode, body: body,
        retryAfter: retryAfter)
}

private let orderChanging = BrokerOperation.allCases.filter(\.changesOrders)
private let reads = BrokerOperation.allCases.filter { !$0.changesOrders }

@Suite struct OutcomeClassifierTests {
    @Test(arguments: BrokerOperation.allCases)
    func nothingSentIsProofWhateverTheCall(operation: BrokerOperation) {
        for code in [BrokerError.Code.transport, .timeout, "tls"] {
            let error = BrokerError(code: code, message: "refused", delivery: .notSent)
            #expect(classify(operation, error) == .notSent)
        }
        let cancelled = BrokerError(
            code: .transport, message: "gone", delivery: .notSent, cause: CancellationError())
        #expect(classify(operation, cancelled) == .notSent)
    }

    @Test(arguments: BrokerOperation.allCases)
    func whatOurSideRefusesIsRejected(operation: BrokerOperation) {
        let lacking = BrokerError.lacks(.amend)
        #expect(classify(operation, lacking) == .rejected(reason: lacking.message))
        let invalid = BrokerError(code: .invalidRequest, message: "quantity is NaN", delivery: .notSent)
        #expect(classify(operation, invalid) == .rejected(reason: "quantity is NaN"))
    }

    @Test(arguments: BrokerOperation.allCases)
    func bytesThatMayHaveLeftProveNothing(operation: BrokerOperation) {
        for code in [BrokerError.Code.transport, .timeout, .unreadable, .unsupported, .invalidRequest, "new"] {
            let error = BrokerError(code: code, message: "reset", delivery: .maybeSent)
            #expect(classify(operation, error) == .ambiguous)
        }
    }

    @Test(arguments: BrokerOperation.allCases)
    func aCallerThatWentAwayIsNeverAFailure(operation: BrokerOperation) {
        #expect(classify(operation, CancellationError()) == .callerCancelled)
        let inFlight = BrokerError(
            code: .transport, message: "cancelled", delivery: .maybeSent, cause: CancellationError())
        #expect(classify(operation, inFlight) == .callerCancelled)
    }

    @Test(arguments: BrokerOperation.allCases)
    func aForeignErrorProvesNothing(operation: BrokerOperation) {
        struct Foreign: Error {}
        #expect(classify(operation, Foreign()) == .ambiguous)
    }

    @Test func anAnswerThatCameIsSuccess() {
        let outcome = OutcomeClassifier(profile: .binanceUSDM)
            .classify(.place, result: .success(1), now: now, civilNow: civilNow)
        #expect(outcome == .succeeded)
    }

    @Test(arguments: orderChanging)
    func anUnknownAnswerToWhatChangesOrdersIsAmbiguous(operation: BrokerOperation) {
        for status in [200, 201, 302, 400, 404, 408, 422, 451, 499, 500, 502, 503, 504, 520, 522, 524, 530, nil] {
            #expect(classify(operation, answer(status)) == .ambiguous, "\(status ?? 0)")
            #expect(classify(operation, answer(status, "-9999")) == .ambiguous, "\(status ?? 0)")
        }
        let unreadable = BrokerError(
            code: .unreadable, message: "HTML", delivery: .answered, status: 200, body: "<html>")
        #expect(classify(operation, unreadable) == .ambiguous)
    }

    @Test(arguments: reads)
    func aReadThatIsRefusedForItselfIsFinalAndEveryOtherMayBeBetterNextTime(operation: BrokerOperation) {
        for status in [400, 404, 422, 451] {
            #expect(classify(operation, answer(status, "-9999")) == .rejected(reason: "-9999: no"), "\(status)")
        }
        for status in [200, 408, 500, 502, 503, 504, 520, nil] {
            #expect(classify(operation, answer(status)) == .ambiguous, "\(status ?? 0)")
        }
        let unreadable = BrokerError(code: .unreadable, message: "HTML", delivery: .answered, status: 404)
        #expect(classify(operation, unreadable) == .ambiguous)
    }

    @Test func aTableEntryDecidesEvenWithoutAnErrorStatus() {
        #expect(classify(.place, answer(200, "-2019", "Margin is insufficient.")).name == "rejected")
    }

    @Test func theFirstRuleThatFitsDecides() {
        var profile = VenueProfile.binanceUSDM
        profile.errors = [
            ErrorRule(code: "7", operations: [.cancel], meaning: .noSuchOrder),
            ErrorRule(code: "7", meaning: .duplicate),
            ErrorRule(code: "7", meaning: .rejected),
        ]
        let classifier = OutcomeClassifier(profile: profile)
        #expect(classifier.classify(.cancel, error: answer(400, "7"), now: now, civilNow: civilNow) == .noSuchOrder)
        #expect(classifier.classify(.place, error: answer(400, "7"), now: now, civilNow: civilNow) == .duplicate)
    }

    @Test func substringsOfOtherWordsAreNoLimit() {
        #expect(classify(.place, answer(400, nil, "failed to generate, cannot operate")) == .ambiguous)
        #expect(classify(.place, answer(400, nil, "rate")) == .ambiguous)
    }
}
