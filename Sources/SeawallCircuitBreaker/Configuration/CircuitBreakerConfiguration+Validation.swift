public import SeawallTime

extension CircuitBreakerConfiguration {
    /// Throws where any field lies outside its range.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public func validate() throws(InvalidFields) {
        try invalid.throwIfAny()
    }

    var invalid: InvalidFields {
        var invalid = InvalidFields(subject: "circuit breaker configuration", fields: [])
        if let count = consecutiveFailures {
            invalid.check(count >= 1, "consecutiveFailures", count, "a whole number of 1 or more, or none")
        }
        if let rates { rates.check(&invalid) }
        invalid.check(
            consecutiveFailures != nil || rates != nil,
            "rates", "none", "rates, or consecutiveFailures: one rule must be there")
        invalid.check(openDuration > .zero, "openDuration", openDuration, "a duration above 0 seconds")
        invalid.check(
            openDurationGrowth.isFinite && openDurationGrowth >= 1,
            "openDurationGrowth", openDurationGrowth, "a finite number of 1 or more")
        invalid.check(
            openDurationCap > .zero && openDurationCap >= openDuration,
            "openDurationCap", openDurationCap, "a duration above 0 seconds and not under openDuration")
        invalid.check(
            openDurationJitter >= 0 && openDurationJitter <= 1, "openDurationJitter", openDurationJitter, "0 to 1")
        invalid.check((1...1_000).contains(probes), "probes", probes, "1 to 1000")
        invalid.check((1...1_000_000).contains(successesToClose), "successesToClose", successesToClose, "1 to 1000000")
        invalid.check(probeLease > .zero, "probeLease", probeLease, "a duration above 0 seconds")
        if let ramp {
            invalid.check(ramp.duration > .zero, "ramp.duration", ramp.duration, "a duration above 0 seconds")
            invalid.check(
                (1...1_000).contains(ramp.firstPerMille), "ramp.firstPerMille", ramp.firstPerMille, "1 to 1000")
        }
        return invalid
    }
}

extension CircuitBreakerConfiguration.Rates {
    fileprivate func check(_ invalid: inout InvalidFields) {
        switch window {
        case .calls(let count):
            invalid.check((1...100_000).contains(count), "rates.window", count, "1 to 100000 calls")
            invalid.check(
                minimumCalls >= 1 && minimumCalls <= count,
                "rates.minimumCalls", minimumCalls, "1 to the calls of rates.window")
        case .time(let span):
            invalid.check(span > .zero, "rates.window", span, "a duration above 0 seconds")
            invalid.check(minimumCalls >= 1, "rates.minimumCalls", minimumCalls, "a whole number of 1 or more")
        }
        for (name, value) in [
            ("rates.failuresPerMille", failuresPerMille), ("rates.slowCallsPerMille", slowCallsPerMille),
        ] {
            if let value { invalid.check((1...1_000).contains(value), name, value, "1 to 1000") }
        }
        invalid.check(
            failuresPerMille != nil || slowCallsPerMille != nil,
            "rates.failuresPerMille", "none", "a rate, or slowCallsPerMille: one of them must be there")
        invalid.check(
            slowCallDuration > .zero, "rates.slowCallDuration", slowCallDuration, "a duration above 0 seconds")
    }
}
