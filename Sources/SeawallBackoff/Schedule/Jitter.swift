/// How a delay is spread at random, so that many clients do not come back in the same instant.
///
/// Every kind draws uniformly over whole nanoseconds, both ends included. The range is cut at the policy's cap before
/// the draw, never after it: at the cap the jitter still spreads, and it never lifts a delay over the cap.
public enum Jitter: Hashable, Sendable {
    /// The computed delay itself.
    case none

    /// From zero to the computed delay.
    case full

    /// From half of the computed delay to all of it.
    case equal

    /// From `1 - fraction` to `1 + fraction` times the computed delay; the fraction lies in `0 ... 1`.
    case proportional(Double)

    /// From the initial delay to three times the delay before; needs exponential growth.
    ///
    /// The rule is the one published by AWS ("Exponential Backoff And Jitter", 2015).
    case decorrelated
}

extension Jitter: Codable {
    private enum CodingKeys: String, CodingKey {
        case proportional
    }

    /// Reads `"none"`, `"full"`, `"equal"`, `"decorrelated"`, or `{"proportional": 0.25}`.
    ///
    /// - Throws: `DecodingError` for anything else; the range of the fraction is checked by the policy that holds it.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: CodingKeys.self) {
            self = .proportional(try container.decode(Double.self, forKey: .proportional))
            return
        }
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        switch name {
        case "none": self = .none
        case "full": self = .full
        case "equal": self = .equal
        case "decorrelated": self = .decorrelated
        default:
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "\"\(name)\" is no jitter: expected none, full, equal, decorrelated or {proportional}"
            )
        }
    }

    /// Writes a name, or `{"proportional": fraction}`.
    public func encode(to encoder: any Encoder) throws {
        if case .proportional(let fraction) = self {
            var container = encoder.container(keyedBy: CodingKeys.self)
            return try container.encode(fraction, forKey: .proportional)
        }
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Jitter: CustomStringConvertible {
    /// The kind's name, with the fraction where there is one.
    public var description: String {
        switch self {
        case .none: "none"
        case .full: "full"
        case .equal: "equal"
        case .proportional(let fraction): "proportional(\(fraction))"
        case .decorrelated: "decorrelated"
        }
    }
}
