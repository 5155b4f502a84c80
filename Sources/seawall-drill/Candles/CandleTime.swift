import Seawall

/// Reads an open time in each of the forms that recordings use.
enum CandleTime {
    /// What an error says was expected.
    static let expected =
        "a time in ISO 8601 with a zone, such as 2023-03-10T00:00:00Z, or Unix seconds, milliseconds or microseconds"

    /// The instant, or nil for anything else.
    ///
    /// Whole numbers are told apart by their size: below 10^11 they are seconds (to the year 5138), below 10^14
    /// milliseconds (from 1973 on), above microseconds.
    static func instant(_ text: String) -> CivilInstant? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return CivilInstant(iso8601: text)
        }
        guard let number = Int64(text) else { return nil }
        let nanoseconds =
            switch number {
            case ..<100_000_000_000: number.multipliedReportingOverflow(by: 1_000_000_000)
            case ..<100_000_000_000_000: number.multipliedReportingOverflow(by: 1_000_000)
            default: number.multipliedReportingOverflow(by: 1_000)
            }
        return nanoseconds.overflow ? nil : CivilInstant(nanosecondsSinceEpoch: nanoseconds.partialValue)
    }
}
