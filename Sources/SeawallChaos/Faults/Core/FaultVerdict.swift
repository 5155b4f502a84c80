/// What strikes one call, and whom it lets go.
struct FaultVerdict: Sendable {
    /// The fault of the world, if one strikes.
    var world: FaultHit?
    /// The fault of the call, if one strikes.
    var call: FaultHit?
    /// The faults whose held call may go once this one is done.
    var releases: [Int] = []
}
