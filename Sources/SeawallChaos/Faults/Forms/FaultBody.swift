internal import SeawallBroker

/// The body of an answer that nobody can read.
public enum FaultBody: Hashable, Sendable {
    /// 200 and JSON that breaks off in the middle.
    case rubbish
    /// 200 and nothing.
    case empty
    /// A page in HTML with this status, as something in front of the venue sends it, for example 502.
    case html(Int)

    var error: BrokerError {
        switch self {
        case .rubbish:
            BrokerError(
                code: .unreadable, message: "the answer ends in the middle of its JSON", delivery: .answered,
                status: 200, body: "{\"orderId\":28457,\"sta\u{1}")
        case .empty:
            BrokerError(
                code: .unreadable, message: "the answer is empty", delivery: .answered, status: 200, body: "")
        case .html(let status):
            BrokerError(
                code: (200...299).contains(status) ? .unreadable : .answered, message: "HTTP \(status)",
                delivery: .answered, status: status,
                body: "<html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>")
        }
    }
}

extension FaultBody: Codable {
    private static let rubbishName = "rubbish"
    private static let emptyName = "empty"

    /// Reads `"rubbish"`, `"empty"`, or the status of a page in HTML as a number.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let status = try? value.decode(Int.self) {
            self = .html(status)
            return
        }
        switch try value.decode(String.self) {
        case Self.rubbishName: self = .rubbish
        case Self.emptyName: self = .empty
        case let name:
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "\"\(name)\" is no body, expected rubbish, empty or a status")
        }
    }

    /// Writes `"rubbish"`, `"empty"`, or the status of a page in HTML as a number.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .rubbish: try value.encode(Self.rubbishName)
        case .empty: try value.encode(Self.emptyName)
        case .html(let status): try value.encode(status)
        }
    }
}
