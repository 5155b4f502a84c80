public import SeawallTime

extension CircuitBreaker {
    /// What an operator has set, in a form that outlives the process.
    ///
    /// Nothing else is worth keeping: whether the other side is in trouble, a new process finds out by itself.
    public struct OperatorState: Hashable, Sendable, Codable {
        /// Which of the states that only operators set.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// Every call is refused.
            case isolated

            /// Every call passes, and no result counts.
            case disabled

            /// Everything is decided, and nothing refused.
            case shadow
        }

        /// Which state.
        public var kind: Kind

        /// The operator's words.
        public var reason: String

        /// When an isolation ends, as the civil clock saw it; nil: only by hand.
        public var until: CivilInstant?

        /// Of a thousand calls that a shadow decides to refuse how many it refuses; nil: none.
        ///
        /// What lies outside 0 to 1,000 counts as the nearer end, as in `shadow(reason:enforcing:)`.
        public var enforcedPerMille: Int?

        /// Makes a state; only an isolation has an end, and only a shadow a share.
        public init(_ kind: Kind, reason: String, until: CivilInstant? = nil, enforcedPerMille: Int? = nil) {
            self.kind = kind
            self.reason = reason
            self.until = until
            self.enforcedPerMille = enforcedPerMille
        }
    }

    /// What an operator has set; nil where nobody has, and for a breaker that only its configuration has switched off.
    public var operatorState: OperatorState? {
        let time = environment.time
        let setting = desk.withLock { desk in
            var core = desk.core
            _ = core.advance(to: time.now)
            return core.operatorSetting.map { (setting: $0, share: core.shadowShare) }
        }
        return setting.map { setting, share in
            OperatorState(
                setting.kind, reason: setting.reason ?? "",
                until: setting.until.map { time.civilNow.advanced(by: time.now.duration(to: $0)) },
                enforcedPerMille: setting.kind == .shadow && share > 0 ? share : nil)
        }
    }

    /// Sets what an operator had set in an earlier process.
    ///
    /// An isolation whose end has passed meanwhile is told, ends at the same instant, and leaves the decision to probes.
    /// No state, nil, changes nothing.
    ///
    /// - Returns: what changed.
    @discardableResult
    public func restore(_ state: OperatorState?) -> [Transition] {
        guard let state else { return [] }
        switch state.kind {
        case .isolated:
            let time = environment.time
            let end = state.until.map { time.now.advanced(by: time.civilNow.duration(to: $0)) }
            return isolate(reason: state.reason, until: end)
        case .disabled: return disable(reason: state.reason)
        case .shadow: return shadow(reason: state.reason, enforcing: state.enforcedPerMille ?? 0)
        }
    }
}
