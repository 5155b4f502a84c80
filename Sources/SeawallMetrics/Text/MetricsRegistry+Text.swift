extension MetricsRegistry {
    /// The content type of `prometheusText()`, for the header of an HTTP reply.
    public static let prometheusContentType = MetricsTextFormat.prometheus.contentType

    /// All metrics in Prometheus' text format 0.0.4, sorted by name and label values.
    ///
    /// The same registrations and values give the same bytes. Every sample is read once; a histogram's buckets, sum
    /// and count agree. Durations are written exactly, as decimal seconds.
    public func prometheusText() -> String {
        String(decoding: prometheusBytes(), as: UTF8.self)
    }

    /// The bytes of `prometheusText()`, in UTF-8.
    public func prometheusBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        writePrometheusText(into: &bytes)
        return bytes
    }

    /// Appends the bytes of `prometheusText()` to a buffer that the caller may keep and reuse.
    public func writePrometheusText(into buffer: inout [UInt8]) {
        writeText(.prometheus, into: &buffer)
    }

    /// All metrics in OpenMetrics 1.0, sorted by name and label values, with units, exemplars and times of creation.
    public func openMetricsText() -> String {
        text(.openMetrics)
    }

    /// All metrics in a text format.
    public func text(_ format: MetricsTextFormat) -> String {
        var bytes: [UInt8] = []
        writeText(format, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends all metrics in a text format to a buffer that the caller may keep and reuse.
    ///
    /// What callbacks read is read first. With a buffer that has room it allocates once, however many series of whole numbers
    /// there are; each number with a fraction may take one more.
    public func writeText(_ format: MetricsTextFormat, into buffer: inout [UInt8]) {
        let families = readyFamilies()
        var text = TextBuffer(buffer)
        buffer = []
        for family in families { family.write(format, into: &text) }
        if format == .openMetrics { text.append("# EOF\n" as StaticString) }
        buffer = text.take()
    }
}
