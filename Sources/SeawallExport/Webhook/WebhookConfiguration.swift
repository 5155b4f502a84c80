internal import Foundation
public import SeawallBackoff
public import SeawallTime

/// Where a webhook is, what it is sent, and how patiently.
public struct WebhookConfiguration: Sendable {
    /// The name under which the sink is registered and counted; `webhook` by default, not empty.
    public var name: String

    /// The address, with the scheme https or http and a host.
    ///
    /// It is taken for a secret and shows up in no error.
    public var url: String

    /// What is sent; generic JSON by default.
    public var payload: WebhookPayload

    /// Further headers, for example `Authorization`; names and values of visible ASCII, in values blanks too.
    public var headers: [String: String]

    /// How long one attempt may take, above zero and at most a day; 5 seconds by default.
    public var timeout: Duration

    /// How often and how patiently to try: 3 attempts from 0.5 s on by default.
    ///
    /// Its `longestRetryAfter` is how long a server may ask to be left alone, 1 minute by default: later alerts wait for this
    /// one, so that a server that asks for more ends the delivery.
    public var retry: RetryPolicy

    /// What a second post of an alert does: whether there is one after a failure that may have delivered the first.
    ///
    /// `keyedCreate` by default: at least once, the same id in header and body each time. With `create` at most once: then an
    /// alert whose answer is lost is given up, and counted as failed.
    public var effect: OperationEffect

    /// Makes a configuration; it is checked by the sink.
    public init(
        name: String = "webhook", url: String, payload: WebhookPayload = .generic, headers: [String: String] = [:],
        timeout: Duration = .seconds(5), retry: RetryPolicy? = nil, effect: OperationEffect = .keyedCreate
    ) {
        self.name = name
        self.url = url
        self.payload = payload
        self.headers = headers
        self.timeout = timeout
        self.retry = retry ?? Self.patience
        self.effect = effect
    }

    private static let patience =
        (try? RetryPolicy(maximumAttempts: 3, longestRetryAfter: .seconds(60), backoff: .cex)) ?? .cex

    /// Checks every field.
    ///
    /// - Throws: `InvalidFields` that lists every bad field, the address and the headers' values left out.
    public func validate() throws(InvalidFields) {
        var invalid = InvalidFields(subject: "webhook", fields: [])
        invalid.check(!name.isEmpty, "name", "\"\(name)\"", "a text that is not empty")
        _ = checkedTarget(&invalid)
        payload.check(&invalid)
        invalid.check(headers: headers)
        invalid.check(timeout: timeout)
        try invalid.throwIfAny()
    }

    /// The address, or nil and a bad field.
    func checkedTarget(_ invalid: inout InvalidFields) -> URL? {
        invalid.checked(url: url)
    }
}
