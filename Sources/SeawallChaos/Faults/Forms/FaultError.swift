public import SeawallBroker

/// A `BrokerError` as data.
public struct FaultError: Hashable, Codable, Sendable {
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
