public import SeawallTime

extension CircuitBreakerConfiguration {
    /// Throws where any field lies outside its range.
    ///
    /// - Throws: `InvalidFields` that lists every bad field.
    public func validate() throws(InvalidFields) {
        let badFields = self.badFields
        if !badFields.isEmpty { throw InvalidFields(subject: "circuit breaker configuration", fields: badFields) }
    }

    var badFields: [InvalidFields.Field] {
        var badFields: [InvalidFields.Field] = []
        func check(_ isGood: Bool, _ name: String, _ value: some CustomStringConvertible, _ expected: String) {
            if !isGood { badFields.append(.init(name: name, value: value.description, expected: expected)) }
        }
        if let count = consecutiveFailures {
            check(count >= 1, "consecutiveFailures", count, "a whole number of 1 or more, or none")
        }
        if let rate = failureRate {
            check((1...1_000).contains(rate.perMille), "failureRate.perMille", rate.perMille, "1 to 1000")
            check((1...100_000).contains(rate.window), "failureRate.window", rate.window, "1 to 100000 calls")
            check(
                rate.minimumCalls >= 1 && rate.minimumCalls <= rate.window,
                "failureRate.minimumCalls", rate.minimumCalls, "1 to failureRate.window")
        }
        check(
            consecutiveFailures != nil || failureRate != nil,
            "failureRate", "none", "a rate, or consecutiveFailures: one rule must be there")
        check(openDuration > .zero, "openDuration", openDuration, "a duration above 0 seconds")
        check(
            openDurationGrowth.isFinite && openDurationGrowth >= 1,
            "openDurationGrowth", openDurationGrowth, "a finite number of 1 or more")
        check(
            openDurationCap > .zero && openDurationCap >= openDuration,
            "openDurationCap", openDurationCap, "a duration above 0 seconds and not under openDuration")
        check((1...1_000).contains(probes), "probes", probes, "1 to 1000")
        check((1...1_000_000).contains(successesToClose), "successesToClose", successesToClose, "1 to 1000000")
        check(probeLease > .zero, "probeLease", probeLease, "a duration above 0 seconds")
        return badFields
    }
}
