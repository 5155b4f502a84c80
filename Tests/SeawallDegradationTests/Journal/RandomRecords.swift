import SeawallBroker
import SeawallDegradation
import SeawallTime

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Draws records of every kind, with names that are as odd as names can be.
struct RandomRecords {
    private var random: SeededGenerator
    private let names: [String]

    /// `names` is how many different orders, causes and alerts there are.
    init(seed: UInt64, names count: Int = 6) {
        random = SeededGenerator(seed: seed, stream: "journal")
        let odd = ["", "a\"b", "\\", "\n\r\t", "\u{0}\u{1f}", "ü€😀", "{\"kind\":1}", "a:b", " "]
        names = (0..<count).map { $0 < odd.count ? odd[$0] : "name-\($0)" }
    }

    mutating func int(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func bool() -> Bool { Bool.random(using: &random) }

    mutating func name() -> String { names[int(0..<names.count)] }

    private mutating func maybe<Value>(_ make: (inout RandomRecords) -> Value) -> Value? {
        bool() ? make(&self) : nil
    }

    private mutating func number() -> Int64 {
        switch int(0..<6) {
        case 0: .min
        case 1: .max
        case 2: 0
        default: Int64.random(in: .min...(.max), using: &random) >> int(0..<60)
        }
    }

    private mutating func decimal() -> Decimal {
        switch int(0..<7) {
        case 0: 0
        case 1: .nan
        case 2: Decimal(sign: .plus, exponent: 100, significand: 7)
        case 3: Decimal(sign: .minus, exponent: -120, significand: Decimal(int(1..<1_000)))
        case 4: Decimal(sign: .plus, exponent: -38, significand: 1)
        default: Decimal(sign: bool() ? .plus : .minus, exponent: int(-9..<9), significand: Decimal(int(0..<99_999)))
        }
    }

    private mutating func moment() -> JournalMoment {
        JournalMoment(
            at: MonotonicInstant(nanoseconds: number()), civil: CivilInstant(nanosecondsSinceEpoch: number()))
    }

    mutating func key() -> CauseKey {
        let scope: CauseScope =
            switch int(0..<5) {
            case 0: .global
            case 1: .account(nil)
            case 2: .account(AccountID(name()))
            case 3: .symbol(Symbol(name()))
            default: .strategy(StrategyID(name()))
            }
        return CauseKey(CauseID(name()), scope: scope)
    }

    mutating func cause() -> JournalledCause {
        let release: Release =
            switch int(0..<3) {
            case 0: .byHand
            case 1: .whenCleared
            default: .at(MonotonicInstant(nanoseconds: number()))
            }
        let evidence = (0..<int(0..<3)).map { _ in name() }
        let cause = Cause(
            key: key(), record: name(), level: Permission.allCases[int(0..<4)], release: release,
            code: ReasonCode(name()), message: name(), evidence: evidence, episode: name(),
            raisedAt: MonotonicInstant(nanoseconds: number()))
        return JournalledCause(cause, at: moment())
    }

    private mutating func type() -> OrderType {
        switch int(0..<4) {
        case 0: .market
        case 1: .limit(price: decimal())
        case 2: .stop(trigger: decimal())
        default: .stopLimit(trigger: decimal(), price: decimal())
        }
    }

    mutating func intent() -> JournalledIntent {
        let clientID = ClientOrderID(name())
        let intent = IntentID(clientID.rawValue + "!")
        let times: [TimeInForce] = [
            .goodTillCancelled, .immediateOrCancel, .fillOrKill,
            .goodTillDate(CivilInstant(nanosecondsSinceEpoch: number())),
        ]
        let request = OrderRequest(
            intent: intent, symbol: Symbol(name()), side: bool() ? .buy : .sell,
            quantity: bool() ? .base(decimal()) : .quote(decimal()), type: type(), timeInForce: times[int(0..<4)],
            isPostOnly: bool(), isReduceOnly: bool(), group: maybe { LinkID($0.name()) },
            replaces: maybe { ClientOrderID($0.name()) }, strategy: maybe { StrategyID($0.name()) },
            account: maybe { AccountID($0.name()) }, clientID: clientID,
            sendWithin: maybe { Duration(secondsComponent: Int64($0.int(0..<9)), attosecondsComponent: 1) })
        return JournalledIntent(request: request, intent: intent, clientID: clientID, moment: moment())
    }

    mutating func order(of clientID: ClientOrderID) -> Order {
        Order(
            venueID: maybe { VenueOrderID($0.name()) }, clientID: maybe { _ in clientID },
            intent: maybe { IntentID($0.name()) }, symbol: Symbol(name()), side: bool() ? .buy : .sell,
            quantity: decimal(), filled: decimal(), type: type(),
            status: OrderStatus.allCases[int(0..<OrderStatus.allCases.count)], averagePrice: maybe { $0.decimal() },
            isReduceOnly: bool(), group: maybe { LinkID($0.name()) },
            updatedAt: maybe { CivilInstant(nanosecondsSinceEpoch: $0.number()) })
    }

    mutating func amend() -> JournalledAmend {
        JournalledAmend(
            id: name(),
            request: AmendRequest(
                target: bool() ? .venue(VenueOrderID(name())) : .client(ClientOrderID(name())), symbol: Symbol(name()),
                quantity: maybe { $0.decimal() }, price: maybe { $0.decimal() }, trigger: maybe { $0.decimal() }),
            leg: maybe { random in
                JournalledLeg(
                    venueID: VenueOrderID(random.name()), quantity: random.decimal(), filled: random.decimal(),
                    former: random.maybe { random in (0..<random.int(0..<3)).map { _ in VenueOrderID(random.name()) } })
            },
            moment: moment())
    }

    mutating func gate() -> JournalledGate {
        JournalledGate(scope: LimitScope(name()), until: MonotonicInstant(nanoseconds: number()), moment: moment())
    }

    private mutating func breaker() -> JournalledBreaker {
        JournalledBreaker(
            name: name(), kind: name(), reason: name(), until: maybe { MonotonicInstant(nanoseconds: $0.number()) },
            moment: moment())
    }

    mutating func record() -> JournalRecord {
        switch int(0..<27) {
        case 0: return .boot(int(0..<9), moment())
        case 1, 2, 3: return .cause(cause())
        case 4: return bool() ? .causeEnded(key(), id: name()) : .swept(key(), id: name())
        case 5...9: return .intent(intent())
        case 10...15:
            let clientID = ClientOrderID(name())
            return .order(clientID, order(of: clientID))
        case 16: return .dropped(ClientOrderID(name()))
        case 17, 18:
            let causes = (0..<int(0..<3)).map { _ in name() }
            return .alert(
                JournalledAlert(
                    key: name(), episode: name(), code: name(), severity: name(), message: name(), causes: causes,
                    scope: name()))
        case 19: return .alertEnded(key: name())
        case 20: return .amend(amend())
        case 21: return .amendEnded(id: name())
        case 22: return .gate(gate())
        case 23: return .breaker(breaker())
        case 24: return .breakerEnded(name: name())
        case 25: return .memo(name: name(), text: name())
        default: return .gateEnded(LimitScope(name()))
        }
    }
}

extension JournalContents {
    /// The bytes of a journal that holds some records.
    static func bytes(of records: [JournalRecord], from sequence: UInt64 = 0) -> [UInt8] {
        var bytes = header(sequence: sequence)
        for (index, record) in records.enumerated() {
            JournalLine.append(record.json, sequence: sequence &+ 1 &+ UInt64(index), to: &bytes)
        }
        return bytes
    }
}

extension JournalState {
    /// What some records come to.
    init(_ records: some Sequence<JournalRecord>, capacity: Int) {
        self.init(capacity: capacity)
        for record in records { apply(record) }
    }
}
