public import SeawallTime

extension MetricFamily where Handle == Histogram {
    /// Does something and records how long it took, with the label `result`: `ok`, or `error` where it threw.
    ///
    /// For histograms such as `positions_fetch_seconds` whose one label is `result`.
    public func time<Result, Failure: Error>(
        by time: any TimeSource, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let began = time.now
        do throws(Failure) {
            let result = try body()
            with(("result", "ok")).observe(began.duration(to: time.now))
            return result
        } catch {
            with(("result", "error")).observe(began.duration(to: time.now))
            throw error
        }
    }

    /// Does something that waits and records how long it took, with the label `result`: `ok`, or `error` where it threw.
    public func time<Result, Failure: Error>(
        by time: any TimeSource, _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let began = time.now
        do throws(Failure) {
            let result = try await body()
            with(("result", "ok")).observe(began.duration(to: time.now))
            return result
        } catch {
            with(("result", "error")).observe(began.duration(to: time.now))
            throw error
        }
    }
}
