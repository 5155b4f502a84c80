/// What was wrong with the use of a metric that does not trap and does not throw.
enum MetricFault: String {
    /// A counter was asked to fall, or a number was NaN, infinite, or a negative duration.
    case refusedUpdate = "refused_update"

    /// The labels of a lookup are not those of the metric; the handle that it gave is in no output.
    case wrongLabels = "wrong_labels"

    /// The lookup was of a series past the limit, or of a label value that is too long.
    case overflow = "overflow"
}

/// Where one metric counts the wrong uses of itself: `…metrics_faults_total{metric=,fault=}`.
final class MetricFaults: Sendable {
    private let metric: String
    private let family: CounterFamily?

    /// A family of nil counts nowhere: so does the metric of faults itself.
    init(metric: String, family: CounterFamily?) {
        self.metric = metric
        self.family = family
    }

    func count(_ fault: MetricFault) {
        family?.with(("metric", metric), ("fault", fault.rawValue)).increment()
    }
}
