public import SeawallMetrics
internal import SeawallTime

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// What the bot tells of itself, for metrics, spans and logs.
extension ReliabilityLayer {
    /// Does one trading cycle: its duration, its result and its number are recorded, in a span of its own.
    ///
    /// That cycles end is the sign of a live decision loop. A cycle whose body throws has the result `error`, or `cancelled`
    /// where it threw `CancellationError`; the error comes back as it was thrown. Spans and log events of what the body does
    /// carry the cycle's number.
    ///
    /// - Returns: What the body returned.
    public func cycle<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let number = reports.cycles.begin()
        let began = environment.time.now
        let outcome: Swift.Result<Result, Failure> = Correlation.with(Correlation(cycle: number)) {
            Self.caught { () throws(Failure) in
                try reports.tracer.span("cycle") { span throws(Failure) in
                    let outcome = Self.caught(body)
                    endCycle(number, CycleMetrics.Result(outcome), since: began, span)
                    return try outcome.get()
                }
            }
        }
        return try outcome.get()
    }

    /// Does one trading cycle that waits: its duration, its result and its number are recorded, in a span of its own.
    ///
    /// That cycles end is the sign of a live decision loop. A cycle whose body throws has the result `error`, or `cancelled`
    /// where it threw `CancellationError`; the error comes back as it was thrown. Spans and log events of what the body does
    /// carry the cycle's number, in its child tasks too.
    ///
    /// - Returns: What the body returned.
    public func cycle<Result, Failure: Error>(
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let number = reports.cycles.begin()
        let began = environment.time.now
        let outcome: Swift.Result<Result, Failure> = await Correlation.with(Correlation(cycle: number)) {
            await Self.caught { () async throws(Failure) in
                try await reports.tracer.span("cycle") { span async throws(Failure) in
                    let outcome = await Self.caught(body)
                    endCycle(number, CycleMetrics.Result(outcome), since: began, span)
                    return try outcome.get()
                }
            }
        }
        return try outcome.get()
    }

    /// Does something and records how long it took as a phase of the bot's work.
    ///
    /// The phase `equityComputation` is recorded in `equity_computation_seconds` too, by its result. A phase is recorded
    /// however it ends.
    ///
    /// The names of `labels` are those of `configuration.metrics.phaseLabels`; with another one the phase is in no output.
    public func phase<Result, Failure: Error>(
        _ phase: Phase, labels: Labels = [:], _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let sample = profiler.begin(phase, labels)
        let outcome = Self.caught(body)
        end(phase, sample, outcome)
        return try outcome.get()
    }

    /// Does something that waits and records how long it took as a phase of the bot's work, waiting included.
    ///
    /// The phase `equityComputation` is recorded in `equity_computation_seconds` too, by its result. A phase is recorded
    /// however it ends.
    ///
    /// The names of `labels` are those of `configuration.metrics.phaseLabels`; with another one the phase is in no output.
    public func phase<Result, Failure: Error>(
        _ phase: Phase, labels: Labels = [:], _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let sample = profiler.begin(phase, labels)
        let outcome = await Self.caught(body)
        end(phase, sample, outcome)
        return try outcome.get()
    }

    /// Shows what only the bot knows, until it is told again; what is left out stays as it was.
    ///
    /// - Parameters:
    ///   - equity: The account's worth, in the currency that the bot counts in.
    ///   - positions: How many positions are open.
    ///   - dailyResult: What the day has brought so far, below zero for a loss.
    ///   - limitUsage: The part of each limit of the bot's own that is used, 1 for all of it, by a name such as
    ///     `daily_loss`; few names, for each is a series.
    public func report(
        equity: Decimal? = nil, positions: Int? = nil, dailyResult: Decimal? = nil, limitUsage: [String: Double] = [:]
    ) {
        reports.trading.report(
            equity: equity, positions: positions, dailyResult: dailyResult, limitUsage: limitUsage)
    }

    private func endCycle(_ number: Int, _ result: CycleMetrics.Result, since began: MonotonicInstant, _ span: Span) {
        let duration = max(.zero, began.duration(to: environment.time.now))
        reports.cycles.end(result, after: duration, by: environment.time)
        span.set("result", .text(result.rawValue))
        span.set("duration_seconds", .seconds(duration))
        reports.log.cycled(number, result, after: duration)
    }

    private func end(_ phase: Phase, _ sample: PhaseSample, _ outcome: Swift.Result<some Any, some Error>) {
        sample.end()
        guard phase == .equityComputation else { return }
        reports.trading.computedEquity(after: sample.duration, succeeded: outcome.succeeded)
    }

    private static func caught<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) -> Swift.Result<Result, Failure> {
        do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }

    private static func caught<Result, Failure: Error>(
        _ body: () async throws(Failure) -> Result
    ) async -> Swift.Result<Result, Failure> {
        do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
    }
}

extension Result {
    fileprivate var succeeded: Bool { if case .success = self { true } else { false } }
}

extension CycleMetrics.Result {
    /// How a cycle with this outcome ended.
    init(_ outcome: Result<some Any, some Error>) {
        switch outcome {
        case .success: self = .ok
        case .failure(let error): self = error is CancellationError ? .cancelled : .error
        }
    }
}
