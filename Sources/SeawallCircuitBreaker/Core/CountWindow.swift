/// The last calls of a closed breaker: failures in a row, and a ring of one bit a call where a rate is asked for.
struct FailureWindow: Hashable, Sendable {
    private let consecutiveLimit: Int?
    private let rate: CircuitBreakerConfiguration.FailureRate?
    private var bits: [UInt64]
    private var position = 0
    private var calls = 0
    private var failures = 0
    private var consecutive = 0

    init(_ configuration: CircuitBreakerConfiguration) {
        consecutiveLimit = configuration.consecutiveFailures
        rate = configuration.failureRate
        bits = Array(repeating: 0, count: ((configuration.failureRate?.window ?? 0) + 63) / 64)
    }

    /// The failures that matter: those of the window where there is one, else those in a row.
    var failureCount: Int { rate == nil ? consecutive : max(failures, consecutive) }

    /// Counts one call and says whether the breaker trips.
    mutating func count(isFailure: Bool) -> CircuitBreaker.Transition.Reason? {
        consecutive = isFailure ? (consecutive == .max ? .max : consecutive + 1) : 0
        push(isFailure)
        if let consecutiveLimit, consecutive >= consecutiveLimit { return .consecutiveFailures }
        if let rate, calls >= rate.minimumCalls, failures * 1_000 >= rate.perMille * calls { return .failureRate }
        return nil
    }

    mutating func clear() {
        for index in bits.indices { bits[index] = 0 }
        position = 0
        calls = 0
        failures = 0
        consecutive = 0
    }

    private mutating func push(_ isFailure: Bool) {
        guard let window = rate?.window else { return }
        let word = position / 64
        let mask: UInt64 = 1 << UInt64(position % 64)
        if calls == window {
            if bits[word] & mask != 0 { failures -= 1 }
        } else {
            calls += 1
        }
        if isFailure {
            bits[word] |= mask
            failures += 1
        } else {
            bits[word] &= ~mask
        }
        position = position + 1 == window ? 0 : position + 1
    }
}
