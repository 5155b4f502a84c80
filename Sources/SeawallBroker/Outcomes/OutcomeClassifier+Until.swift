internal import SeawallTime

extension OutcomeClassifier {
    /// When a limit or a ban ends: the latest that the server said, or `length` from now where it said nothing of use.
    ///
    /// An instant that has passed is not of use: it tells of clocks that differ, not of a limit that is over.
    func end(
        of error: BrokerError, atLeast length: Duration, now: MonotonicInstant, civilNow: CivilInstant
    ) -> MonotonicInstant {
        let texts = [error.message, error.body ?? ""].compactMap(Self.banEnd)
        let said = ([error.retryAfter].compactMap { $0 } + texts)
            .compactMap { RetryAfter($0)?.instant(now: now, civilNow: civilNow) }
            .max()
        if let said, said > now { return said }
        return now.advanced(by: length)
    }

    /// The digits after "banned until" in a text, if they are a point in time in milliseconds.
    private static func banEnd(in text: String) -> String? {
        guard let range = text.firstRangeIgnoringCase(of: "banned until ") else { return nil }
        let digits = text.utf8.dropFirst(range.upperBound).prefix { (0x30...0x39).contains($0) }
        return (12...16).contains(digits.count) ? String(digits) : nil
    }
}
