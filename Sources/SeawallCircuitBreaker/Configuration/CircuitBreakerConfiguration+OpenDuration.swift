internal import SeawallTime

extension CircuitBreakerConfiguration {
    /// How long the breaker stays open after `steps` trips without lasting health between them, before jitter.
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

    /// The same less what chance takes away, at least a nanosecond; `draw` is 64 random bits.
    func openDuration(afterSteps steps: Int, draw: UInt64) -> Duration {
        let whole = openDuration(afterSteps: steps)
        guard openDurationJitter > 0 else { return whole }
        let nanoseconds = whole.wholeNanoseconds
        let taken = (Double(nanoseconds) * openDurationJitter * Double(draw >> 11) * 0x1.0p-53).rounded(.down)
        // Nearly the whole range of Int64, as a Double, may round to a number that it does not hold.
        return .nanoseconds(max(nanoseconds.subtractingSaturating(Int64(exactly: taken) ?? nanoseconds), 1))
    }
}
