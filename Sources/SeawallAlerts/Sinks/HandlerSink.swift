/// A sink made of a closure.
public struct HandlerSink: AlertSink {
    /// The name under which it is registered and counted.
    public let name: String
    private let handler: @Sendable (Alert) async throws -> Void

    /// Makes a sink that calls `handler` with each alert, in order and one at a time.
    ///
    /// A handler may suspend as long as it likes. One that blocks its thread belongs into a `BlockingSink`.
    public init(_ name: String, handler: @escaping @Sendable (Alert) async throws -> Void) {
        self.name = name
        self.handler = handler
    }

    /// Calls the handler.
    public func deliver(_ alert: Alert) async throws { try await handler(alert) }
}
