import SeawallTime

@testable import SeawallMetrics

extension FinishedSpan {
    static func example(
        _ name: String = "cycle", span: UInt64 = 0xb, parent: UInt64? = nil, attributes: [String: TraceValue] = [:],
        events: [Event] = [], status: Status = .unset
    ) -> FinishedSpan {
        FinishedSpan(
            name: name, context: SpanContext(traceHigh: 0xa, traceLow: 1, span: span), parent: parent,
            began: CivilInstant(nanosecondsSinceEpoch: 1_700_000_000_000_000_001), duration: .milliseconds(250),
            attributes: attributes, droppedAttributes: 0, events: events, droppedEvents: 0, status: status)
    }
}
