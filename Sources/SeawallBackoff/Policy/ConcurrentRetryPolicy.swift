public import SeawallTime

/// A retry whose attempts run in tasks of their own, so that they can be timed out and hedged.
///
/// Operations must be `@Sendable`, and each attempt costs some microseconds. Only the retries that take this type can do
/// what it asks for: a plain one does not accept it.
public struct ConcurrentRetryPolicy: Hashable, Sendable {
    /// Attempts, elapsed budget and backoff; hedges count as attempts.
    public let retry: RetryPolicy

    /// How long one attempt may take; nil sets no limit but the deadline, which is then only handed down.
    public let attemptTimeout: AttemptTimeout?

    /// When an attempt that takes long is made a second time beside the first; nil never.
    public let hedging: Hedging?

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - retry: the plain part; the general policy unless told.
    ///   - attemptTimeout: above zero and longer than the plain part's `leastAttemptTime`, or nil.
    ///   - hedging: nil unless told; needs at least two attempts, and a fixed delay or a minimum under the timeout.
    /// - Throws: `InvalidFields` that lists every bad field.
    public init(
        _ retry: RetryPolicy = .general, attemptTimeout: AttemptTimeout? = nil, hedging: Hedging? = nil
    ) throws(InvalidFields) {
        self.init(checked: retry, attemptTimeout: attemptTimeout, hedging: hedging)
        var problems = InvalidFields(subject: "retry configuration", fields: [])
        check(&problems)
        try problems.throwIfAny()
    }

    init(checked retry: RetryPolicy, attemptTimeout: AttemptTimeout?, hedging: Hedging?) {
        self.retry = retry
        self.attemptTimeout = attemptTimeout
        self.hedging = hedging
    }

    func check(_ problems: inout InvalidFields) {
        if let attemptTimeout {
            problems.check(
                attemptTimeout.duration > retry.leastAttemptTime, "attemptTimeout", attemptTimeout.duration,
                "a duration above 0 seconds and above leastAttemptTime")
        }
        guard let hedging else { return }
        problems.check(
            retry.maximumAttempts >= 2, "maximumAttempts", retry.maximumAttempts,
            "2 or more where there is hedging: a hedge is an attempt")
        let least =
            switch hedging.delay {
            case .fixed(let delay): delay
            case .quantile(_, let minimum): minimum
            }
        if let attemptTimeout {
            problems.check(
                least < attemptTimeout.duration, "hedging", least, "a delay under the timeout of an attempt")
        }
    }
}

extension ConcurrentRetryPolicy: Codable {
    /// Reads a plain policy with `attemptTimeout` and `hedging` beside its fields.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` that lists
    ///   every bad field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: RetryPolicy.CodingKeys.self)
        var problems = InvalidFields(subject: "retry configuration", fields: [])
        let retry = try RetryPolicy.read(container, &problems)
        var attemptTimeout: AttemptTimeout?
        var hedging: Hedging?
        do {
            attemptTimeout = try container.decodeIfPresent(AttemptTimeout.self, forKey: .attemptTimeout)
        } catch let invalid as InvalidFields {
            problems.merge(invalid, under: "attemptTimeout")
        }
        do {
            hedging = try container.decodeIfPresent(Hedging.self, forKey: .hedging)
        } catch let invalid as InvalidFields {
            problems.merge(invalid, under: "hedging")
        }
        self.init(checked: retry, attemptTimeout: attemptTimeout, hedging: hedging)
        check(&problems)
        try problems.throwIfAny()
    }

    /// Writes the policy; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: RetryPolicy.CodingKeys.self)
        try retry.write(to: &container)
        try container.encodeIfPresent(attemptTimeout, forKey: .attemptTimeout)
        try container.encodeIfPresent(hedging, forKey: .hedging)
    }
}
