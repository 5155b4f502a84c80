/// A text format of metrics that a Prometheus server reads.
public enum MetricsTextFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus' text format 0.0.4, which everything reads.
    case prometheus

    /// OpenMetrics 1.0, which also carries units, exemplars and the times at which series were made.
    case openMetrics

    /// What the header `Content-Type` of a reply says.
    public var contentType: String {
        switch self {
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// The format for a request, by its header `Accept`: the one that it prefers, and `prometheus` where it takes neither.
    ///
    /// Of two that it likes equally OpenMetrics wins if it is named. A version other than 1.0.0 of OpenMetrics, or than
    /// 0.0.4 of the text, is not one of ours; a header that is no grammar at all counts as absent.
    public static func negotiated(accept: String?) -> MetricsTextFormat {
        var best: (format: MetricsTextFormat, quality: Double) = (.prometheus, 0)
        for range in AcceptHeader.ranges(accept ?? "") {
            guard let format = format(of: range), range.quality > 0 else { continue }
            let isBetter = range.quality > best.quality
            if isBetter || (range.quality == best.quality && format == .openMetrics) { best = (format, range.quality) }
        }
        return best.format
    }

    private static func format(of range: AcceptHeader.Range) -> MetricsTextFormat? {
        switch range.type {
        case "application/openmetrics-text": range.version.map { $0 == "1.0.0" } ?? true ? .openMetrics : nil
        case "text/plain": range.version.map { $0 == "0.0.4" } ?? true ? .prometheus : nil
        case "text/*", "*/*": .prometheus
        default: nil
        }
    }
}
