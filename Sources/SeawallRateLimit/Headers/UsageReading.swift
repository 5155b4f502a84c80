internal import SeawallTime

/// What a server's headers say of one bucket.
struct UsageReading: Hashable, Sendable {
    var bucket: String
    var used: Int?
    var remaining: Int?
    /// Every word of when it begins anew: which is the last is known only by the clock that they are read by.
    var resets: [RetryAfter] = []

    /// What the headers say of each bucket that they tell of, in order of names.
    ///
    /// Of two that say the same of one bucket the worse counts. What is no number of digits, or too long for one, says
    /// nothing.
    static func all(in headers: [String: String], by rules: [UsageHeader]) -> [UsageReading] {
        guard !rules.isEmpty, !headers.isEmpty else { return [] }
        var values: [String: [String]] = [:]
        for (name, value) in headers { values[name.lowercased(), default: []].append(value) }
        var readings: [String: UsageReading] = [:]
        for rule in rules {
            for value in (values[rule.name.lowercased()] ?? []).sorted() {
                readings[rule.bucket, default: UsageReading(bucket: rule.bucket)].take(value, as: rule.meaning)
            }
        }
        return readings.values.filter { $0.used != nil || $0.remaining != nil }.sorted { $0.bucket < $1.bucket }
    }

    private mutating func take(_ value: String, as meaning: UsageHeader.Meaning) {
        switch meaning {
        case .used:
            if let number = Self.number(value) { used = max(used ?? 0, number) }
        case .remaining:
            if let number = Self.number(value) { remaining = min(remaining ?? .max, number) }
        case .reset:
            if let reset = RetryAfter(value) { resets.append(reset) }
        case .combined:
            // Only the first policy of a list: each would be a bucket of its own.
            let first = value.split(separator: ",").first.map(String.init) ?? ""
            let fields = value.contains("=") && first.contains(";") ? first : value
            for field in fields.split(whereSeparator: { $0 == "," || $0 == ";" }) {
                let pair = field.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
                guard pair.count == 2 else { continue }
                switch pair[0].lowercased() {
                case "remaining", "r": take(pair[1], as: .remaining)
                case "reset", "t": take(pair[1], as: .reset)
                default: break
                }
            }
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    /// Digits alone: no sign, no fraction.
    private static func number(_ text: String) -> Int? {
        let digits = trimmed(text)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }
}
