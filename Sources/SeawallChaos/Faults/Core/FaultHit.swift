/// A fault that strikes: which one of the plan, and at which of the calls it matches.
struct FaultHit: Sendable {
    /// Where the fault stands in the plan.
    var index: Int
    /// The fault.
    var action: FaultAction
    /// The number of the call among those it matches, from 1.
    var number: Int
}
