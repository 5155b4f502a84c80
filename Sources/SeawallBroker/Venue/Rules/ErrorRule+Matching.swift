extension ErrorRule {
    /// True where an error that the venue answered fits every condition of the rule.
    package func matches(_ error: BrokerError, of operation: BrokerOperation) -> Bool {
        if let status, status != error.status { return false }
        if let code, code != error.venueCode { return false }
        if let operations, !operations.contains(operation) { return false }
        guard let contains else { return true }
        let body = error.body.map { $0.containsIgnoringCase(contains) } ?? false
        return body || (code != nil && error.message.containsIgnoringCase(contains))
    }
}

extension String {
    /// True where the text occurs in this one, letter case of ASCII apart; an empty text occurs everywhere.
    package func containsIgnoringCase(_ part: String) -> Bool {
        firstRangeIgnoringCase(of: part) != nil
    }

    /// Where in the text's bytes `part` first occurs, letter case of ASCII apart.
    func firstRangeIgnoringCase(of part: String) -> Range<Int>? {
        let text = utf8.map(\.lowercasedASCII)
        let wanted = part.utf8.map(\.lowercasedASCII)
        guard wanted.count <= text.count else { return nil }
        for start in 0...(text.count - wanted.count) where text[start..<(start + wanted.count)].elementsEqual(wanted) {
            return start..<(start + wanted.count)
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var lowercasedASCII: UInt8 { (0x41...0x5a).contains(self) ? self + 0x20 : self }
}
