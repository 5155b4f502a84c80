internal import Synchronization

/// A handle on a set of states of which exactly one holds: one series a state, 1 for the state that holds, else 0.
///
/// Updates take no lock. A reading always shows exactly one state.
public final class StateSet: Instrument {
    /// The states, in the order of the registration.
    public let states: [String]

    private let index = Atomic<Int>(0)
    private let faults: MetricFaults

    init(_ states: [String], faults: MetricFaults) {
        self.states = states
        self.faults = faults
    }

    /// The state that holds; at first the first one.
    public var current: String { states[index.load(ordering: .relaxed)] }

    /// Enters a state; one that was not registered is refused and counted as a fault.
    public func set(_ state: String) {
        guard let position = states.firstIndex(of: state) else { return faults.count(.refusedUpdate) }
        index.store(position, ordering: .relaxed)
    }

    var currentIndex: Int { index.load(ordering: .relaxed) }
}
