import Seawall
import SeawallChaos

/// Listens to the records of runs, at once or one after the other, and sums up what their faults had to strike.
final class StrikeWatch: Sendable {
    private let sum = Lock(StrikeOdds())

    /// What the runs that have ended had to strike.
    var odds: StrikeOdds { sum.withLock { $0 } }

    /// Listens to a run with these faults.
    func listen(to log: RunLog, faults: FaultPlan) {
        let forecast = Lock(StrikeForecast(plan: faults))
        log.onRecord { [self] record in
            switch record.body {
            case .request(let request): forecast.withLock { $0.call(request.operation, at: record.at) }
            case .end:
                let odds = forecast.withLock { $0.odds }
                sum.withLock { $0.add(odds) }
            default: break
            }
        }
    }
}
