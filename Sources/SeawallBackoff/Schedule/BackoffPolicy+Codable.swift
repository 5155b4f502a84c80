internal import SeawallTime

extension BackoffPolicy: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, initial, multiplier, cap, delay, jitter
    }

    private enum Kind: String, Codable {
        case exponential, constant
    }

    /// Reads a policy; durations are seconds and absent fields have their defaults.
    ///
    /// For example `{"kind": "exponential", "initial": 0.5, "multiplier": 2, "cap": 10, "jitter": "full"}` or
    /// `{"kind": "constant", "delay": 1}`; without a kind it is exponential.
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` that lists
    ///   every bad field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var badFields: [InvalidFields.Field] = []
        func seconds(_ key: CodingKeys) throws -> Duration? {
            guard let number = try container.decodeIfPresent(Double.self, forKey: key) else { return nil }
            if let duration = Duration(exactSeconds: number) { return duration }
            badFields.append(.outOfRange(key.stringValue, seconds: number))
            return nil
        }
        let jitter = try container.decodeIfPresent(Jitter.self, forKey: .jitter)
        let growth: Growth
        switch try container.decodeIfPresent(Kind.self, forKey: .kind) ?? .exponential {
        case .exponential:
            let initial = try seconds(.initial)
            let multiplier = try container.decodeIfPresent(Double.self, forKey: .multiplier)
            let cap = try seconds(.cap)
            growth = .exponential(
                initial: initial ?? .seconds(1), multiplier: multiplier ?? 2, cap: cap ?? .seconds(60))
        case .constant:
            growth = .constant(try seconds(.delay) ?? .seconds(1))
        }
        let jitterOrDefault: Jitter
        if case .constant = growth { jitterOrDefault = jitter ?? .none } else { jitterOrDefault = jitter ?? .full }
        badFields += Self.badFields(growth: growth, jitter: jitterOrDefault)
        if !badFields.isEmpty { throw InvalidFields(subject: "retry configuration", fields: badFields) }
        self.init(checkedGrowth: growth, jitter: jitterOrDefault)
    }

    /// Writes the policy; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch growth {
        case .exponential(let initial, let multiplier, let cap):
            try container.encode(Kind.exponential, forKey: .kind)
            try container.encode(initial.secondsDouble, forKey: .initial)
            try container.encode(multiplier, forKey: .multiplier)
            try container.encode(cap.secondsDouble, forKey: .cap)
        case .constant(let delay):
            try container.encode(Kind.constant, forKey: .kind)
            try container.encode(delay.secondsDouble, forKey: .delay)
        }
        try container.encode(jitter, forKey: .jitter)
    }
}

extension InvalidFields.Field {
    static func outOfRange(_ name: String, seconds: Double) -> Self {
        Self(name: name, value: "\(seconds) seconds", expected: "a number of seconds under 292 years")
    }
}
