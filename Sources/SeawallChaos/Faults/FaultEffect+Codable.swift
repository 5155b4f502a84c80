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
        }
    }

    private enum CodingKeys: String, CodingKey {
        case kind, loss, duration, retryAfter, form, error, answer
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
        }
    }

    /// Writes an effect: `kind`, and what that kind needs; durations are in seconds.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(kind, forKey: .kind)
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): try fields.encode(loss, forKey: .loss)
        case .delay(let duration), .lateFills(let duration): try fields.encodeSeconds(duration, forKey: .duration)
        case .rateLimited(let retryAfter), .banned(let retryAfter):
            try fields.encodeIfPresent(retryAfter, forKey: .retryAfter)
        case .outage(let duration, let form):
            try fields.encodeSeconds(duration, forKey: .duration)
            try fields.encode(form, forKey: .form)
        case .duplicateFills, .emptyOrders: break
        case .error(let error): try fields.encode(error, forKey: .error)
        case .answer(let answer): try fields.encode(answer, forKey: .answer)
        }
    }
}
