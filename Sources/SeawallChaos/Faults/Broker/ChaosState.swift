internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// Everything that a broker with faults remembers, behind one lock.
struct ChaosState: Sendable {
    var core: FaultCore
    var held = HeldFills()
    var hidden = HiddenOrders()
    private var answers: Past<FaultedCall.Key, any Sendable>
    private var pages = PageNumbers()
    private var gates: [Int: FaultGate] = [:]
    let needs: FaultNeeds
    /// False where there is no order beside the old one that half an amend could leave.
    private let amendsMayReplace: Bool

    init(core: FaultCore, amendsMayReplace: Bool) {
        self.core = core
        self.amendsMayReplace = amendsMayReplace
        needs = FaultNeeds(core.plan)
        answers = Past(horizon: needs.oldestAnswer)
    }

    /// What strikes a call, and the gates that come into play.
    struct Ruling: Sendable {
        var world: FaultHit?
        var call: FaultHit?
        /// Where the call itself waits, if it is held.
        var gate: FaultGate?
        /// Where others wait for this call.
        var opens: [FaultGate] = []
        /// What is remembered of its answer, and hidden in it.
        var needs: FaultNeeds
    }

    /// Counts a call and says what strikes it.
    mutating func rule<Answer>(
        on request: FaultedCall, _ answer: Answer.Type, lane: Lane?, now: MonotonicInstant,
        hindrances: [Int: String]
    ) -> Ruling {
        let (answers, pages, knowsNewest, amendsMayReplace) = (answers, pages, hidden.knowsNewest, amendsMayReplace)
        let verdict = core.call(request.call, lane: lane, now: now, hindrances: hindrances) { effect in
            switch effect {
            case .oldAnswer(let age):
                answers.value(of: request.key, atLeast: age, at: now) is Answer
            case .failedPage(let wanted, _):
                wanted.map { $0 == pages.number(of: request) } ?? (request.page != nil)
            case .halfAmend(.order): amendsMayReplace
            case .hiddenOrder(nil, _, _): knowsNewest || request.call.operation == .place
            default: effect.fits(answer)
            }
        }
        if needs.hidesOrders, let order = request.call.order, request.call.operation == .place {
            hidden.placing(order)
        }
        var ruling = Ruling(world: verdict.world, call: verdict.call, needs: needs)
        ruling.opens = verdict.releases.compactMap { gates.removeValue(forKey: $0) }
        if let hit = verdict.call, case .reorder = hit.action.effect {
            let gate = FaultGate()
            gates[hit.index] = gate
            ruling.gate = gate
        }
        return ruling
    }

    /// Keeps what later calls may need of an answer of the venue.
    mutating func learn(_ answer: some Sendable, of request: FaultedCall, now: MonotonicInstant) {
        let operation = request.call.operation
        if needs.remembered.contains(operation) { answers.keep(answer, as: request.key, at: now) }
        if needs.numbersPages, let page = answer as? OrderPage { pages.learn(page, of: request) }
        if needs.hidesOrders, operation == .place, let order = answer as? Order { hidden.placed(order) }
    }

    /// The answer that was, where it is old enough.
    func oldAnswer<Answer>(to request: FaultedCall, age: Duration, now: MonotonicInstant) -> Answer? {
        answers.value(of: request.key, atLeast: age, at: now) as? Answer
    }
}

/// What a plan makes it necessary to remember; nothing for a plan without such faults.
struct FaultNeeds: Hashable, Sendable {
    /// The operations whose answers may be asked for again.
    var remembered: Set<BrokerOperation> = []
    /// How old an answer may be asked for.
    var oldestAnswer = Duration.zero
    /// How old an event of a stream may be asked for; nil where none is.
    var oldestEvent: Duration?
    var numbersPages = false
    var hidesOrders = false
    var hidesOnStreams = false
    /// The operations that any fault is about; all others pass with nothing but being counted.
    var touched: Set<BrokerOperation> = []
    /// The streams on which something can strike.
    var streams: Set<BrokerOperation> = []

    init(_ plan: FaultPlan) {
        for action in plan.actions {
            touched.formUnion(action.operations)
            switch action.effect {
            case .oldAnswer(let age):
                remembered.formUnion(action.operations)
                oldestAnswer = max(oldestAnswer, age)
            case .streamReplay(let age): oldestEvent = max(oldestEvent ?? .zero, age)
            case .failedPage: numbersPages = true
            case .hiddenOrder(_, _, let onStreams):
                hidesOrders = true
                hidesOnStreams = hidesOnStreams || onStreams
            default: break
            }
            switch action.effect.site {
            case .fills, .stream: streams.formUnion(action.operations.intersection([.userStream, .marketStream]))
            case .call, .world: break
            }
        }
        if hidesOrders { touched = Set(BrokerOperation.allCases) }
        if hidesOnStreams { streams.insert(.userStream) }
    }

    /// True where answers of the operation are looked into.
    func watches(_ operation: BrokerOperation) -> Bool {
        remembered.contains(operation) || hidesOrders || (numbersPages && [.openOrders, .history].contains(operation))
    }
}
