internal import Foundation
public import SeawallAlerts
internal import SeawallBackoff
public import SeawallTime

/// A sink that posts each alert as JSON to a URL.
///
/// A delivery is tried again where the network fails, where no answer comes in time, and where the server answers 408,
/// 425, 429 or 5xx, not before its Retry-After. Any other answer but success ends it, a redirection too: none is
/// followed, since what is posted is for nobody else.
///
/// Alerts are delivered at least once: a post whose answer is lost, or is one of 5xx, may have arrived and is made again all
/// the same, since an alert that nobody hears does more harm than one heard twice. Both carry one id, in the header
/// `Idempotency-Key` and in the body: `id` in the generic one, the footer in Slack's. PagerDuty makes one incident of them, by
/// its deduplication key. `WebhookConfiguration.effect` asks for at most once instead.
public final class WebhookSink: AlertSink {
    /// The name under which it is registered and counted.
    public let name: String

    private let configuration: WebhookConfiguration
    private let target: URL
    private let environment: RuntimeEnvironment
    private let transport: any HTTPTransport

    /// Makes a sink with URLSession beneath it.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public convenience init(
        _ configuration: WebhookConfiguration, environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        try self.init(configuration, environment: environment, transport: SessionTransport())
    }

    /// Makes a sink with the defaults of `WebhookConfiguration`.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public convenience init(
        name: String = "webhook", url: String, payload: WebhookPayload = .generic,
        environment: RuntimeEnvironment = RuntimeEnvironment()
    ) throws(InvalidFields) {
        try self.init(WebhookConfiguration(name: name, url: url, payload: payload), environment: environment)
    }

    init(
        _ configuration: WebhookConfiguration, environment: RuntimeEnvironment, transport: any HTTPTransport
    ) throws(InvalidFields) {
        try configuration.validate()
        var invalid = InvalidFields(subject: "webhook", fields: [])
        guard let target = configuration.checkedTarget(&invalid) else { throw invalid }
        self.target = target
        self.configuration = configuration
        self.environment = environment
        self.transport = transport
        name = configuration.name
    }

    /// Posts one alert.
    ///
    /// - Throws: `ExportError` where the server refused; `BackoffExhausted` with the last `ExportError` inside where the
    ///   attempts ran out; `CancellationError` where the task was cancelled.
    public func deliver(_ alert: Alert) async throws {
        let post = HTTPPost(
            url: target, headers: headers(for: alert), body: try configuration.payload.body(for: alert),
            timeout: configuration.timeout)
        try await retry(
            configuration.retry, environment: environment, effect: configuration.effect,
            classify: { ($0 as? ExportError)?.decision ?? .retryIfIdempotent }
        ) { [self] _ in
            let answer = try await within(configuration.timeout, of: environment.time) { [transport] in
                try await transport.send(post)
            }
            try answer.requireSuccess(by: environment.time) { status in
                (isFinal: !Self.passing.contains(status) && status < 500, failure: Self.failure(status))
            }
        }
    }

    private func headers(for alert: Alert) -> [String: String] {
        var headers = [
            "Content-Type": "application/json", "User-Agent": "seawall",
            "Idempotency-Key": alert.messageID,
        ]
        headers.merge(configuration.headers) { _, own in own }
        return headers
    }

    /// Whoever answers below 500 has not taken the alert; a gateway's 5xx says nothing of the server behind it.
    private static func failure(_ status: Int) -> FailureClass {
        switch status {
        case 429: .throttled
        case 300..<500: .transient
        default: .ambiguous
        }
    }

    /// Answers below 500 that say come again.
    private static let passing: Set<Int> = [408, 425, 429]
}
