internal import SeawallTime

extension Hedging: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case delay, permille, minimum, maximumHedges
    }

    /// Reads `{"delay": 0.2}` (seconds) or `{"permille": 950, "minimum": 0.001}`, with `maximumHedges` beside.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` that lists
    ///   every bad field.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var problems = InvalidFields(subject: "hedging", fields: [])
        func seconds(_ key: CodingKeys, or standard: Duration) throws -> Duration {
            guard let number = try container.decodeIfPresent(Double.self, forKey: key) else { return standard }
            if let duration = Duration(exactSeconds: number) { return duration }
            problems.fields.append(.outOfRange(key.stringValue, seconds: number))
            return standard
        }
        let delay: Delay
        if container.contains(.delay) {
            delay = .fixed(try seconds(.delay, or: .seconds(1)))
        } else {
            delay = .quantile(
                permille: try container.decodeIfPresent(Int.self, forKey: .permille) ?? 950,
                minimum: try seconds(.minimum, or: .milliseconds(1)))
        }
        let maximumHedges = try container.decodeIfPresent(Int.self, forKey: .maximumHedges) ?? 1
        self.init(checkedDelay: delay, maximumHedges: maximumHedges)
        check(&problems)
        try problems.throwIfAny()
    }

    /// Writes the configuration; durations are seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch delay {
        case .fixed(let delay):
            try container.encode(delay.secondsDouble, forKey: .delay)
        case .quantile(let permille, let minimum):
            try container.encode(permille, forKey: .permille)
            try container.encode(minimum.secondsDouble, forKey: .minimum)
        }
        try container.encode(maximumHedges, forKey: .maximumHedges)
    }
}
