public import SeawallBroker
internal import SeawallTime

/// A `BrokerError` as data.
public struct FaultError: Hashable, Sendable {
    /// The kind of error.
    public var code: BrokerError.Code

    /// What happened, for a person.
    public var message: String

    /// Whether the venue may have seen the request.
    public var delivery: BrokerError.Delivery

    /// The HTTP status, where there was one.
    public var status: Int?

    /// The venue's own code.
    public var venueCode: String?

    /// The body of the answer.
    public var body: String?

    /// Retry-After as it came.
    public var retryAfter: String?

    /// Makes an error.
    public init(
        code: BrokerError.Code = .answered, message: String, delivery: BrokerError.Delivery = .answered,
        status: Int? = nil, venueCode: String? = nil, body: String? = nil, retryAfter: String? = nil
    ) {
        self.code = code
        self.message = message
        self.delivery = delivery
        self.status = status
        self.venueCode = venueCode
        self.body = body
        self.retryAfter = retryAfter
    }

    /// The error that is thrown.
    public var brokerError: BrokerError {
        BrokerError(
            code: code, message: message, delivery: delivery, status: status, venueCode: venueCode, body: body,
            retryAfter: retryAfter)
    }
}

extension FaultError: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case code, message, delivery, status, venueCode, body, retryAfter
    }

    /// Reads an error: `code`, `message` and `delivery`, and what else there is; no other key may be there.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.strictContainer(keyedBy: CodingKeys.self)
        self.init(
            code: try fields.decode(BrokerError.Code.self, forKey: .code),
            message: try fields.decode(String.self, forKey: .message),
            delivery: try fields.decode(BrokerError.Delivery.self, forKey: .delivery),
            status: try fields.decodeIfPresent(Int.self, forKey: .status),
            venueCode: try fields.decodeIfPresent(String.self, forKey: .venueCode),
            body: try fields.decodeIfPresent(String.self, forKey: .body),
            retryAfter: try fields.decodeIfPresent(String.self, forKey: .retryAfter))
    }
}
