internal import SeawallBroker
internal import SeawallMetrics
internal import SeawallTime

extension Courier {
    /// Makes the call of a parcel, in a span of its own where somebody takes spans.
    func call<Answer: Sendable>(_ parcel: Parcel<Answer>, _ context: RequestContext) async throws -> Answer {
        guard metrics.tracer.isOn else {
            return try await RequestContext.$current.withValue(context) { try await parcel.make(broker) }
        }
        let operation = parcel.call.operation.rawValue
        return try await metrics.tracer.span("http_request", ["operation": .text(operation)]) { span in
            defer {
                let latency = context.sentAt.duration(to: environment.time.now)
                span.set("http.latency_ms", .number(Double(latency.wholeNanoseconds) / 1e6))
                if let exchange = context.exchange {
                    span.set("http.method", .text(exchange.method))
                    // What follows the path may be signed or secret, and a span leaves the process.
                    let path = exchange.path.unicodeScalars.prefix { $0 != "?" && $0 != "#" }
                    span.set("http.path", .text(String(path)))
                    span.set("http.status_code", exchange.status.map { .whole($0) })
                }
            }
            do {
                return try await RequestContext.$current.withValue(context) { try await parcel.make(broker) }
            } catch {
                span.set("http.status_code", (error as? BrokerError)?.status.map { .whole($0) })
                throw error
            }
        }
    }
}
