public import SeawallTime

extension FaultPlan {
    /// Demands that the plan is over at `end`, where there is one.
    ///
    /// - Throws: one `InvalidFields` that lists every fault that strikes or is felt for longer, and what to do.
    func validate(healingBy end: Duration?) throws(InvalidFields) {
        guard let end else { return }
        let problems = problems(healingBy: end)
        guard !problems.isEmpty else { return }
        throw InvalidFields(
            subject: "fault plan of a run that heals at \(end) (`plan.healed(by:)` ends every fault in time)",
            fields: problems)
    }

    /// What keeps the plan from being over at `end`, counted from the making of its broker: empty where it heals.
    ///
    /// Progress can be demanded only once nothing strikes any more and nothing that struck is felt. A fault needs an
    /// `until` so early that what it did is over too. A stream that hangs or is mute for good never heals by itself.
    public func problems(healingBy end: Duration) -> [InvalidFields.Field] {
        var problems = InvalidFields(subject: "fault plan", fields: [])
        for (index, action) in actions.enumerated() {
            var found = InvalidFields(subject: "fault", fields: [])
            if let lasting = action.effect.lasting {
                let last = end - lasting
                found.check(
                    action.until.map { $0 <= last } ?? false, "until", action.until.map { "\($0)" } ?? "nil",
                    "at most \(last), so that \(action.effect.name) is over by \(end)")
            } else {
                found.check(
                    false, "effect.duration", "nil", "a duration, so that \(action.effect.name) is over by \(end)")
            }
            problems.merge(found, under: "actions[\(index)]")
        }
        return problems.fields
    }

    /// The plan with every fault ended so early that all is over at `end`.
    ///
    /// A fault that is cut short strikes as before until then. What would begin too late is left out, and so is what
    /// never heals, or could no longer strike beside the others.
    public func healed(by end: Duration) -> FaultPlan {
        var healed = FaultPlan()
        for var action in actions {
            guard let lasting = action.effect.lasting else { continue }
            let last = end - lasting
            guard action.from < last else { continue }
            action.until = min(action.until ?? last, last)
            if healed.actions.contains(where: { $0.shadows(action) }) { continue }
            healed.add(action)
        }
        return healed
    }
}
