public import SeawallTime

/// Judges what a call to a venue came to, from operation, error, delivery and the venue's profile together.
///
/// It is pure: the same arguments give the same outcome. Where nothing proves the fate of a call that changes orders,
/// the outcome is `ambiguous`; only a line of the profile's error table, or proof that no byte left, says otherwise.
public struct OutcomeClassifier: Hashable, Sendable {
    /// The venue that answered.
    public var profile: VenueProfile

    /// Makes a classifier for a venue.
    public init(profile: VenueProfile) {
        self.profile = profile
    }

    /// Judges a call from what it returned or threw.
    ///
    /// An answer that has come counts as success; see `classify(results:)` for a cancel of several orders.
    public func classify(
        _ operation: BrokerOperation, result: Result<some Any, any Error>, now: MonotonicInstant,
        civilNow: CivilInstant
    ) -> Outcome {
        switch result {
        case .success: .succeeded
        case .failure(let error): classify(operation, error: error, now: now, civilNow: civilNow)
        }
    }

    /// Judges a call from what it threw.
    ///
    /// - Parameters:
    ///   - operation: The kind of call.
    ///   - error: What was thrown; anything but `BrokerError` and `CancellationError` proves nothing.
    ///   - now: When the answer came.
    ///   - civilNow: The civil time at `now`, of the venue's clock where it is known.
    /// - Complexity: The length of the profile's error table at worst.
    public func classify(
        _ operation: BrokerOperation, error: any Error, now: MonotonicInstant, civilNow: CivilInstant
    ) -> Outcome {
        if error is CancellationError { return .callerCancelled }
        guard let error = error as? BrokerError else { return .ambiguous }
        switch error.delivery {
        case .notSent: return error.isRefusedHere ? .rejected(reason: error.message) : .notSent
        case .maybeSent: return error.cause is CancellationError ? .callerCancelled : .ambiguous
        case .answered: return classifyAnswer(operation, error, now: now, civilNow: civilNow)
        }
    }

    /// Judges a cancel of several orders from its results: one outcome for the whole.
    ///
    /// All the same is that; some done and some not is `partial`; an empty list proves nothing where orders were named.
    public func classify(
        results: [CancelResult], of targets: [OrderTarget], now: MonotonicInstant, civilNow: CivilInstant
    ) -> Outcome {
        let outcomes = results.map { result in
            classify(.cancel, result: result.result.mapError { $0 as any Error }, now: now, civilNow: civilNow)
        }
        let answered = Set(results.map(\.target))
        guard targets.allSatisfy(answered.contains) else { return outcomes.isEmpty ? .ambiguous : .partial }
        guard let first = outcomes.first else { return .succeeded }
        return outcomes.allSatisfy { $0 == first } ? first : .partial
    }

    private func classifyAnswer(
        _ operation: BrokerOperation, _ error: BrokerError, now: MonotonicInstant, civilNow: CivilInstant
    ) -> Outcome {
        guard let rule = profile.errors.first(where: { $0.matches(error, of: operation) }) else {
            return unknownAnswer(operation, error)
        }
        switch rule.meaning {
        case .ambiguous: return .ambiguous
        case .overloaded: return .overloaded
        case .rateLimited:
            let until = end(of: error, atLeast: profile.defaultRetryAfter, now: now, civilNow: civilNow)
            return .rateLimited(until: until, scope: rule.scope ?? .ip)
        case .banned:
            let until = end(of: error, atLeast: profile.defaultBan, now: now, civilNow: civilNow)
            return .banned(until: until, scope: rule.scope ?? .ip)
        case .rejected: return .rejected(reason: error.reason)
        case .reduceCapacity: return .reduceCapacity
        case .noSuchOrder: return .noSuchOrder
        case .duplicate: return .duplicate
        case .partial: return .partial
        case .clockSkew: return .clockSkew
        case .venueMode: return .venueMode(reason: error.reason)
        case .authentication: return .authentication
        case .sessionExpired: return .sessionExpired
        }
    }

    /// An answer that the table does not know: proof of nothing where orders may have changed.
    ///
    /// A read that the venue refuses with a status of the client's own (4xx but 408) is refused for good; any other
    /// answer to a read may be better the next time.
    private func unknownAnswer(_ operation: BrokerOperation, _ error: BrokerError) -> Outcome {
        if operation.changesOrders || error.code == .unreadable { return .ambiguous }
        guard let status = error.status, (400...499).contains(status), status != 408 else { return .ambiguous }
        return .rejected(reason: error.reason)
    }
}

extension BrokerError {
    /// Refused on our side, for what it asks.
    fileprivate var isRefusedHere: Bool { code == .unsupported || code == .invalidRequest }

    /// The venue's code, where there is one, and what was said.
    fileprivate var reason: String { venueCode.map { "\($0): \(message)" } ?? message }
}
