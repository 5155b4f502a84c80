internal import SeawallBroker

extension FaultEffect: Codable {
    enum Kind: String, Codable, CaseIterable {
        case lostBefore = "lost_before"
        case lostAfter = "lost_after"
        case delay
        case rateLimited = "rate_limited"
        case banned
        case outage
        case lateFills = "late_fills"
        case duplicateFills = "duplicate_fills"
        case emptyOrders = "empty_orders"
        case error
        case answer
        case clockStep = "clock_step"
        case machineSleep = "machine_sleep"
        case crash
        case diskFailure = "disk_failure"
        case venueMode = "venue_mode"
        case authenticationExpiry = "authentication_expiry"
        case secondProcess = "second_process"
        case fill
    }

    var kind: Kind {
        switch self {
        case .lostBefore: .lostBefore
        case .lostAfter: .lostAfter
        case .delay: .delay
        case .rateLimited: .rateLimited
        case .banned: .banned
        case .outage: .outage
        case .lateFills: .lateFills
        case .duplicateFills: .duplicateFills
        case .emptyOrders: .emptyOrders
        case .error: .error
        case .answer: .answer
        case .clockStep: .clockStep
        case .machineSleep: .machineSleep
        case .crash: .crash
        case .diskFailure: .diskFailure
        case .venueMode: .venueMode
        case .authenticationExpiry: .authenticationExpiry
        case .secondProcess: .secondProcess
        case .fill: .fill
        }
    }

    private enum CodingKeys: String, CodingKey {
        case kind, loss, duration, retryAfter, form, error, answer, moment, failure, mode, perMille
    }

    /// Reads an effect: `kind`, and what that kind needs; durations are in seconds.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func duration() throws -> Duration {
            guard let duration = try fields.decodeSecondsIfPresent(forKey: .duration) else {
                throw DecodingError.keyNotFound(
                    CodingKeys.duration, .init(codingPath: decoder.codingPath, debugDescription: "expected seconds"))
            }
            return duration
        }
        switch try fields.decode(Kind.self, forKey: .kind) {
        case .lostBefore: self = .lostBefore(try fields.decode(FaultLoss.self, forKey: .loss))
        case .lostAfter: self = .lostAfter(try fields.decode(FaultLoss.self, forKey: .loss))
        case .delay: self = .delay(try duration())
        case .rateLimited:
            self = .rateLimited(retryAfter: try fields.decodeIfPresent(String.self, forKey: .retryAfter))
        case .banned: self = .banned(retryAfter: try fields.decodeIfPresent(String.self, forKey: .retryAfter))
        case .outage: self = .outage(for: try duration(), as: try fields.decode(FaultOutage.self, forKey: .form))
        case .lateFills: self = .lateFills(by: try duration())
        case .duplicateFills: self = .duplicateFills
        case .emptyOrders: self = .emptyOrders
        case .error: self = .error(try fields.decode(FaultError.self, forKey: .error))
        case .answer: self = .answer(try fields.decode(FaultAnswer.self, forKey: .answer))
        case .clockStep: self = .clockStep(try duration())
        case .machineSleep: self = .machineSleep(try duration())
        case .crash: self = .crash(try fields.decode(FaultMoment.self, forKey: .moment))
        case .diskFailure:
            self = .diskFailure(try fields.decode(DiskFailure.self, forKey: .failure), for: try duration())
        case .venueMode:
            self = .venueMode(try fields.decode(VenueStatus.Mode.self, forKey: .mode), for: try duration())
        case .authenticationExpiry: self = .authenticationExpiry(for: try duration())
        case .secondProcess:
            self = .secondProcess(perMille: try fields.decode(Int.self, forKey: .perMille), for: try duration())
        case .fill:
            self = .fill(
                perMille: try fields.decode(Int.self, forKey: .perMille),
                at: try fields.decode(FaultMoment.self, forKey: .moment), hold: try duration())
        }
    }

    /// Writes an effect: `kind`, and what that kind needs; durations are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(kind, forKey: .kind)
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): try fields.encode(loss, forKey: .loss)
        case .delay(let duration), .lateFills(let duration), .clockStep(let duration), .machineSleep(let duration),
            .authenticationExpiry(let duration):
            try fields.encodeSeconds(duration, forKey: .duration)
        case .rateLimited(let retryAfter), .banned(let retryAfter):
            try fields.encodeIfPresent(retryAfter, forKey: .retryAfter)
        case .outage(let duration, let form):
            try fields.encodeSeconds(duration, forKey: .duration)
            try fields.encode(form, forKey: .form)
        case .duplicateFills, .emptyOrders: break
        case .error(let error): try fields.encode(error, forKey: .error)
        case .answer(let answer): try fields.encode(answer, forKey: .answer)
        case .crash(let moment): try fields.encode(moment, forKey: .moment)
        case .diskFailure(let failure, let duration):
            try fields.encode(failure, forKey: .failure)
            try fields.encodeSeconds(duration, forKey: .duration)
        case .venueMode(let mode, let duration):
            try fields.encode(mode, forKey: .mode)
            try fields.encodeSeconds(duration, forKey: .duration)
        case .secondProcess(let perMille, let duration):
            try fields.encode(perMille, forKey: .perMille)
            try fields.encodeSeconds(duration, forKey: .duration)
        case .fill(let perMille, let moment, let hold):
            try fields.encode(perMille, forKey: .perMille)
            try fields.encode(moment, forKey: .moment)
            try fields.encodeSeconds(hold, forKey: .duration)
        }
    }
}
