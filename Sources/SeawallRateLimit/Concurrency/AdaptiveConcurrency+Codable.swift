internal import SeawallTime

extension AdaptiveConcurrency: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case initial, minimum, maximum, probeLimit, samples, tolerancePerMille, smoothingPerMille, cutPerMille
        case probeInterval
    }

    /// Reads a configuration; `probeInterval` is in seconds, and every field may be missing and then has its default.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields. The ranges are judged when a
    ///   limiter is made.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init()
        initial = try fields.decodeIfPresent(Int.self, forKey: .initial) ?? initial
        minimum = try fields.decodeIfPresent(Int.self, forKey: .minimum) ?? minimum
        maximum = try fields.decodeIfPresent(Int.self, forKey: .maximum) ?? maximum
        probeLimit = try fields.decodeIfPresent(Int.self, forKey: .probeLimit) ?? probeLimit
        samples = try fields.decodeIfPresent(Int.self, forKey: .samples) ?? samples
        tolerancePerMille = try fields.decodeIfPresent(Int.self, forKey: .tolerancePerMille) ?? tolerancePerMille
        smoothingPerMille = try fields.decodeIfPresent(Int.self, forKey: .smoothingPerMille) ?? smoothingPerMille
        cutPerMille = try fields.decodeIfPresent(Int.self, forKey: .cutPerMille) ?? cutPerMille
        if let seconds = try fields.decodeIfPresent(Double.self, forKey: .probeInterval) {
            guard let interval = Duration(exactSeconds: seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .probeInterval, in: fields,
                    debugDescription: "\(seconds) is no number of seconds in reach")
            }
            probeInterval = interval
        }
    }

    /// Writes the configuration; `probeInterval` is in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(initial, forKey: .initial)
        try fields.encode(minimum, forKey: .minimum)
        try fields.encode(maximum, forKey: .maximum)
        try fields.encode(probeLimit, forKey: .probeLimit)
        try fields.encode(samples, forKey: .samples)
        try fields.encode(tolerancePerMille, forKey: .tolerancePerMille)
        try fields.encode(smoothingPerMille, forKey: .smoothingPerMille)
        try fields.encode(cutPerMille, forKey: .cutPerMille)
        try fields.encode(probeInterval.secondsDouble, forKey: .probeInterval)
    }
}
