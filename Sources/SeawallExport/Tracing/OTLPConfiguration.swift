internal import Foundation
public import SeawallBackoff
public import SeawallMetrics
public import SeawallTime

/// Where spans are sent by OTLP over HTTP, as whose, and in which batches.
///
/// The defaults of batches are those of OpenTelemetry's batch processor, those of attempts are of its exporters.
public struct OTLPConfiguration: Sendable {
    /// The address that takes traces, with the scheme https or http and a host; it mostly ends with `/v1/traces`.
    ///
    /// The default is a collector on this machine. Port 4317 is refused: there collectors listen for gRPC, which is not
    /// spoken here; 4318 is that of HTTP.
    public var url: String

    /// Who sends: the resource's attribute `service.name`; not empty.
    public var serviceName: String

    /// What else is known of who sends; none by default.
    ///
    /// Its `service.name` gives way to ``serviceName``.
    public var resource: [String: TraceValue]

    /// Further headers, for example `Authorization`; names and values of visible ASCII, in values blanks too.
    public var headers: [String: String]

    /// How long one attempt may take, above zero and at most a day; 10 seconds by default.
    public var timeout: Duration

    /// How often and how patiently to try: 5 attempts from 1 s up to 30 s by default.
    ///
    /// A server that asks to be left alone for longer than its `longestRetryAfter`, 1 minute by default, ends the batch;
    /// the next one is not sent before that time either.
    public var retry: RetryPolicy

    /// How long a span waits for others before it is sent, above zero and at most a day; 5 seconds by default.
    public var interval: Duration

    /// The most spans that go at once, from 1; 512 by default.
    public var batchSpans: Int

    /// The most spans that wait, at least ``batchSpans`` and at most 1,000,000; 2,048 by default.
    ///
    /// Those past it are dropped and counted.
    public var queueSpans: Int

    /// About how large a batch may be, in bytes, from 1,024; 4 MiB by default, which collectors take.
    ///
    /// A span that alone is larger is dropped and counted.
    public var batchBytes: Int

    /// About how much may wait, in bytes, at least ``batchBytes`` and at most 1 GiB; 16 MiB by default.
    public var queueBytes: Int

    /// The longest text of a name, a value or a status, in bytes of UTF-8, from 16 to 1,048,576; 4,096 by default.
    ///
    /// What is longer is cut; an attribute with a longer name is left out and counted.
    public var longestText: Int

    /// Makes a configuration; it is checked by the exporter.
    public init(
        url: String = "http://localhost:4318/v1/traces", serviceName: String, resource: [String: TraceValue] = [:],
        headers: [String: String] = [:], timeout: Duration = .seconds(10), retry: RetryPolicy? = nil,
        interval: Duration = .seconds(5), batchSpans: Int = 512, queueSpans: Int = 2_048,
        batchBytes: Int = 4_194_304, queueBytes: Int = 16_777_216, longestText: Int = 4_096
    ) {
        self.url = url
        self.serviceName = serviceName
        self.resource = resource
        self.headers = headers
        self.timeout = timeout
        self.retry = retry ?? Self.patience
        self.interval = interval
        self.batchSpans = batchSpans
        self.queueSpans = queueSpans
        self.batchBytes = batchBytes
        self.queueBytes = queueBytes
        self.longestText = longestText
    }

    private static let patience =
        (try? RetryPolicy(maximumAttempts: 5, longestRetryAfter: .seconds(60), backoff: .dex)) ?? .general

    /// Checks every field.
    ///
    /// - Throws: `InvalidFields` that lists every bad field, the address and the headers' values left out.
    public func validate() throws(InvalidFields) {
        _ = try checkedTarget()
    }

    /// The address of a configuration that is good.
    func checkedTarget() throws(InvalidFields) -> URL {
        var invalid = InvalidFields(subject: "OTLP exporter", fields: [])
        let target = invalid.checked(url: url)
        invalid.check(target?.port != Self.portOfGRPC, "url", "at port 4317", Self.expectedPort)
        invalid.check(!serviceName.isEmpty, "serviceName", "\"\"", "a text that is not empty")
        invalid.check(headers: headers)
        invalid.check(timeout: timeout)
        invalid.check(
            interval > .zero && interval <= .seconds(86_400), "interval", interval,
            "a duration above 0 seconds and at most 86400 seconds")
        invalid.check(batchSpans >= 1, "batchSpans", batchSpans, "a whole number of 1 or more")
        invalid.check(
            queueSpans >= batchSpans && queueSpans <= 1_000_000, "queueSpans", queueSpans,
            "a whole number from batchSpans, \(batchSpans), to 1000000")
        invalid.check(batchBytes >= 1_024, "batchBytes", batchBytes, "a whole number of 1024 or more")
        invalid.check(
            queueBytes >= batchBytes && queueBytes <= 1_073_741_824, "queueBytes", queueBytes,
            "a whole number from batchBytes, \(batchBytes), to 1073741824")
        invalid.check(
            (16...1_048_576).contains(longestText), "longestText", longestText, "a whole number from 16 to 1048576")
        guard let target, invalid.fields.isEmpty else { throw invalid }
        return target
    }

    static let portOfGRPC = 4317
    static let expectedPort =
        "port 4318, where collectors take OTLP over HTTP with JSON: 4317 is that of gRPC, which is not spoken here"

    var limits: OTLPQueue.Limits {
        OTLPQueue.Limits(
            batchSpans: batchSpans, queueSpans: queueSpans, batchBytes: batchBytes, queueBytes: queueBytes,
            interval: interval)
    }
}
