/// What the registry asks of a metric of any kind.
protocol AnyFamily: AnyObject, Sendable {
    var descriptor: MetricDescriptor { get }

    /// Has the callbacks of its series read what they read; runs code of the user.
    func refresh()

    /// Appends its lines, HELP and TYPE first.
    func write(_ format: MetricsTextFormat, into text: inout TextBuffer)

    /// Appends the values of its series.
    func read(into snapshot: inout MetricsSnapshot)
}
