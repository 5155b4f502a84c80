internal import SeawallTime

extension SimulationConfiguration: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case scheduling, stepLimit, stepsPerInstantLimit, timeLimit, shutdownStepLimit, stallGrace, civilStart,
            yieldsPerMille
        case usesRuntimeHook, healsAt
    }

    /// Reads a configuration; durations are seconds, what is missing has its default, and no other key may be there.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let standard = SimulationConfiguration()
        func seconds(_ key: CodingKeys) throws -> Duration? {
            guard let seconds = try values.decodeIfPresent(Double.self, forKey: key) else { return nil }
            guard let duration = Duration(exactSeconds: seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values,
                    debugDescription: "\(key.stringValue) is \(seconds), expected seconds within ±9.2e9")
            }
            return duration
        }
        self.init(
            scheduling: try values.decodeIfPresent(SimulationScheduling.self, forKey: .scheduling)
                ?? standard.scheduling,
            stepLimit: try values.decodeIfPresent(Int.self, forKey: .stepLimit) ?? standard.stepLimit,
            stepsPerInstantLimit: try values.decodeIfPresent(Int.self, forKey: .stepsPerInstantLimit)
                ?? standard.stepsPerInstantLimit,
            timeLimit: try seconds(.timeLimit),
            shutdownStepLimit: try values.decodeIfPresent(Int.self, forKey: .shutdownStepLimit)
                ?? standard.shutdownStepLimit,
            stallGrace: try seconds(.stallGrace) ?? standard.stallGrace,
            civilStart: try values.decodeIfPresent(CivilInstant.self, forKey: .civilStart) ?? standard.civilStart,
            yieldsPerMille: try values.decodeIfPresent(Int.self, forKey: .yieldsPerMille) ?? standard.yieldsPerMille,
            usesRuntimeHook: try values.decodeIfPresent(Bool.self, forKey: .usesRuntimeHook)
                ?? standard.usesRuntimeHook,
            healsAt: try seconds(.healsAt))
    }

    /// Writes the configuration as `init(from:)` reads it.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(scheduling, forKey: .scheduling)
        try values.encode(stepLimit, forKey: .stepLimit)
        try values.encode(stepsPerInstantLimit, forKey: .stepsPerInstantLimit)
        try values.encodeIfPresent(timeLimit?.secondsDouble, forKey: .timeLimit)
        try values.encode(shutdownStepLimit, forKey: .shutdownStepLimit)
        try values.encode(stallGrace.secondsDouble, forKey: .stallGrace)
        try values.encode(civilStart, forKey: .civilStart)
        try values.encode(yieldsPerMille, forKey: .yieldsPerMille)
        try values.encode(usesRuntimeHook, forKey: .usesRuntimeHook)
        try values.encodeIfPresent(healsAt?.secondsDouble, forKey: .healsAt)
    }
}
