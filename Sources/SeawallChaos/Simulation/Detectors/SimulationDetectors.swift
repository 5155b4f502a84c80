/// Which of the detectors of a run were at work besides those that always are.
public struct SimulationDetectors: Sendable, Hashable, CustomStringConvertible {
    /// Whether the run could see jobs that go to the shared pool.
    public enum RuntimeHook: Sendable, Hashable {
        /// It watched.
        case watching
        /// The configuration does not want it.
        case switchedOff
        /// The runtime does not show its place, as where the standard library is linked statically.
        case unavailable
    }

    /// Whether the run could see jobs that go to the shared pool.
    public let runtimeHook: RuntimeHook

    /// Whether equal sets and dictionaries iterate alike in this process.
    ///
    /// Swift draws the order of each set and dictionary anew, unless the process was started with
    /// `SWIFT_DETERMINISTIC_HASHING=1`. Code that lets that order be seen differs from run to run; code that sorts
    /// first does not. So this being false is no failure: two runs of one seed that are equal are the proof, and where
    /// they differ this is the first thing to look at.
    public let hashingIsDeterministic: Bool

    /// What a user must know, or nil where every detector is at work.
    var warning: String? {
        guard runtimeHook == .unavailable else { return nil }
        return
            "WARNING: the runtime hook is not available (a static standard library hides it): a `Task {}` that leaves "
            + "the simulation is seen only when it uses the world's clock, randomness or brokers, or comes back."
    }

    /// How to run again with one order of hashing.
    static let hashingAdvice =
        "the order of sets and dictionaries differs from run to run in this process and is not certified; run it again "
        + "as `SWIFT_DETERMINISTIC_HASHING=1 <the same command>`: if the runs are equal then, something iterates over a "
        + "set or a dictionary without sorting first"

    /// Each detector in words.
    public var description: String {
        let hook =
            switch runtimeHook {
            case .watching: "runtime hook watching"
            case .switchedOff: "runtime hook switched off"
            case .unavailable: "RUNTIME HOOK NOT AVAILABLE"
            }
        return hook + (hashingIsDeterministic ? ", hashing deterministic" : ", hashing random in this process")
    }
}
