public import SeawallAlerts
internal import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a webhook is sent for an alert.
public struct WebhookPayload: Sendable {
    private let makeBody: @Sendable (Alert) throws -> Data
    private let secrets: [(name: String, value: String)]

    /// Makes a payload of one's own: the JSON text of an alert.
    public init(body: @escaping @Sendable (Alert) throws -> Data) {
        self.init(secrets: [], body)
    }

    private init(secrets: [(name: String, value: String)], _ body: @escaping @Sendable (Alert) throws -> Data) {
        self.secrets = secrets
        makeBody = body
    }

    /// The JSON text that is sent for an alert.
    public func body(for alert: Alert) throws -> Data { try makeBody(alert) }

    /// The alert as it is encoded, `timestamp`, its civil time in ISO 8601, and `id`, the same for every try to deliver it.
    public static let generic = WebhookPayload { try encode(GenericBody(alert: $0)) }

    /// A message for a Slack incoming webhook: `text`, and an attachment with colour, fields and the message's id as footer.
    ///
    /// Slack takes every post for a new message; the footer tells a repeat from a second alert.
    public static let slack = WebhookPayload { try encode(SlackBody($0)) }

    /// An event of PagerDuty's Events API, version 2: `trigger`, and `resolve` when the episode ends.
    ///
    /// Source and episode are the deduplication key: reminders and repeats land in one incident, and the troubles of two
    /// systems never do.
    /// - Parameters:
    ///   - routingKey: The integration's key, taken for a secret; not empty.
    ///   - source: Which system has the trouble, for example the bot's name; not empty.
    public static func pagerDuty(routingKey: String, source: String) -> WebhookPayload {
        WebhookPayload(secrets: [("routingKey", routingKey), ("source", source)]) { alert in
            try encode(PagerDutyBody(alert, routingKey: routingKey, source: source))
        }
    }

    func check(_ invalid: inout InvalidFields) {
        for (name, value) in secrets {
            invalid.check(!value.isEmpty, "payload.\(name)", "\"\"", "a text that is not empty")
        }
    }

    private static func encode(_ body: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(body)
    }
}

private struct GenericBody: Encodable {
    enum Key: String, CodingKey { case timestamp, id }

    var alert: Alert

    func encode(to encoder: any Encoder) throws {
        try alert.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(alert.civil.iso8601Text, forKey: .timestamp)
        try container.encode(alert.messageID, forKey: .id)
    }
}

private struct SlackBody: Encodable {
    struct Attachment: Encodable {
        var color: String
        var fallback: String
        var fields: [Field]
        var footer: String
        var ts: Int64
    }

    struct Field: Encodable {
        var title: String
        var value: String
        var short: Bool
    }

    var text: String
    var attachments: [Attachment]

    init(_ alert: Alert) {
        text = Self.escaped("\(alert.headline): \(alert.message)")
        let fields = alert.details.map { Field(title: $0.name, value: Self.escaped($0.value), short: true) }
        attachments = [
            Attachment(
                color: alert.event == .end ? "good" : alert.severity >= .error ? "danger" : "warning",
                fallback: text, fields: fields, footer: Self.escaped(alert.messageID),
                ts: alert.civil.nanosecondsSinceEpoch / 1_000_000_000)
        ]
    }

    /// Slack reads these three as markup: `<!channel>` in a message of a server would wake everybody.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}

private struct PagerDutyBody: Encodable {
    enum CodingKeys: String, CodingKey {
        case routingKey = "routing_key"
        case action = "event_action"
        case deduplicationKey = "dedup_key"
        case client, payload
    }

    struct Payload: Encodable {
        enum CodingKeys: String, CodingKey {
            case summary, source, severity, timestamp, component
            case kind = "class"
            case details = "custom_details"
        }

        var summary: String
        var source: String
        var severity: String
        var timestamp: String
        var component: String
        var kind: String
        var details: [String: String]
    }

    var routingKey: String
    var action: String
    var deduplicationKey: String
    var client = "seawall"
    var payload: Payload

    init(_ alert: Alert, routingKey: String, source: String) {
        self.routingKey = routingKey
        action = alert.event == .end ? "resolve" : "trigger"
        // The API takes 255 characters of key and 1,024 of summary; what tells episodes apart is at the end of their ids.
        let episode = alert.episode.suffix(127)
        deduplicationKey = "\(source.prefix(254 - episode.count))/\(episode)"
        payload = Payload(
            summary: String("\(alert.headline): \(alert.message)".prefix(1_024)), source: source,
            severity: alert.severity.rawValue, timestamp: alert.civil.iso8601Text, component: alert.scope,
            kind: alert.code,
            details: Dictionary(alert.details.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
    }
}
