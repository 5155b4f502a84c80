/// The value of a span's attribute or of a log event's field.
public enum TraceValue: Hashable, Sendable {
    /// Text.
    case text(String)

    /// A whole number.
    case whole(Int)

    /// A number.
    case number(Double)

    /// Whether something is so.
    case flag(Bool)
}

extension TraceValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    /// Makes text.
    public init(stringLiteral text: String) { self = .text(text) }

    /// Makes a whole number.
    public init(integerLiteral number: Int) { self = .whole(number) }

    /// Makes a number.
    public init(floatLiteral number: Double) { self = .number(number) }

    /// Makes a yes or no.
    public init(booleanLiteral flag: Bool) { self = .flag(flag) }
}

extension TraceValue: CustomStringConvertible {
    /// The value as text.
    public var description: String {
        switch self {
        case .text(let text): text
        case .whole(let number): "\(number)"
        case .number(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        }
    }
}
