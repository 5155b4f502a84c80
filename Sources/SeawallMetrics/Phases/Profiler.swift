public import SeawallTime

/// Times the phases of a bot's work, into the histogram `profile_duration_seconds{phase=}` of a registry.
///
/// A phase is recorded however it ends, by an error or a cancellation too.
public final class Profiler: Sendable {
    private let family: HistogramFamily
    private let labels: [String]
    private let constantLabels: [(String, String)]
    private let time: any TimeSource

    /// Makes a profiler.
    ///
    /// - Parameters:
    ///   - registry: Where the histogram is registered; profilers with the same labels share it.
    ///   - time: What the phases are timed with.
    ///   - labels: The names of labels besides `phase` that a phase may have; one that is not given is empty.
    ///   - constantLabels: Labels that every phase has, such as the account, where they are not the registry's own.
    ///   - phases: Phases whose series stand at zero from the start.
    ///   - buckets: The upper bounds, from 1 ms to 10 s unless told otherwise.
    /// - Throws: `MetricsError` where a label is refused, `phase` among them, or the histogram exists with other labels.
    public init(
        _ registry: MetricsRegistry, time: any TimeSource = SystemTime(), labels: [String] = [],
        constantLabels: Labels = [:], phases: [Phase] = [], buckets: HistogramBuckets = .latency
    ) throws(MetricsError) {
        self.labels = labels.sorted()
        self.constantLabels = Array(zip(constantLabels.names, constantLabels.values))
        self.time = time
        family = try registry.histogram(
            "profile_duration_seconds", help: "Time that a phase of the bot's work took.",
            labels: ["phase"] + labels + constantLabels.names, buckets: buckets)
        for phase in phases { _ = histogram(phase, [:]) }
    }

    /// Does something and records how long it took.
    ///
    /// A label whose name was not given to the profiler is counted as `wrong_labels`, and the phase is in no output.
    public func phase<Result, Failure: Error>(
        _ phase: Phase, _ labels: Labels = [:], _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let sample = begin(phase, labels)
        defer { sample.end() }
        return try body()
    }

    /// Does something that waits and records how long it took, waiting included.
    public func phase<Result, Failure: Error>(
        _ phase: Phase, _ labels: Labels = [:], _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let sample = begin(phase, labels)
        defer { sample.end() }
        return try await body()
    }

    /// Begins a phase by hand; it is recorded when the sample is ended.
    public func begin(_ phase: Phase, _ labels: Labels = [:]) -> PhaseSample {
        PhaseSample(histogram(phase, labels), since: time.now, time: time)
    }

    /// Records a phase that was timed elsewhere.
    public func record(_ phase: Phase, _ duration: Duration, _ labels: Labels = [:]) {
        histogram(phase, labels).observe(duration)
    }

    /// How long a phase took so far; nil where it was never recorded, or only in the overflow series.
    public func statistics(of phase: Phase, _ labels: Labels = [:]) -> PhaseStatistics? {
        family.known(all(phase, labels)).flatMap { PhaseStatistics($0) }
    }

    private func histogram(_ phase: Phase, _ given: Labels) -> Histogram {
        if labels.isEmpty, constantLabels.isEmpty, given.isEmpty { return family.with(("phase", phase.rawValue)) }
        return family.with(all(phase, given))
    }

    private func all(_ phase: Phase, _ given: Labels) -> Labels {
        var pairs = [("phase", phase.rawValue)] + constantLabels + Array(zip(given.names, given.values))
        for name in labels where !given.names.contains(name) { pairs.append((name, "")) }
        return Labels(pairs)
    }
}
