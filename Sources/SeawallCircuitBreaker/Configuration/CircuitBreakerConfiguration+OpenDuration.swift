internal import SeawallTime

extension CircuitBreakerConfiguration {
    /// How long the breaker stays open after `steps` trips without lasting health between them.
    func openDuration(afterSteps steps: Int) -> Duration {
        let first = Double(openDuration.wholeNanoseconds)
        let longest = openDurationCap.wholeNanoseconds
        var nanoseconds = first
        for _ in 0..<max(steps, 0) {
            nanoseconds *= openDurationGrowth
            if openDurationGrowth == 1 || nanoseconds >= Double(longest) { break }
        }
        if nanoseconds == first { return openDuration }
        return nanoseconds < Double(longest) ? .nanoseconds(Int64(nanoseconds.rounded(.up))) : openDurationCap
    }
}
