import Foundation
import SeawallTime
import Testing

@testable import SeawallExport
@testable import SeawallMetrics

/// The official classes of opentelemetry-proto read what is sent: `pip install opentelemetry-proto`.
@Suite(
    .enabled(
        if: Programs.protobufPython != nil,
        "skipped: the official schema judges the JSON of spans, which needs python3 with PyPI's opentelemetry-proto"),
    .timeLimit(.minutes(15)))
struct OfficialSchemaTests {
    /// What the classes have read, as texts.
    private struct Read: Codable, Equatable {
        struct Event: Codable, Equatable {
            var name: String
            var time: String
            var attributes: [String: String]
            var dropped: Int
        }

        struct Span: Codable, Equatable {
            var trace: String
            var span: String
            var parent: String
            var name: String
            var kind: String
            var start: String
            var end: String
            var attributes: [String: String]
            var droppedAttributes: Int
            var events: [Event]
            var droppedEvents: Int
            var status: String
            var message: String
        }

        var resource: [String: String]
        var scope: String
        var spans: [Span]
    }

    private static let script = """
        import base64, json, struct, sys
        from google.protobuf import json_format
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
        from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

        def no_number(text): raise ValueError(text + " is no JSON")
        request = json.load(open(sys.argv[1], encoding="utf-8", errors="strict"), parse_constant=no_number)

        # OTLP writes ids in hexadecimal digits, where the JSON of protocol buffers, which this library knows, has base64.
        # Nothing else is changed; a field or an enum that the schema does not know is an error.
        for resource in request["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                for span in scope["spans"]:
                    for field, length in (("traceId", 16), ("spanId", 8), ("parentSpanId", 8)):
                        if field in span:
                            raw = bytes.fromhex(span[field])
                            assert len(raw) == length, field
                            span[field] = base64.b64encode(raw).decode()
        parsed = json_format.Parse(json.dumps(request), ExportTraceServiceRequest())
        # Through the binary form and back, as a collector would hand it on.
        parsed = ExportTraceServiceRequest.FromString(parsed.SerializeToString())

        def value(any):
            which = any.WhichOneof("value")
            if which == "string_value": return "text " + any.string_value
            if which == "bool_value": return "flag " + str(any.bool_value).lower()
            if which == "int_value": return "whole " + str(any.int_value)
            if any.double_value != any.double_value: return "number nan"
            return "number " + str(struct.unpack(">Q", struct.pack(">d", any.double_value))[0])

        def attributes(list):
            read = {one.key: value(one.value) for one in list}
            assert len(read) == len(list), "a name stands twice"
            return read

        (resource,) = parsed.resource_spans
        (scope,) = resource.scope_spans
        spans = [dict(
            trace=s.trace_id.hex(), span=s.span_id.hex(), parent=s.parent_span_id.hex(), name=s.name,
            kind=Span.SpanKind.Name(s.kind), start=str(s.start_time_unix_nano), end=str(s.end_time_unix_nano),
            attributes=attributes(s.attributes), droppedAttributes=s.dropped_attributes_count,
            events=[dict(name=e.name, time=str(e.time_unix_nano), attributes=attributes(e.attributes),
                         dropped=e.dropped_attributes_count) for e in s.events],
            droppedEvents=s.dropped_events_count, status=Status.StatusCode.Name(s.status.code),
            message=s.status.message) for s in scope.spans]
        json.dump(dict(resource=attributes(resource.resource.attributes), scope=scope.scope.name, spans=spans),
                  open(sys.argv[2], "w"))
        """

    private func read(_ body: Data) throws -> Read {
        let scratch = try Scratch()
        try body.write(to: URL(fileURLWithPath: scratch.path("request.json")))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Programs.protobufPython))
        process.arguments = [
            try scratch.write(Self.script, to: "read.py"), scratch.path("request.json"), scratch.path("read.json"),
        ]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(said)")
        return try JSONDecoder().decode(
            Read.self, from: Data(contentsOf: URL(fileURLWithPath: scratch.path("read.json"))))
    }

    private func expected(_ attributes: [String: TraceValue]) -> [String: String] {
        attributes.mapValues { value in
            switch value {
            case .text(let text): "text " + text
            case .whole(let number): "whole \(number)"
            case .number(let number): number.isNaN ? "number nan" : "number \(number.bitPattern)"
            case .flag(let flag): "flag \(flag)"
            }
        }
    }

    private func expected(_ span: FinishedSpan) -> Read.Span {
        let (status, message) =
            switch span.status {
            case .unset: ("STATUS_CODE_UNSET", "")
            case .ok: ("STATUS_CODE_OK", "")
            case .error(let why): ("STATUS_CODE_ERROR", why)
            }
        return Read.Span(
            trace: span.context.traceID, span: span.context.spanID,
            parent: span.parent.map { SpanContext(traceHigh: 0, traceLow: 0, span: $0).spanID } ?? "", name: span.name,
            kind: "SPAN_KIND_INTERNAL", start: "\(span.began.nanosecondsSinceEpoch)",
            end: "\(span.began.advanced(by: span.duration).nanosecondsSinceEpoch)",
            attributes: expected(span.attributes), droppedAttributes: span.droppedAttributes,
            events: span.events.map {
                Read.Event(
                    name: $0.name, time: "\($0.at.nanosecondsSinceEpoch)", attributes: expected($0.attributes),
                    dropped: $0.droppedAttributes)
            },
            droppedEvents: span.droppedEvents, status: status, message: message)
    }

    @Test func everySpanIsReadAsItWas() throws {
        var generator = SeededGenerator(seed: 11, stream: "spans")
        let spans = (0..<500).map { _ in RandomSpans.span(&generator) }
        let resource: [String: TraceValue] = ["host.name": "h", "process.pid": 7, "share": 0.5, "paper": true]
        let read = try read(TraceRequest(serviceName: "bot é", resource: resource).body(spans))
        #expect(read.resource == expected(resource.merging(["service.name": "bot é"]) { $1 }))
        #expect(read.scope == "seawall")
        #expect(read.spans.count == spans.count)
        for (read, span) in zip(read.spans, spans) { #expect(read == expected(span)) }
    }

    /// From the tracer on, through the exporter, with texts of a megabyte and thousands of attributes and events.
    @Test func whatATracerSendsIsReadToo() throws {
        let time = ManualTime()
        let transport = ScriptedTransport([], time: time)
        let executor = QuietExecutor(time)
        let exporter = try OTLPExporter(
            OTLPConfiguration(serviceName: "bot"),
            environment: RuntimeEnvironment(time: time, spawner: TaskSpawner(executor: executor)), transport: transport)
        let tracer = Tracer(exporter, time: time, random: SeededRandom(seed: 1, stream: "ids"))
        let long = String(repeating: "\0é\"", count: 250_000)
        try executor.run {
            tracer.span("cycle") { span in
                for number in 0..<5_000 {
                    span.set("a\(number)", .text(long))
                    span.addEvent("e\(number)", ["n": .number(.nan)])
                }
                tracer.span("http_request", ["http.method": "GET"]) { _ in time.advance(by: .milliseconds(7)) }
            }
            #expect(await exporter.shutdown())
        }
        #expect(exporter.status.delivered == 2)
        let read = try read(try #require(transport.sent.first).body)
        #expect(read.spans.map(\.name) == ["http_request", "cycle"])
        let outer = try #require(read.spans.last)
        #expect(outer.attributes.count == 128 && outer.droppedAttributes == 5_000 - 128)
        #expect(outer.events.count == 128 && outer.droppedEvents == 5_000 - 128)
        #expect(outer.attributes.values.allSatisfy { $0.utf8.count <= 4_096 + "text ".count && $0.utf8.count > 4_000 })
        #expect(read.spans.first?.parent == outer.span && read.spans.first?.trace == outer.trace)
    }
}
