public import SeawallCircuitBreaker
internal import SeawallDegradation
public import SeawallTime

/// The circuit breakers of a layer: what each is doing, and what an operator does with it by hand.
///
/// There are two, `orders` for what may open positions and `reads`. Cancels, and questions for an unknown outcome, pass
/// by both. What an operator sets is written down before the call returns, and holds over restarts where there is a
/// journal.
public struct LayerBreakers: Sendable {
    /// The name of the breaker of placing and amending.
    public static let orders = "orders"

    /// The name of the breaker of reads.
    public static let reads = "reads"

    /// Both, in the order of their names.
    let all: [CircuitBreaker]
    private let consequences: Consequences
    private let journal: LayerJournal
    private let time: any TimeSource

    init(
        orders: CircuitBreaker, reads: CircuitBreaker, consequences: Consequences, journal: LayerJournal,
        time: any TimeSource
    ) {
        all = [orders, reads]
        self.consequences = consequences
        self.journal = journal
        self.time = time
    }

    /// What each breaker is doing, in the order of the names.
    public var statuses: [CircuitBreaker.Status] { all.map(\.status) }

    /// What one breaker is doing; nil where there is none of the name.
    public func status(of name: String) -> CircuitBreaker.Status? { all.first { $0.name == name }?.status }

    /// Refuses every call of a breaker; while it does, only what reduces and cancels may go out.
    ///
    /// - Parameters:
    ///   - name: `orders` or `reads`.
    ///   - duration: How long, above zero, after which probes decide; nil: until it is released or reset.
    ///   - reason: Why, for whoever looks later.
    /// - Throws: `InvalidFields` with every value that makes no sense; nothing is changed.
    public func isolate(_ name: String, for duration: Duration? = nil, reason: String) throws(InvalidFields) {
        var invalid = InvalidFields(subject: "circuit breaker", fields: [])
        if let duration { invalid.check(duration > .zero, "duration", duration, "a duration above 0 seconds, or none") }
        let end = duration.map { time.now.advanced(by: $0) }
        try change(name, invalid) { $0.isolate(reason: reason, until: end) }
    }

    /// Lets every call pass a breaker, whatever comes of it, until it is released or reset.
    ///
    /// - Throws: `InvalidFields` where there is no breaker of the name.
    public func disable(_ name: String, reason: String) throws(InvalidFields) {
        try change(name) { $0.disable(reason: reason) }
    }

    /// Has a breaker decide and report, and refuse nothing, until it is released or reset.
    ///
    /// Nor does it restrict trading any more; sinks hear of what it decides.
    ///
    /// - Throws: `InvalidFields` where there is no breaker of the name.
    public func shadow(_ name: String, reason: String) throws(InvalidFields) {
        try change(name) { $0.shadow(reason: reason) }
    }

    /// Ends what an operator has set: isolated goes to half-open, where probes decide; disabled to closed; shadow
    /// refuses.
    ///
    /// - Throws: `InvalidFields` where there is no breaker of the name.
    public func release(_ name: String) throws(InvalidFields) {
        try change(name) { $0.release() }
    }

    /// Closes a breaker by hand and forgets all that it has counted.
    ///
    /// - Throws: `InvalidFields` where there is no breaker of the name.
    public func reset(_ name: String) throws(InvalidFields) {
        try change(name) { $0.reset() }
    }

    /// Takes over what operators had set in an earlier run.
    func restore(_ states: [String: JournalledBreaker], at moment: JournalMoment) {
        for breaker in all {
            guard let state = states[breaker.name] else { continue }
            switch CircuitBreaker.OperatorState.Kind(rawValue: state.kind) {
            case .isolated: breaker.isolate(reason: state.reason, until: state.restoredEnd(at: moment))
            case .disabled: breaker.disable(reason: state.reason)
            case .shadow: breaker.shadow(reason: state.reason)
            // Of a later version, which knows more: it is left as it was written.
            case nil: continue
            }
            journal.note(breaker, isInherited: true)
        }
    }

    private func change(
        _ name: String, _ problems: InvalidFields = InvalidFields(subject: "circuit breaker", fields: []),
        _ event: (CircuitBreaker) -> Void
    ) throws(InvalidFields) {
        var invalid = problems
        let breaker = all.first { $0.name == name }
        invalid.check(breaker != nil, "name", "\"\(name)\"", all.map(\.name).joined(separator: " or "))
        try invalid.throwIfAny()
        guard let breaker else { return }
        event(breaker)
        journal.note(breaker)
        journal.settle()
        consequences.align(breaker)
    }
}

extension CircuitBreaker.Status {
    /// What an operator has set, with its end on this process's clock; nil where nobody has.
    var operatorSetting: (kind: CircuitBreaker.OperatorState.Kind, reason: String, until: MonotonicInstant?)? {
        switch state {
        case .isolated: (.isolated, detail ?? "", until)
        case .disabled: (.disabled, detail ?? "", nil)
        case .closed, .open, .halfOpen: isShadow ? (.shadow, shadowReason ?? "", nil) : nil
        }
    }
}
