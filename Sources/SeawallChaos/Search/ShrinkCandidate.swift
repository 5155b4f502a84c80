internal import SeawallTime

/// A run that may fail like the one to be made small.
struct ShrinkCandidate: Sendable {
    var faults: FaultPlan
    var configuration: SimulationConfiguration
    var length: Duration
    /// Which of the simpler bodies it has; nil for the search's own.
    var body: Int?
}
