import SeawallMetrics
import Testing

@Suite struct MetricsTextFormatTests {
    @Test(arguments: [
        (nil, MetricsTextFormat.prometheus), ("", .prometheus), ("*/*", .prometheus), ("text/plain", .prometheus),
        ("application/openmetrics-text", .openMetrics), ("application/openmetrics-text; version=1.0.0", .openMetrics),
        ("application/openmetrics-text;version=\"1.0.0\";charset=utf-8", .openMetrics),
        ("Application/OpenMetrics-Text ; Version = 1.0.0", .openMetrics),
        ("application/openmetrics-text;version=0.0.1", .prometheus),
        ("application/openmetrics-text;version=2.0.0,text/plain;q=0.1", .prometheus),
        ("application/openmetrics-text;q=0.5,text/plain;q=0.7", .prometheus),
        ("text/plain;q=0.5,application/openmetrics-text;q=0.5", .openMetrics),
        ("application/openmetrics-text;q=0", .prometheus), ("application/openmetrics-text;q=2", .prometheus),
        ("application/openmetrics-text;q=nan", .prometheus), ("application/openmetrics-text;q=", .openMetrics),
        (",;,=;;q", .prometheus), ("text/html, application/json", .prometheus),
        // What Prometheus 2.42 and 3 send.
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
        ),
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            .openMetrics
        ),
    ]) func theFormatIsWhatTheRequestPrefers(accept: String?, format: MetricsTextFormat) {
        #expect(MetricsTextFormat.negotiated(accept: accept) == format)
    }

    @Test func eachFormatSaysWhatItIs() {
        #expect(MetricsTextFormat.prometheus.contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            MetricsTextFormat.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }
}
