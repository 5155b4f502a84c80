import SeawallBroker
import SeawallTime
import Testing

private let later = MonotonicInstant(nanoseconds: 9)

/// One line of the table of outcomes.
private struct Line: CustomTestStringConvertible {
    var outcome: Outcome
    var read: NextStep
    var create: NextStep
    var cancel: NextStep
    var countsAgainstBreaker: Bool
    var provesNoEffect: Bool

    var testDescription: String { outcome.name }
}

private let table = [
    Line(
        outcome: .succeeded, read: .finish, create: .finish, cancel: .finish, countsAgainstBreaker: false,
        provesNoEffect: false),
    Line(
        outcome: .notSent, read: .retry, create: .retry, cancel: .retry, countsAgainstBreaker: true,
        provesNoEffect: true),
    Line(
        outcome: .ambiguous, read: .retry, create: .resolve, cancel: .retry, countsAgainstBreaker: true,
        provesNoEffect: false),
    Line(
        outcome: .overloaded, read: .retry, create: .retry, cancel: .retry, countsAgainstBreaker: true,
        provesNoEffect: true),
    Line(
        outcome: .rateLimited(until: later, scope: .ip), read: .wait(until: later), create: .wait(until: later),
        cancel: .wait(until: later), countsAgainstBreaker: false, provesNoEffect: true),
    Line(
        outcome: .banned(until: later, scope: .ip), read: .stop, create: .stop, cancel: .stop,
        countsAgainstBreaker: false, provesNoEffect: true),
    Line(
        outcome: .rejected(reason: "x"), read: .fail, create: .fail, cancel: .fail, countsAgainstBreaker: false,
        provesNoEffect: true),
    Line(
        outcome: .reduceCapacity, read: .fail, create: .fail, cancel: .fail, countsAgainstBreaker: false,
        provesNoEffect: true),
    Line(
        outcome: .noSuchOrder, read: .resolve, create: .resolve, cancel: .resolve, countsAgainstBreaker: false,
        provesNoEffect: false),
    Line(
        outcome: .duplicate, read: .fail, create: .resolve, cancel: .resolve, countsAgainstBreaker: false,
        provesNoEffect: false),
    Line(
        outcome: .partial, read: .split, create: .split, cancel: .split, countsAgainstBreaker: false,
        provesNoEffect: false),
    Line(
        outcome: .clockSkew, read: .measureClock, create: .measureClock, cancel: .measureClock,
        countsAgainstBreaker: false, provesNoEffect: true),
    Line(
        outcome: .venueMode(reason: "x"), read: .awaitMode, create: .fail, cancel: .awaitMode,
        countsAgainstBreaker: false, provesNoEffect: true),
    Line(
        outcome: .authentication, read: .stop, create: .stop, cancel: .stop, countsAgainstBreaker: false,
        provesNoEffect: true),
    Line(
        outcome: .sessionExpired, read: .renewSession, create: .resolve, cancel: .renewSession,
        countsAgainstBreaker: false, provesNoEffect: false),
    Line(
        outcome: .callerCancelled, read: .fail, create: .resolve, cancel: .resolve, countsAgainstBreaker: false,
        provesNoEffect: false),
]

@Suite struct OutcomeConsequencesTests {
    @Test(arguments: table)
    fileprivate func everyLineOfTheTable(line: Line) {
        for operation in BrokerOperation.allCases where !operation.changesOrders {
            #expect(line.outcome.nextStep(for: operation) == line.read)
            #expect(line.outcome.isRetryableRead(operation) == (line.read == .retry))
            #expect(line.outcome.isProofOfNoEffect(for: operation))
        }
        for operation in [BrokerOperation.place, .amend] {
            #expect(line.outcome.nextStep(for: operation) == line.create)
            #expect(line.outcome.isProofOfNoEffect(for: operation) == line.provesNoEffect)
        }
        for operation in [BrokerOperation.cancel, .cancelMany, .cancelAll, .timer] {
            #expect(line.outcome.nextStep(for: operation) == line.cancel)
            #expect(line.outcome.isProofOfNoEffect(for: operation) == line.provesNoEffect)
            #expect(!line.outcome.isRetryableRead(operation))
        }
        #expect(line.outcome.countsAgainstBreaker == line.countsAgainstBreaker)
    }

    @Test func theTableHasEveryOutcomeOnce() {
        #expect(Set(table.map(\.outcome.name)).count == 16)
        #expect(table.count == 16)
    }

    @Test func whatIsNotProvenIsNeverSentAgainBlindly() {
        for line in table where !line.provesNoEffect {
            for step in [line.create] {
                #expect(step == .resolve || step == .finish || step == .split, "\(line.outcome.name)")
            }
        }
    }

    @Test func gatesNameEndAndScope() {
        #expect(Outcome.banned(until: later, scope: .account).gate?.scope == .account)
        #expect(Outcome.rateLimited(until: later, scope: .ip).gate?.until == later)
        #expect(table.filter { $0.outcome.gate != nil }.count == 2)
    }
}
