/// A date and time of day in the Gregorian calendar, UTC, and its number of nanoseconds since 1970.
///
/// The day arithmetic is Howard Hinnant's `days_from_civil`, exact for every year that four digits can write.
struct CivilDate {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0
    var nanosecond = 0

    static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    // 64 bits throughout: on a watch an `Int` has 32.
    private static let secondsOfDay: Int64 = 86_400

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date and time that `instant` shows in UTC.
    init(_ instant: CivilInstant) {
        let (seconds, nanosecond) = Self.floorDivide(instant.nanosecondsSinceEpoch, by: 1_000_000_000)
        let (days, secondOfDay) = Self.floorDivide(seconds, by: Self.secondsOfDay)
        let (era, dayOfEra) = Self.floorDivide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        year = Int(era * 400 + yearOfEra) + (month <= 2 ? 1 : 0)
        hour = Int(secondOfDay / 3_600)
        minute = Int(secondOfDay / 60 % 60)
        second = Int(secondOfDay % 60)
        self.nanosecond = Int(nanosecond)
    }

    /// Days since 1970-01-01.
    private var daysSinceEpoch: Int64 {
        let yearFromMarch = Int64(month <= 2 ? year - 1 : year)
        let (era, yearOfEra) = Self.floorDivide(yearFromMarch, by: 400)
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = Int64((153 * monthFromMarch + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day of the week, 0 for Sunday; 1970-01-01 was a Thursday.
    var weekday: Int { Int(Self.floorDivide(daysSinceEpoch + 4, by: 7).remainder) }

    /// The instant, `offset` seconds east of UTC; nil where a field is out of its range or the instant out of `Int64`.
    ///
    /// The second 60 is taken where a leap second can be, before a midnight of UTC, and gives that midnight.
    func instant(secondsEast offset: Int = 0) -> CivilInstant? {
        guard (0...9_999).contains(year), (1...12).contains(month), (1...daysOfMonth).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        let secondOfDay = hour * 3_600 + minute * 60 + second
        let seconds = daysSinceEpoch * Self.secondsOfDay + Int64(secondOfDay - offset)
        if second == 60, !seconds.isMultiple(of: Self.secondsOfDay) { return nil }
        // 128 bits: at the early end of the range the whole seconds alone lie outside of it.
        let nanoseconds = Int128(seconds) * 1_000_000_000 + Int128(nanosecond)
        return Int64(exactly: nanoseconds).map(CivilInstant.init(nanosecondsSinceEpoch:))
    }

    private var daysOfMonth: Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// `value` in decimal with zeros before it, `width` digits in all.
    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
