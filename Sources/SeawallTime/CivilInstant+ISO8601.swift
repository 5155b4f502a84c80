extension CivilInstant {
    /// Reads a date and time of RFC 3339, the profile of ISO 8601 for the net, such as `2023-03-10T00:00:00Z`.
    ///
    /// Taken are four digits of year, `T`, `t` or one space before the time, up to 9 digits of fraction, and `Z`, `z` or
    /// an offset `+01:00`. A leap second (`23:59:60` UTC) is the midnight after it. Nil for anything else: a time without
    /// an offset, a day that the month lacks, `24:00`, text before or after, and whatever lies outside
    /// 1677-09-21T00:12:43.145224192Z ... 2262-04-11T23:47:16.854775807Z, the range of `Int64` nanoseconds.
    public init?(iso8601 text: String) {
        var scanner = TextScanner(text)
        guard let year = scanner.number(digits: 4), scanner.take("-"),
            let month = scanner.number(digits: 2), scanner.take("-"),
            let day = scanner.number(digits: 2), scanner.takeIndex(of: ["T", "t", " "]) != nil,
            let time = scanner.timeOfDay(), let nanosecond = scanner.fraction(), let offset = scanner.offset(),
            scanner.isAtEnd
        else { return nil }
        var date = CivilDate(year: year, month: month, day: day)
        (date.hour, date.minute, date.second) = time
        date.nanosecond = nanosecond
        guard let instant = date.instant(secondsEast: offset) else { return nil }
        self = instant
    }

    /// The instant in ISO 8601 and RFC 3339, UTC: `2023-03-10T00:00:00Z`, with 3, 6 or 9 digits of fraction if any.
    public var iso8601Text: String {
        let date = CivilDate(self)
        return "\(date.dayText)T\(date.timeText)\(Self.fractionText(date.nanosecond))Z"
    }

    private static func fractionText(_ nanosecond: Int) -> String {
        if nanosecond == 0 { return "" }
        if nanosecond.isMultiple(of: 1_000_000) { return "." + CivilDate.padded(nanosecond / 1_000_000, 3) }
        if nanosecond.isMultiple(of: 1_000) { return "." + CivilDate.padded(nanosecond / 1_000, 6) }
        return "." + CivilDate.padded(nanosecond, 9)
    }
}

extension CivilInstant: CustomStringConvertible {
    /// The instant as `iso8601Text`.
    public var description: String { iso8601Text }
}

extension CivilDate {
    /// The date, for example `1994-11-06`.
    fileprivate var dayText: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// The time of day to the second, for example `08:49:37`.
    var timeText: String { "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))" }
}

extension TextScanner {
    /// Steps over `HH:MM:SS`; the ranges are the date's to judge.
    mutating func timeOfDay() -> (hour: Int, minute: Int, second: Int)? {
        guard let hour = number(digits: 2), take(":"), let minute = number(digits: 2),
            take(":"), let second = number(digits: 2)
        else { return nil }
        return (hour, minute, second)
    }

    /// Steps over a point and 1 to 9 digits, if a point comes next; gives nanoseconds.
    fileprivate mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var nanosecond = 0
        var unit = 100_000_000
        while let digit = digit() {
            guard unit > 0 else { return nil }
            nanosecond += digit * unit
            unit /= 10
        }
        return unit == 100_000_000 ? nil : nanosecond
    }

    /// Steps over `Z` or `+HH:MM` or `-HH:MM`; gives seconds east of UTC.
    fileprivate mutating func offset() -> Int? {
        if takeIndex(of: ["Z", "z"]) != nil { return 0 }
        guard let sign = takeIndex(of: ["+", "-"]), let hours = number(digits: 2), take(":"),
            let minutes = number(digits: 2), hours <= 23, minutes <= 59
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return sign == 0 ? seconds : -seconds
    }
}
