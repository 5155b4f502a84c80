import SeawallTime
import Testing

@Suite struct CivilInstantISO8601Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2023-03-10T00:00:00Z", 1_678_406_400_000_000_000),
        ("2023-03-10 00:00:00Z", 1_678_406_400_000_000_000),
        ("2023-03-10t00:00:00z", 1_678_406_400_000_000_000),
        ("2023-03-10T01:00:00+01:00", 1_678_406_400_000_000_000),
        ("2023-03-09T18:30:00-05:30", 1_678_406_400_000_000_000),
        ("2023-03-10T00:00:00-00:00", 1_678_406_400_000_000_000),
        ("2023-03-10T00:00:00.5Z", 1_678_406_400_500_000_000),
        ("2023-03-10T00:00:00.000000001Z", 1_678_406_400_000_000_001),
        ("2000-02-29T23:59:59.999999999Z", 951_868_799_999_999_999),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
        ("2016-12-31T18:59:60-05:00", 1_483_228_800_000_000_000),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("1677-09-21T00:12:43.145224192Z", Int64.min),
        ("2262-04-11T23:47:16.854775807Z", Int64.max),
    ])
    func readsWhatRFC3339Writes(text: String, nanoseconds: Int64) {
        #expect(CivilInstant(iso8601: text)?.nanosecondsSinceEpoch == nanoseconds)
    }

    @Test(arguments: [
        "", " ", "2023", "2023-03-10", "2023-03-10T00:00:00", "2023-03-10T00:00Z", "2023-3-10T00:00:00Z",
        "2023-03-10T24:00:00Z", "2023-03-10T24:60:00Z", "2023-03-10T23:60:00Z", "2023-03-10T23:59:61Z",
        "2023-03-10T12:00:60Z", "2023-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2023-04-31T00:00:00Z", "2023-00-10T00:00:00Z", "2023-13-10T00:00:00Z", "2023-03-00T00:00:00Z",
        "2023-03-32T00:00:00Z", "2023-03-10T00:00:00Z ", " 2023-03-10T00:00:00Z", "2023-03-10T00:00:00ZZ",
        "2023-03-10T00:00:00.Z", "2023-03-10T00:00:00.1234567890Z", "2023-03-10T00:00:00,5Z",
        "2023-03-10T00:00:00+0100", "2023-03-10T00:00:00+01", "2023-03-10T00:00:00+24:00",
        "2023-03-10T00:00:00+01:60", "2023-03-10  00:00:00Z", "20230310T000000Z", "-023-03-10T00:00:00Z",
        "+2023-03-10T00:00:00Z", "2023-03-10T-1:00:00Z", "２０２３-03-10T00:00:00Z", "2023-03-10T00:00:00Z\u{301}",
        "1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z", "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
    ])
    func refusesEverythingElse(text: String) {
        #expect(CivilInstant(iso8601: text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_678_406_400_500_000_000, "2023-03-10T00:00:00.500Z"),
        (1_678_406_400_000_001_000, "2023-03-10T00:00:00.000001Z"),
        (1_678_406_400_010_000_001, "2023-03-10T00:00:00.010000001Z"),
        (Int64.min, "1677-09-21T00:12:43.145224192Z"), (Int64.max, "2262-04-11T23:47:16.854775807Z"),
    ])
    func writesAFractionOnlyWhereThereIsOne(nanoseconds: Int64, text: String) {
        let instant = CivilInstant(nanosecondsSinceEpoch: nanoseconds)
        #expect(instant.iso8601Text == text)
        #expect(instant.description == text)
    }

    @Test func everyInstantSurvivesItsText() {
        var generator = SeededGenerator(seed: 1, stream: "iso8601")
        for _ in 0..<5_000 {
            let instant = CivilInstant(nanosecondsSinceEpoch: Int64(bitPattern: generator.next()))
            #expect(CivilInstant(iso8601: instant.iso8601Text) == instant)
        }
    }

    @Test func everyDayOfTheRangeFollowsTheOneBefore() throws {
        // A calendar counted day by day, without the arithmetic under test.
        var (year, month, day) = (1970, 1, 1)
        for index in 0..<106_751 {
            let nanoseconds = Int64(index) * 86_400_000_000_000
            let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T00:00:00Z"
            let instant = CivilInstant(nanosecondsSinceEpoch: nanoseconds)
            try #require(CivilInstant(iso8601: text) == instant && instant.iso8601Text == text)
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
        }
    }

    @Test func textWithOneByteChangedNeverTrapsAndNeverMeansAnotherLength() {
        var generator = SeededGenerator(seed: 2, stream: "iso8601-damage")
        for _ in 0..<5_000 {
            var bytes = Array("2023-03-10T12:34:56.789+01:00".utf8)
            let position = Int(generator.below(UInt64(bytes.count)))
            bytes[position] = UInt8(truncatingIfNeeded: generator.next())
            let text = String(decoding: bytes, as: UTF8.self)
            if let instant = CivilInstant(iso8601: text) {
                #expect(CivilInstant(iso8601: instant.iso8601Text) == instant)
            }
            #expect(CivilInstant(iso8601: String(text.dropLast())) == nil)
        }
    }
}
