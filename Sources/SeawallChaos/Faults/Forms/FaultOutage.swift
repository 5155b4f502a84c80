internal import SeawallBroker

/// How an outage shows to every caller while it lasts; the venue sees nothing of the calls.
public enum FaultOutage: Hashable, Sendable {
    /// Connections are refused, which proves that nothing was sent.
    case refused
    /// Connections are reset, which proves nothing.
    case reset
    /// Something in front of the venue answers with a status and no body, for example 503.
    case status(Int)

    var error: BrokerError { faultError.brokerError }

    var faultError: FaultError {
        switch self {
        case .refused: FaultError(code: .transport, message: "connection refused", delivery: .notSent)
        case .reset: FaultError(code: .transport, message: "connection reset by peer", delivery: .maybeSent)
        case .status(let status): FaultError(message: "HTTP \(status)", status: status)
        }
    }
}

extension FaultOutage: Codable {
    private static let refusedName = "refused"
    private static let resetName = "reset"

    /// Reads `"refused"`, `"reset"`, or a status as a number.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let status = try? value.decode(Int.self) {
            self = .status(status)
            return
        }
        switch try value.decode(String.self) {
        case Self.refusedName: self = .refused
        case Self.resetName: self = .reset
        case let name:
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "\"\(name)\" is no outage, expected refused, reset or a status")
        }
    }

    /// Writes `"refused"`, `"reset"`, or a status as a number.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .refused: try value.encode(Self.refusedName)
        case .reset: try value.encode(Self.resetName)
        case .status(let status): try value.encode(status)
        }
    }
}
