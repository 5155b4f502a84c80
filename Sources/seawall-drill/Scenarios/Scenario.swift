import Seawall
import SeawallChaos

/// A named course of trouble, and how often it must put each promise to the test.
struct Scenario: Sendable {
    /// The name on the command line and in records.
    var name: String

    /// One line for `--list`.
    var summary: String

    /// The faults.
    var faults = SeedFaults.none

    /// What the operator does meanwhile.
    var moves: [Operator.Move] = []

    /// How the venue behaves beyond its profile.
    var venue = SimulatedVenueConfiguration()

    /// How often each promise is surely put to a decisive test in an hour of one symbol; what is missing is not tried.
    var rates: [Promise: Double] = [:]

    /// How often a promise must be put to a decisive test in a run, or the run has shown nothing; 0: it is not tried here.
    func minimum(of promise: Promise, hours: Double, symbols: Int) -> Int {
        // Every run is run twice.
        if promise == .sameSeedSameBytes { return 1 }
        guard let rate = rates[promise] else { return 0 }
        return max(1, Int((rate * hours * Double(symbols)).rounded(.down)))
    }

    init(
        name: String, summary: String, faults: SeedFaults = .none, moves: [Operator.Move] = [],
        rates: [Promise: Double] = [:]
    ) {
        self.name = name
        self.summary = summary
        self.faults = faults
        self.moves = moves
        self.rates = rates
    }

    /// The kinds of faults that a run may have.
    var kinds: [FaultAction] {
        switch faults {
        case .plan(let plan, _): plan.actions
        case .swarm(let swarm): swarm.catalogue.map(\.action)
        }
    }

    /// The scenario of that name.
    static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }
}
