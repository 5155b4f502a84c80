internal import SeawallTime

extension KeyedDecodingContainer {
    /// A duration written as seconds, or nil where there is none.
    package func decodeSecondsIfPresent(forKey key: Key) throws -> Duration? {
        guard let seconds = try decodeIfPresent(Double.self, forKey: key) else { return nil }
        guard let duration = Duration(exactSeconds: seconds) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self,
                debugDescription: "\(key.stringValue) is \(seconds), expected seconds within 292 years")
        }
        return duration
    }

    /// A duration written as seconds.
    package func decodeSeconds(forKey key: Key) throws -> Duration {
        guard let duration = try decodeSecondsIfPresent(forKey: key) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "expected seconds"))
        }
        return duration
    }
}

extension KeyedEncodingContainer {
    /// Writes a duration as seconds.
    package mutating func encodeSeconds(_ duration: Duration, forKey key: Key) throws {
        try encode(duration.secondsDouble, forKey: key)
    }
}
