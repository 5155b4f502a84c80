internal import SeawallTime

extension RetryPolicy: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case maximumAttempts, elapsedBudget, leastAttemptTime, longestRetryAfter, backoff
        // Of the concurrent form: known here so that a plain policy refuses them instead of ignoring them.
        case attemptTimeout, hedging
    }

    /// Reads a policy; durations are seconds and absent fields have their defaults.
    ///
    /// `longestRetryAfter` is null where there is no limit.
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` that lists
    ///   every bad field, among them what only a `ConcurrentRetryPolicy` can do.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var problems = InvalidFields(subject: "retry configuration", fields: [])
        self = try Self.read(container, &problems)
        for key in [CodingKeys.attemptTimeout, .hedging] where container.contains(key) {
            problems.check(
                (try? container.decodeNil(forKey: key)) == true, key.stringValue, "set",
                "nothing: a plain retry starts no tasks; decode a ConcurrentRetryPolicy")
        }
        try problems.throwIfAny()
    }

    /// Reads the plain fields, whatever stands beside them, and notes the bad ones.
    static func read(
        _ container: KeyedDecodingContainer<CodingKeys>, _ problems: inout InvalidFields
    ) throws -> RetryPolicy {
        func seconds(_ key: CodingKeys, _ problems: inout InvalidFields) throws -> Duration? {
            guard let number = try container.decodeIfPresent(Double.self, forKey: key) else { return nil }
            if let duration = Duration(exactSeconds: number) { return duration }
            problems.fields.append(.outOfRange(key.stringValue, seconds: number))
            return nil
        }
        let attempts = try container.decodeIfPresent(Int.self, forKey: .maximumAttempts) ?? 5
        let elapsedBudget = try seconds(.elapsedBudget, &problems)
        let leastAttemptTime = try seconds(.leastAttemptTime, &problems)
        let longest: Duration? =
            container.contains(.longestRetryAfter) ? try seconds(.longestRetryAfter, &problems) : .seconds(300)
        var nested: InvalidFields?
        var backoff = BackoffPolicy.general
        do {
            backoff = try container.decodeIfPresent(BackoffPolicy.self, forKey: .backoff) ?? .general
        } catch let invalid as InvalidFields {
            nested = invalid
        }
        let policy = RetryPolicy(
            checkedAttempts: attempts, elapsedBudget: elapsedBudget, leastAttemptTime: leastAttemptTime ?? .zero,
            longestRetryAfter: longest, backoff: backoff)
        policy.check(&problems)
        if let nested { problems.merge(nested, under: "backoff") }
        return policy
    }

    /// Writes the policy; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try write(to: &container)
    }

    func write(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(maximumAttempts, forKey: .maximumAttempts)
        try container.encodeIfPresent(elapsedBudget?.secondsDouble, forKey: .elapsedBudget)
        try container.encode(leastAttemptTime.secondsDouble, forKey: .leastAttemptTime)
        if let longestRetryAfter {
            try container.encode(longestRetryAfter.secondsDouble, forKey: .longestRetryAfter)
        } else {
            try container.encodeNil(forKey: .longestRetryAfter)
        }
        try container.encode(backoff, forKey: .backoff)
    }
}
