/// What the registry asks of a metric of any kind.
protocol MetricFamily: AnyObject, Sendable {
    var descriptor: MetricDescriptor { get }

    /// Appends its lines, HELP and TYPE first.
    func write(into text: inout PrometheusText)

    /// Appends the values of its series.
    func read(into snapshot: inout MetricsSnapshot)
}
