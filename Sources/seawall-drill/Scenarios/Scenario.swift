import Seawall
import SeawallChaos

/// A named course of trouble, and how often it must put each promise to the test.
struct Scenario: Sendable {
    /// The name on the command line and in records.
    var name: String

    /// One line for `--list`.
    var summary: String

    /// The faults.
    var faults: [FaultAction]

    /// What the operator does meanwhile.
    var pauses: [Operator.Pause] = []

    /// How the venue behaves beyond its profile.
    var venue = SimulatedVenueConfiguration()

    /// How often each promise must be put to a decisive test in an hour, or the run has shown nothing.
    var minimums: [Promise: Int] = [:]

    /// The faults of a run of such a length.
    func plan(over length: Duration) -> FaultPlan { FaultPlan(faults) }
}
