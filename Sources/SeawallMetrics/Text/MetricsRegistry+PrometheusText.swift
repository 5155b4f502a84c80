extension MetricsRegistry {
    /// The content type of `prometheusText()`, for the header of an HTTP reply.
    public static let prometheusContentType = "text/plain; version=0.0.4; charset=utf-8"

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
        var text = PrometheusText(buffer)
        buffer = []
        for family in families { family.write(into: &text) }
        buffer = text.bytes
    }
}
