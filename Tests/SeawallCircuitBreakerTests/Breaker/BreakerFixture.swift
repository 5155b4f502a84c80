import SeawallTime
import Testing

@testable import SeawallCircuitBreaker

extension CircuitBreaker {
    /// Admits a call that must be admitted.
    func admitted(sourceLocation: SourceLocation = #_sourceLocation) throws -> Ticket {
        let ticket = admit().ticket
        return try #require(ticket, sourceLocation: sourceLocation)
    }

    /// Makes calls that all end in the same way, and says what changed.
    @discardableResult
    func make(_ count: Int, _ result: CallResult) throws -> [Transition] {
        try (0..<count).flatMap { _ in record(result, for: try admitted()) }
    }
}

extension CircuitBreakerConfiguration {
    /// Trips at so many failures in a row, for exactly so long.
    static func plain(failures: Int = 1, open: Duration = .seconds(10)) -> CircuitBreakerConfiguration {
        CircuitBreakerConfiguration(
            consecutiveFailures: failures, openDuration: open, openDurationGrowth: 1, openDurationJitter: 0)
    }

    /// Trips by rates alone.
    static func rated(_ rates: Rates) -> CircuitBreakerConfiguration {
        var configuration = plain()
        configuration.consecutiveFailures = nil
        configuration.rates = rates
        return configuration
    }
}
