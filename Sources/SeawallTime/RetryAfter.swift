/// What a server said about when it may be asked again: an HTTP `Retry-After` header, or a venue's own field like it.
///
/// A bare number is told by its size: under a thousand million it is seconds from now (31 years and more are no wait);
/// from there up to 10^11 it is a Unix time in seconds, and from 10^11 (March 1973) on in milliseconds, as Binance's
/// WebSocket API writes `retryAfter` with 13 digits. What is not understood is nil, never a guess: treat it as a limit
/// whose end the server has not told.
public struct RetryAfter: Hashable, Sendable {
    /// The forms that a server's answer takes.
    public enum Form: Hashable, Sendable {
        /// A time to wait, counted from the arrival of the answer; never negative.
        case delay(Duration)
        /// A point in the server's civil time, which may have passed.
        case date(CivilInstant)
    }

    /// The text as the server sent it.
    public let raw: String

    /// What the text says.
    public let form: Form

    /// Reads seconds (`30`, `1.5`), a date of HTTP, or a Unix time in seconds or milliseconds.
    ///
    /// Spaces and tabs around it do not matter. Nil for an empty text, a sign, an exponent, a unit, NaN, infinity, two
    /// values, and a number past the year 2262.
    public init?(_ raw: String) {
        let text = Self.trimmed(raw)
        guard let form = Self.number(text) ?? CivilInstant(httpDate: text).map(Form.date) else { return nil }
        self.raw = raw
        self.form = form
    }

    /// The instant from which on the server may be asked again; never before `now`, never earlier than the server said.
    ///
    /// - Parameters:
    ///   - now: The present instant, or better the instant at which the answer came.
    ///   - civilNow: The civil time at `now`, of the server's clock where it is known (the answer's `Date`), since a date
    ///     is only as good as the difference of the two clocks.
    public func instant(now: MonotonicInstant, civilNow: CivilInstant) -> MonotonicInstant {
        switch form {
        case .delay(let delay): now.advanced(by: max(.zero, delay))
        case .date(let date): now.advanced(by: max(.zero, civilNow.duration(to: date)))
        }
    }

    private static let firstUnixSecond: Int64 = 1_000_000_000
    private static let firstUnixMillisecond: Int64 = 100_000_000_000

    private static func trimmed(_ text: String) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let bytes = text.utf8.drop(while: isBlank)
        guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(text[bytes.startIndex...last])
    }

    /// Digits, and if there is a point at least one digit after it; what lies below a nanosecond is rounded up.
    private static func number(_ text: String) -> Form? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let whole = digits(first) else { return nil }
        var billionths: Int64 = 0
        if parts.count == 2 {
            guard let fraction = billionthsRoundedUp(parts[1]) else { return nil }
            billionths = fraction
        }
        if whole < firstUnixSecond {
            return .delay(.seconds(whole) + .nanoseconds(billionths))
        }
        let (unit, fraction) =
            whole < firstUnixMillisecond
            ? (1_000_000_000 as Int64, billionths) : (1_000_000, (billionths + 999) / 1_000)
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
        if overflow { return nil }
        let (nanoseconds, isPastEnd) = product.addingReportingOverflow(fraction)
        return isPastEnd ? nil : .date(CivilInstant(nanosecondsSinceEpoch: nanoseconds))
    }

    private static func digits(_ text: Substring) -> Int64? {
        guard let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        return Int64(text)
    }

    private static func billionthsRoundedUp(_ text: Substring) -> Int64? {
        guard !text.isEmpty else { return nil }
        var value: Int64 = 0
        var unit: Int64 = 100_000_000
        var isMore = false
        for byte in text.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            value += Int64(byte - 0x30) * unit
            if unit == 0, byte != 0x30 { isMore = true }
            unit /= 10
        }
        return isMore ? value + 1 : value
    }
}
