internal import SeawallBroker
internal import SeawallRateLimit
public import SeawallTime

extension FaultPlan {
    /// Judges every field of every fault.
    ///
    /// - Throws: one `InvalidFields` that lists every bad field, its value, and what was expected.
    public func validate() throws(InvalidFields) {
        try validate(hasWorld: true)
    }

    /// Judges every field of every fault; without a world, those that would strike it are at fault too.
    func validate(hasWorld: Bool) throws(InvalidFields) {
        var problems = InvalidFields(subject: "fault plan", fields: [])
        for (index, action) in actions.enumerated() {
            problems.merge(action.problems, under: "actions[\(index)]")
            problems.check(
                hasWorld || action.effect.site != .world, "actions[\(index)].effect", action.effect.name,
                "a fault of calls, fills or streams, or a ChaosBroker with a world")
        }
        try problems.throwIfAny()
    }
}

extension FaultAction {
    fileprivate var problems: InvalidFields {
        var problems = InvalidFields(subject: "fault", fields: [])
        problems.check(!name.isEmpty, "name", "empty", "a name")
        if let operations = match.operations {
            let names = operations.map(\.rawValue).sorted().joined(separator: ", ")
            problems.check(!operations.isEmpty, "match.operations", "empty", "operations, or nil for all")
            if let strikable = effect.strikable {
                let expected = strikable.map(\.rawValue).sorted().joined(separator: ", ")
                let fits = operations.isSubset(of: strikable)
                problems.check(fits, "match.operations", names, "some of \(expected) for \(effect.name)")
            }
        }
        problems.check(match.symbol?.rawValue.isEmpty != true, "match.symbol", "empty", "a symbol, or nil for all")
        problems.check(match.lane?.rawValue.isEmpty != true, "match.lane", "empty", "a lane, or nil for all")
        problems.check(after >= 0, "after", after, "0 or more")
        if let times { problems.check(times > 0, "times", times, "1 or more, or nil for ever") }
        problems.check((0...1).contains(probability), "probability", probability, "0 to 1")
        problems.checkDuration(from, "from")
        if let until { problems.check(until > from, "until", until, "later than from, \(from)") }
        effect.check(&problems)
        return problems
    }
}

extension FaultEffect {
    fileprivate func check(_ problems: inout InvalidFields) {
        switch self {
        case .lostBefore(let loss), .lostAfter(let loss): problems.checkDuration(loss.wait, "effect.loss")
        case .delay(let duration), .lateFills(let duration), .machineSleep(let duration),
            .authenticationExpiry(let duration), .diskFailure(_, let duration), .venueMode(_, let duration):
            problems.checkDuration(duration, "effect.duration")
        case .outage(let duration, let form):
            problems.check(duration > .zero, "effect.duration", duration, "more than 0")
            guard case .status(let status) = form else { return }
            problems.check((400...599).contains(status), "effect.form", status, "a status of 400 to 599")
        case .error(let error):
            guard let status = error.status else { return }
            problems.check((100...599).contains(status), "effect.error.status", status, "100 to 599")
        case .clockStep(let step):
            let range = Duration.seconds(-366 * 86_400)...Duration.seconds(366 * 86_400)
            let isStep = step != .zero && range.contains(step)
            problems.check(isStep, "effect.duration", step, "-366 to 366 days, and not 0")
        case .secondProcess(let perMille, let duration):
            problems.checkPerMille(perMille)
            problems.checkDuration(duration, "effect.duration")
        case .fill(let perMille, _, let hold):
            problems.checkPerMille(perMille)
            problems.checkDuration(hold, "effect.duration")
        case .rateLimited, .banned, .duplicateFills, .emptyOrders, .answer, .crash: return
        }
    }
}

extension InvalidFields {
    fileprivate mutating func checkPerMille(_ value: Int) {
        check((1...1_000).contains(value), "effect.perMille", value, "1 to 1000")
    }

    fileprivate mutating func checkDuration(_ duration: Duration, _ name: String) {
        check((.zero...Duration.seconds(366 * 86_400)).contains(duration), name, duration, "0 to 366 days")
    }
}
