internal import Foundation
internal import SeawallMetrics
internal import SeawallTime

/// A batch of spans as an `ExportTraceServiceRequest` of opentelemetry-proto, in OTLP's JSON.
///
/// That is the JSON of protocol buffers, but that ids are hexadecimal and enums numbers. Whole numbers of 64 bits are texts.
/// What has its default is left out.
struct TraceRequest {
    var serviceName: String
    var resource: [String: TraceValue]

    func body(_ spans: [FinishedSpan]) -> Data {
        var json = JSONText()
        json.object { json in
            json.key("resourceSpans")
            json.array { json in
                json.object { json in
                    json.key("resource")
                    json.object { json in
                        Self.write(resource.merging(["service.name": .text(serviceName)]) { $1 }, into: &json)
                    }
                    json.key("scopeSpans")
                    json.array { $0.object { write(spans, into: &$0) } }
                }
            }
        }
        return Data(json.bytes)
    }

    private func write(_ spans: [FinishedSpan], into json: inout JSONText) {
        json.key("scope")
        json.object { json in
            json.key("name")
            json.text("seawall")
        }
        json.key("spans")
        json.array { json in
            for span in spans { json.object { Self.write(span, into: &$0) } }
        }
    }

    private static func write(_ span: FinishedSpan, into json: inout JSONText) {
        json.key("traceId")
        json.text(span.context.traceID)
        json.key("spanId")
        json.text(span.context.spanID)
        if let parent = span.parent, parent != 0 {
            json.key("parentSpanId")
            json.text(SpanContext(traceHigh: 0, traceLow: 0, span: parent).spanID)
        }
        json.key("name")
        json.text(span.name)
        // SPAN_KIND_INTERNAL
        json.key("kind")
        json.raw("1")
        let began = max(0, span.began.nanosecondsSinceEpoch)
        json.key("startTimeUnixNano")
        json.text("\(began)")
        json.key("endTimeUnixNano")
        json.text("\(began.addingSaturating(max(0, span.duration.wholeNanoseconds)))")
        write(span.attributes, into: &json)
        write(dropped: span.droppedAttributes, "droppedAttributesCount", into: &json)
        if !span.events.isEmpty {
            json.key("events")
            json.array { json in
                for event in span.events { json.object { write(event, into: &$0) } }
            }
        }
        write(dropped: span.droppedEvents, "droppedEventsCount", into: &json)
        write(span.status, into: &json)
    }

    private static func write(_ event: FinishedSpan.Event, into json: inout JSONText) {
        json.key("timeUnixNano")
        json.text("\(max(0, event.at.nanosecondsSinceEpoch))")
        json.key("name")
        json.text(event.name)
        write(event.attributes, into: &json)
        write(dropped: event.droppedAttributes, "droppedAttributesCount", into: &json)
    }

    private static func write(_ status: FinishedSpan.Status, into json: inout JSONText) {
        if status == .unset { return }
        json.key("status")
        json.object { json in
            if case .error(let why) = status {
                json.key("message")
                json.text(why)
            }
            // STATUS_CODE_OK, STATUS_CODE_ERROR
            json.key("code")
            json.raw(status == .ok ? "1" : "2")
        }
    }

    private static func write(dropped count: Int, _ name: StaticString, into json: inout JSONText) {
        if count <= 0 { return }
        json.key(name)
        json.raw("\(UInt32(clamping: count))")
    }

    private static func write(_ attributes: [String: TraceValue], into json: inout JSONText) {
        if attributes.isEmpty { return }
        json.key("attributes")
        json.array { json in
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                json.object { json in
                    json.key("key")
                    json.text(name)
                    json.key("value")
                    json.object { write(value, into: &$0) }
                }
            }
        }
    }

    private static func write(_ value: TraceValue, into json: inout JSONText) {
        switch value {
        case .text(let text):
            json.key("stringValue")
            json.text(text)
        case .whole(let number):
            json.key("intValue")
            json.text("\(number)")
        case .number(let number):
            json.key("doubleValue")
            if number.isFinite {
                json.raw("\(number)")
            } else {
                json.text(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
            }
        case .flag(let flag):
            json.key("boolValue")
            json.raw("\(flag)")
        }
    }
}
