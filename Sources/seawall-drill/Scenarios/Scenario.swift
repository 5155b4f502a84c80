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

    /// How often each promise is surely put to a decisive test in an hour of one symbol; what is missing is not tried.
    var rates: [Promise: Double] = [:]

    /// The faults of a run.
    var plan: FaultPlan { FaultPlan(faults) }

    /// How often a promise must be put to a decisive test in a run, or the run has shown nothing; 0: it is not tried here.
    func minimum(of promise: Promise, hours: Double, symbols: Int) -> Int {
        // Every run is run twice.
        if promise == .sameSeedSameBytes { return 1 }
        guard let rate = rates[promise] else { return 0 }
        return max(1, Int((rate * hours * Double(symbols)).rounded(.down)))
    }

    /// The scenario of that name.
    static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }
}
