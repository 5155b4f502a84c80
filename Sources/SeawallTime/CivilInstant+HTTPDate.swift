extension CivilInstant {
    /// Reads a date of HTTP (RFC 9110, section 5.6.7) in each of its three forms.
    ///
    /// These are `Sun, 06 Nov 1994 08:49:37 GMT`, and the obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`. Two digits of year mean 1970 ... 2069. The day of the week must be one, but need not be
    /// the date's own: a server that errs there still says when. Nil for anything else.
    public init?(httpDate text: String) {
        let date = Self.fixDate(text) ?? Self.rfc850Date(text) ?? Self.asctimeDate(text)
        guard let instant = date?.instant() else { return nil }
        self = instant
    }

    /// The instant as a date of HTTP, `Sun, 06 Nov 1994 08:49:37 GMT`, rounded down to a second.
    public var httpDateText: String {
        let date = CivilDate(self)
        let weekday = CivilDate.weekdays[date.weekday].prefix(3)
        let day = CivilDate.padded(date.day, 2)
        let year = CivilDate.padded(date.year, 4)
        return "\(weekday), \(day) \(CivilDate.months[date.month - 1]) \(year) \(date.timeText) GMT"
    }

    private static let shortWeekdays = CivilDate.weekdays.map { String($0.prefix(3)) }

    private static func fixDate(_ text: String) -> CivilDate? {
        var scanner = TextScanner(text)
        guard scanner.takeIndex(of: shortWeekdays) != nil, scanner.take(", "),
            let day = scanner.number(digits: 2), scanner.take(" "),
            let month = scanner.takeIndex(of: CivilDate.months), scanner.take(" "),
            let year = scanner.number(digits: 4), scanner.take(" "),
            let time = scanner.timeOfDay(), scanner.take(" GMT"), scanner.isAtEnd
        else { return nil }
        return date(year, month, day, time)
    }

    private static func rfc850Date(_ text: String) -> CivilDate? {
        var scanner = TextScanner(text)
        guard scanner.takeIndex(of: CivilDate.weekdays) != nil, scanner.take(", "),
            let day = scanner.number(digits: 2), scanner.take("-"),
            let month = scanner.takeIndex(of: CivilDate.months), scanner.take("-"),
            let year = scanner.number(digits: 2), scanner.take(" "),
            let time = scanner.timeOfDay(), scanner.take(" GMT"), scanner.isAtEnd
        else { return nil }
        return date(year + (year < 70 ? 2_000 : 1_900), month, day, time)
    }

    private static func asctimeDate(_ text: String) -> CivilDate? {
        var scanner = TextScanner(text)
        guard scanner.takeIndex(of: shortWeekdays) != nil, scanner.take(" "),
            let month = scanner.takeIndex(of: CivilDate.months), scanner.take(" "),
            let day = scanner.take(" ") ? scanner.number(digits: 1) : scanner.number(digits: 2), scanner.take(" "),
            let time = scanner.timeOfDay(), scanner.take(" "),
            let year = scanner.number(digits: 4), scanner.isAtEnd
        else { return nil }
        return date(year, month, day, time)
    }

    private static func date(
        _ year: Int, _ monthIndex: Int, _ day: Int, _ time: (hour: Int, minute: Int, second: Int)
    ) -> CivilDate {
        var date = CivilDate(year: year, month: monthIndex + 1, day: day)
        (date.hour, date.minute, date.second) = time
        return date
    }
}
