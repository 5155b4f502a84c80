internal import SeawallBroker
internal import SeawallTime

/// How the loss of a request or of its reply shows to the caller, who cannot tell the two apart.
public enum FaultLoss: Hashable, Sendable {
    /// The connection is reset after a moment.
    case reset(after: Duration)
    /// Nothing comes for a time, then the connection is reset.
    case silence(for: Duration)

    /// How long the caller waits.
    public var wait: Duration {
        switch self {
        case .reset(let wait), .silence(let wait): wait
        }
    }

    var error: BrokerError {
        switch self {
        case .reset: BrokerError(code: .transport, message: "connection reset by peer", delivery: .maybeSent)
        case .silence: BrokerError(code: .timeout, message: "no answer, connection closed", delivery: .maybeSent)
        }
    }
}

extension FaultLoss: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case reset, silence
    }

    /// Reads `{"reset": seconds}` or `{"silence": seconds}`.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let reset = try fields.decodeSecondsIfPresent(forKey: .reset)
        let silence = try fields.decodeSecondsIfPresent(forKey: .silence)
        switch (reset, silence) {
        case (let wait?, nil): self = .reset(after: wait)
        case (nil, let wait?): self = .silence(for: wait)
        case (nil, nil), (_?, _?):
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected reset or silence, in seconds"))
        }
    }

    /// Writes `{"reset": seconds}` or `{"silence": seconds}`.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .reset(let wait): try fields.encodeSeconds(wait, forKey: .reset)
        case .silence(let wait): try fields.encodeSeconds(wait, forKey: .silence)
        }
    }
}
