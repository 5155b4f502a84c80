internal import SeawallBroker
internal import SeawallTime

/// What a refusal says about when to come again, in each form that venues use, and in those that they should not.
public enum FaultRetryAfter: Hashable, Sendable {
    /// Nothing is said.
    case absent
    /// A text as it stands: seconds, or anything that makes no sense.
    case text(String)
    /// A date of HTTP so long after the answer; a negative time lies in the past.
    case date(in: Duration)
    /// A Unix time in milliseconds so long after the answer; a negative time lies in the past.
    case epochMilliseconds(in: Duration)

    /// Whole seconds.
    public static func seconds(_ count: Int) -> FaultRetryAfter { .text(String(count)) }

    /// A date of HTTP an hour ago.
    public static let past = FaultRetryAfter.date(in: .seconds(-3_600))
    /// A word that is no time.
    public static let rubbish = FaultRetryAfter.text("soon")
    /// A number that no clock can count to.
    public static let overflow = FaultRetryAfter.text("99999999999999999999999999")

    /// Each form once, with so many seconds where the form says a time to wait.
    public static func everyForm(seconds: Int) -> [FaultRetryAfter] {
        let wait = Duration.seconds(seconds)
        return [
            .absent, .seconds(seconds), .date(in: wait), .epochMilliseconds(in: wait), .past, .rubbish, .overflow,
        ]
    }

    /// The text of the header at the moment of the answer, or nil where there is none.
    func text(civilNow: CivilInstant) -> String? {
        switch self {
        case .absent: nil
        case .text(let text): text
        case .date(let wait): civilNow.advanced(by: wait).httpDateText
        case .epochMilliseconds(let wait): String(civilNow.advanced(by: wait).millisecondsSinceEpoch)
        }
    }

    /// The end that the form says, for words that tell it too; nil where it says none.
    func end(civilNow: CivilInstant) -> CivilInstant? {
        switch self {
        case .absent: return nil
        case .date(let wait), .epochMilliseconds(let wait): return civilNow.advanced(by: wait)
        case .text(let text):
            switch RetryAfter(text)?.form {
            case .delay(let delay): return civilNow.advanced(by: delay)
            case .date(let date): return date
            case nil: return nil
            }
        }
    }
}

extension FaultRetryAfter: ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    /// A text as it stands.
    public init(stringLiteral value: String) { self = .text(value) }

    /// Nothing is said.
    public init(nilLiteral: ()) { self = .absent }
}

extension FaultRetryAfter: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case date, epochMilliseconds
    }

    /// Reads null, a text as it stands, `{"date": seconds}` or `{"epochMilliseconds": seconds}`.
    public init(from decoder: any Decoder) throws {
        if let value = try? decoder.singleValueContainer() {
            if value.decodeNil() {
                self = .absent
                return
            }
            if let text = try? value.decode(String.self) {
                self = .text(text)
                return
            }
        }
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let date = try fields.decodeSecondsIfPresent(forKey: .date)
        let epoch = try fields.decodeSecondsIfPresent(forKey: .epochMilliseconds)
        switch (date, epoch) {
        case (let wait?, nil): self = .date(in: wait)
        case (nil, let wait?): self = .epochMilliseconds(in: wait)
        case (nil, nil), (_?, _?):
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "expected a text, date or epochMilliseconds in seconds from the answer, or null"))
        }
    }

    /// Writes null, a text, `{"date": seconds}` or `{"epochMilliseconds": seconds}`.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .absent:
            var value = encoder.singleValueContainer()
            try value.encodeNil()
        case .text(let text):
            var value = encoder.singleValueContainer()
            try value.encode(text)
        case .date(let wait):
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encodeSeconds(wait, forKey: .date)
        case .epochMilliseconds(let wait):
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encodeSeconds(wait, forKey: .epochMilliseconds)
        }
    }
}
