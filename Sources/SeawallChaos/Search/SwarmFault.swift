internal import SeawallTime

/// A kind of fault that a swarm may choose: what it does and to which calls, and how often at the least and the most.
public struct SwarmFault: Sendable, Hashable {
    /// What it does, to which calls, under which name, and how often at most.
    ///
    /// Its probability and its times are the swarm's to draw.
    public var action: FaultAction

    /// How likely it strikes a call that it matches, more than 0 and up to 1.
    ///
    /// The swarm draws one of the lower end, twice that, four times that, and so on up to the upper end.
    public var rate: ClosedRange<Double>

    /// Makes a kind of fault.
    ///
    /// - Parameters:
    ///   - effect: What it does.
    ///   - match: Which calls it is about.
    ///   - name: Its name in records; the effect's own where it is nil.
    ///   - rate: How likely it strikes a call at the least and the most; every 500th to every 8th where nothing is said.
    ///   - times: How often it strikes at most; nil for any number.
    public init(
        _ effect: FaultEffect, on match: FaultMatch = .all, name: String? = nil,
        rate: ClosedRange<Double> = 0.002...0.128, times: Int? = nil
    ) {
        action = FaultAction(effect, on: match, name: name, times: times)
        self.rate = rate
    }

    var problems: InvalidFields {
        var problems = InvalidFields(subject: "kind of fault", fields: [])
        problems.check(rate.lowerBound > 0 && rate.upperBound <= 1, "rate", rate, "within 0 to 1, and more than 0")
        do { try FaultPlan([action]).validate() } catch { problems.fields += error.fields }
        return problems
    }

    /// A rate of the range, by one draw.
    func rate(from generator: inout SeededGenerator) -> Double {
        var rates = [rate.lowerBound]
        while let last = rates.last, last * 2 <= rate.upperBound, rates.count < 64 { rates.append(last * 2) }
        return rates[Int(generator.below(UInt64(rates.count)))]
    }
}
