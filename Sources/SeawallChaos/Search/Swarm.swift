public import SeawallTime

/// Makes a plan of faults from a seed: some kinds out of many, each at a rate and in a time of its own, then none.
///
/// A plan with every fault in it finds less than many plans with a few each: what one fault ends, another cannot reach
/// (Groce, Zhang, Eide, Chen and Regehr, "Swarm Testing", ISSTA 2012). So a seed draws how dense its plan is (every
/// kind by a chance of 1/8, 1/4 or 1/2), which kinds are in it, in which order they stand, how likely each strikes, and
/// whether it may all the time or only in a part of it. What is drawn for one kind depends on the seed, the kind's name
/// and its place in the catalogue alone, so that adding a kind at the end leaves the others' draws alone.
///
/// All of it is over at `healsAt(_:)`: what was begun then has ended, the venue is well again, and progress may be
/// demanded. The same seed, catalogue and length give the same plan.
public struct Swarm: Sendable, Hashable {
    /// The kinds of faults to choose from.
    public var catalogue: [SwarmFault]

    /// After which share of a run the venue is well again, more than 0 and up to 1.
    public var healAfter: Double

    /// Whether each seed draws its schedule and its yields too, in place of those that the run was given.
    public var drawsSchedule: Bool

    /// Makes a swarm: of every kind that there is, and well again after six tenths of a run, where nothing is said.
    public init(
        catalogue: [SwarmFault] = SwarmFault.standard, healAfter: Double = 0.6, drawsSchedule: Bool = true
    ) {
        self.catalogue = catalogue
        self.healAfter = healAfter
        self.drawsSchedule = drawsSchedule
    }

    /// Judges the catalogue and the share.
    ///
    /// - Throws: one `InvalidFields` that lists every bad field.
    public func validate() throws(InvalidFields) {
        var problems = InvalidFields(subject: "swarm", fields: [])
        problems.check(!catalogue.isEmpty, "catalogue", "empty", "one kind of fault or more")
        problems.check(healAfter > 0 && healAfter <= 1, "healAfter", healAfter, "more than 0, up to 1")
        for (index, fault) in catalogue.enumerated() { problems.merge(fault.problems, under: "catalogue[\(index)]") }
        try problems.throwIfAny()
    }

    /// When a run of that length is well again.
    public func healsAt(_ length: Duration) -> Duration {
        .nanoseconds(Int64((Double(max(0, length.wholeNanoseconds)) * min(1, max(0, healAfter))).rounded(.down)))
    }

    /// The faults of a seed in a run of that length.
    ///
    /// Where every kind drawn takes longer than there is time, the plan is empty.
    public func plan(seed: UInt64, length: Duration) -> FaultPlan {
        var whole = SeededGenerator(seed: seed, stream: "swarm")
        let density = [0.125, 0.25, 0.5][Int(whole.below(3))]
        // So that no plan is without a fault.
        let always = Int(whole.below(UInt64(max(1, catalogue.count))))
        let healsAt = healsAt(length)
        var chosen: [(order: UInt64, action: FaultAction)] = []
        for (index, fault) in catalogue.enumerated() {
            var generator = SeededGenerator(seed: seed, stream: "swarm/\(index)/\(fault.action.name)")
            let order = generator.next()
            guard generator.chance(density) || index == always else { continue }
            var action = fault.action
            action.probability = fault.rate(from: &generator)
            // Half of them at any time, the others in a part of it.
            if generator.chance(0.5) {
                action.from = Self.share(of: healsAt, 0.8 * generator.unit())
                let rest = healsAt - action.from
                action.until = action.from + max(.nanoseconds(1), Self.share(of: rest, 0.05 + 0.95 * generator.unit()))
            }
            chosen.append((order, action))
        }
        chosen.sort { $0.order < $1.order }
        return FaultPlan(chosen.map(\.action)).healed(by: healsAt)
    }

    private static func share(of duration: Duration, _ share: Double) -> Duration {
        .nanoseconds(Int64((Double(duration.wholeNanoseconds) * share).rounded(.down)))
    }
}
