internal import SeawallBroker
internal import SeawallTime

/// Makes a run that failed smaller, step by step, for as long as it fails in the same way.
struct SeedShrinker {
    let search: SeedSearch
    let seed: UInt64
    let kind: SimulationFailure.Kind
    let simpler: [SimplerBody]
    let budget: Int

    private(set) var runs = 0
    private(set) var best: ShrinkCandidate
    private(set) var report: SimulationReport
    private(set) var steps: [String] = []

    init(
        search: SeedSearch, failure: SeedFailure, kind: SimulationFailure.Kind, simpler: [SimplerBody], budget: Int
    ) {
        self.search = search
        seed = failure.seed
        self.kind = kind
        self.simpler = simpler
        self.budget = budget
        report = failure.report
        best = ShrinkCandidate(
            faults: failure.report.faults, configuration: failure.report.configuration, length: search.length)
    }

    /// Goes through all that can be made smaller, the faults first and, once the rest is small, again.
    mutating func shrink() {
        makeExplicit()
        shorten()
        reduceFaults()
        shorten()
        simplify("no yields") { $0.configuration.yieldsPerMille = 0 }
        simplify("no healing") { $0.configuration.healsAt = nil }
        dropEnds()
        takeSimplerBody()
        narrowFaults()
        takeSimplerSchedule()
        reduceFaults()
        shorten()
    }

    private var isSpent: Bool { runs >= budget }

    /// In place of faults that are drawn, exactly those that struck.
    private mutating func makeExplicit() {
        var candidate = best
        candidate.faults = .explicit(report.strikes)
        take(candidate, "strikes")
    }

    private mutating func reduceFaults() {
        let all = best.faults.actions
        guard !all.isEmpty else { return }
        let before = all.count
        // By number: two faults that are alike must not be taken for one.
        _ = FaultReduction.reduce(Array(all.indices)) { kept in
            var candidate = best
            candidate.faults = FaultPlan(kept.map { all[$0] })
            return take(candidate)
        }
        note("faults \(before) to \(best.faults.actions.count)")
    }

    /// Each fault about the one operation that it struck, and at the earliest call of it that will do.
    ///
    /// A fault of all calls strikes another one as soon as anything else is changed.
    private mutating func narrowFaults() {
        guard best.faults.actions.count <= 4 else { return }
        for index in best.faults.actions.indices {
            guard let strike = report.strikes.first(where: { $0.action == best.faults.actions[index] }) else {
                continue
            }
            for after in 0..<min(strike.number, 32) {
                var candidate = best
                candidate.faults.actions[index].match.operations = [strike.operation]
                candidate.faults.actions[index].after = after
                if take(candidate, "\(strike.fault) at call \(after + 1) of \(strike.operation.rawValue)") { break }
            }
        }
    }

    /// Half the length for as long as it fails, then what is between.
    private mutating func shorten() {
        let before = best.length
        var tooShort = Duration.zero
        while !isSpent, best.length - tooShort > max(.milliseconds(1), best.length / 16) {
            var candidate = best
            candidate.length = .nanoseconds((tooShort + best.length).wholeNanoseconds / 2)
            if !take(candidate) { tooShort = candidate.length }
        }
        note("length \(before) to \(best.length)")
    }

    /// Where nothing need heal, a fault need not end.
    private mutating func dropEnds() {
        guard best.configuration.healsAt == nil, best.faults.actions.contains(where: { $0.until != nil }) else {
            return
        }
        var candidate = best
        for index in candidate.faults.actions.indices { candidate.faults.actions[index].until = nil }
        take(candidate)
    }

    private mutating func takeSimplerBody() {
        for index in simpler.indices {
            var candidate = best
            candidate.body = index
            if take(candidate, "body \(simpler[index].name)") { return }
        }
    }

    /// The order of arrival is the simplest schedule; the fewer change points, the simpler the others are.
    private mutating func takeSimplerSchedule() {
        guard best.configuration.scheduling != .fifo else { return }
        if simplify("fifo schedule", { $0.configuration.scheduling = .fifo }) { return }
        guard case .pct(let depth, let steps) = best.configuration.scheduling else { return }
        for simpler in 1..<max(1, depth) {
            let scheduling = SimulationScheduling.pct(depth: simpler, steps: steps)
            if simplify("\(scheduling.rawValue) schedule", { $0.configuration.scheduling = scheduling }) { return }
        }
    }

    @discardableResult
    private mutating func simplify(_ step: String, _ change: (inout ShrinkCandidate) -> Void) -> Bool {
        var candidate = best
        change(&candidate)
        guard candidate.configuration != best.configuration else { return false }
        return take(candidate, step)
    }

    /// Makes the candidate the best one if it fails in the same way.
    @discardableResult
    private mutating func take(_ candidate: ShrinkCandidate, _ step: String? = nil) -> Bool {
        guard !isSpent, let failed = failed(candidate) else { return false }
        best = candidate
        report = failed
        if let step { note(step) }
        return true
    }

    private mutating func note(_ step: String) { steps.append("\(step) after \(runs.of("run"))") }

    /// The report of a run of the candidate that fails in the same way, nil where it does not.
    private mutating func failed(_ candidate: ShrinkCandidate) -> SimulationReport? {
        let body = candidate.body.map { simpler[$0].body } ?? search.body
        guard
            let simulation = try? Simulation(
                seed: seed, configuration: candidate.configuration, faults: candidate.faults)
        else { return nil }
        runs += 1
        guard let report = try? simulation.run(for: candidate.length, body) else { return nil }
        if search.verdict(report).contains(where: { $0.kind == kind }) { return report }
        guard kind == .promise(.sameSeedSameBytes) else { return nil }
        runs += 1
        guard let again = try? simulation.run(for: candidate.length, body) else { return nil }
        return report.difference(from: again) == nil ? nil : report
    }
}
