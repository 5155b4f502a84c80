import SeawallTime
import Testing

@Suite struct CivilInstantHTTPDateTests {
    private static let example = CivilInstant(millisecondsSinceEpoch: 784_111_777_000)

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "Mon, 06 Nov 1994 08:49:37 GMT",
    ])
    func readsAllThreeForms(text: String) {
        #expect(CivilInstant(httpDate: text) == Self.example)
    }

    @Test(arguments: [
        ("Sun Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"),
        ("Friday, 01-Jan-69 00:00:00 GMT", "2069-01-01T00:00:00Z"),
        ("Friday, 01-Jan-70 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"),
        ("Thu, 29 Feb 2024 00:00:00 GMT", "2024-02-29T00:00:00Z"),
    ])
    func readsTheEdges(text: String, iso: String) {
        #expect(CivilInstant(httpDate: text)?.iso8601Text == iso)
    }

    @Test(arguments: [
        "", "30", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 29 Feb 2023 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:60 GMT", "Sun, 06 Nov 2994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        "Sun Nov 06 08:49:37 1994 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    ])
    func refusesEverythingElse(text: String) {
        #expect(CivilInstant(httpDate: text) == nil)
    }

    @Test func writesTheFormOfToday() {
        #expect(Self.example.httpDateText == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Self.example.advanced(by: .nanoseconds(-1)).httpDateText == "Sun, 06 Nov 1994 08:49:36 GMT")
        #expect(CivilInstant(millisecondsSinceEpoch: 0).httpDateText == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(CivilInstant(millisecondsSinceEpoch: -1).httpDateText == "Wed, 31 Dec 1969 23:59:59 GMT")
    }

    @Test func everySecondSurvivesItsText() {
        var generator = SeededGenerator(seed: 1, stream: "http-date")
        for _ in 0..<5_000 {
            let seconds = Int64(generator.below(18_000_000_000)) - 9_000_000_000
            let instant = CivilInstant(millisecondsSinceEpoch: seconds * 1_000)
            #expect(CivilInstant(httpDate: instant.httpDateText) == instant)
        }
    }
}
