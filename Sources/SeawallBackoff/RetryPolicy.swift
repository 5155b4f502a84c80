public import SeawallTime

/// How often and how long to try: attempts, elapsed budget and the backoff between them.
///
/// It is immutable, and valid once it exists.
public struct RetryPolicy: Hashable, Sendable {
    /// The most calls that are made, the first included; `Int.max` sets no limit.
    ///
    /// Five attempts sleep four times.
    public let maximumAttempts: Int

    /// How long after the start the last attempt may begin; nil sets no limit.
    public let elapsedBudget: Duration?

    /// The delays between attempts.
    public let backoff: BackoffPolicy

    /// Makes a policy.
    ///
    /// - Parameters:
    ///   - maximumAttempts: calls, not sleeps, at least 1; 5 unless told.
    ///   - elapsedBudget: no attempt begins once this much time has passed since the start; above zero, or nil.
    ///   - backoff: the delays between attempts.
    /// - Throws: `InvalidFields` that lists every bad field.
    public init(
        maximumAttempts: Int = 5,
        elapsedBudget: Duration? = nil,
        backoff: BackoffPolicy = .general
    ) throws(InvalidFields) {
        let badFields = Self.badFields(maximumAttempts: maximumAttempts, elapsedBudget: elapsedBudget)
        if !badFields.isEmpty { throw InvalidFields(subject: "retry configuration", fields: badFields) }
        self.init(checkedAttempts: maximumAttempts, elapsedBudget: elapsedBudget, backoff: backoff)
    }

    private init(checkedAttempts: Int, elapsedBudget: Duration? = nil, backoff: BackoffPolicy) {
        self.maximumAttempts = checkedAttempts
        self.elapsedBudget = elapsedBudget
        self.backoff = backoff
    }

    private static func badFields(
        maximumAttempts: Int, elapsedBudget: Duration?
    ) -> [InvalidFields.Field] {
        var badFields: [InvalidFields.Field] = []
        if maximumAttempts < 1 {
            badFields.append(
                .init(name: "maximumAttempts", value: "\(maximumAttempts)", expected: "a whole number of 1 or more"))
        }
        if let elapsedBudget, elapsedBudget <= .zero {
            badFields.append(
                .init(name: "elapsedBudget", value: "\(elapsedBudget)", expected: "a duration above 0 seconds, or none")
            )
        }
        return badFields
    }
}

extension RetryPolicy {
    /// Five attempts, from 1 s doubled up to 60 s, full jitter: the default.
    public static let general = RetryPolicy(checkedAttempts: 5, backoff: .general)

    /// Three attempts, from 0.5 s up to 10 s: for a centralised exchange.
    public static let cex = RetryPolicy(checkedAttempts: 3, backoff: .cex)

    /// Four attempts, from 1 s up to 30 s: for a decentralised exchange.
    public static let dex = RetryPolicy(checkedAttempts: 4, backoff: .dex)

    /// Three attempts, from 2 s up to 60 s: for a social network's interface.
    public static let socialAPI = RetryPolicy(checkedAttempts: 3, backoff: .socialAPI)

    /// Ten attempts, from 2 s up to 60 s, plus or minus a quarter: for connecting a stream again.
    public static let streamReconnect = RetryPolicy(checkedAttempts: 10, backoff: .streamReconnect)
}

extension RetryPolicy: Codable {
    private enum CodingKeys: String, CodingKey {
        case maximumAttempts, elapsedBudget, backoff
    }

    /// Reads a policy; durations are seconds and absent fields have their defaults.
    ///
    /// - Throws: `DecodingError` where the shape is wrong, `InvalidFields` that lists every bad field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var badFields: [InvalidFields.Field] = []
        let attempts = try container.decodeIfPresent(Int.self, forKey: .maximumAttempts) ?? 5
        var budget: Duration?
        if let seconds = try container.decodeIfPresent(Double.self, forKey: .elapsedBudget) {
            budget = Duration(exactSeconds: seconds)
            if budget == nil { badFields.append(.outOfRange("elapsedBudget", seconds: seconds)) }
        }
        badFields += Self.badFields(maximumAttempts: attempts, elapsedBudget: budget)
        var backoff = BackoffPolicy.general
        do {
            backoff = try container.decodeIfPresent(BackoffPolicy.self, forKey: .backoff) ?? .general
        } catch let invalid as InvalidFields {
            badFields += invalid.fields.map {
                .init(name: "backoff.\($0.name)", value: $0.value, expected: $0.expected)
            }
        }
        if !badFields.isEmpty { throw InvalidFields(subject: "retry configuration", fields: badFields) }
        self.init(checkedAttempts: attempts, elapsedBudget: budget, backoff: backoff)
    }

    /// Writes the policy; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(maximumAttempts, forKey: .maximumAttempts)
        try container.encodeIfPresent(elapsedBudget?.secondsDouble, forKey: .elapsedBudget)
        try container.encode(backoff, forKey: .backoff)
    }
}
