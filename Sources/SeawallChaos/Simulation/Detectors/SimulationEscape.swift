public import SeawallTime

/// Work that left the simulation's thread, so that the seed no longer decides what happens.
public struct SimulationEscape: Sendable, Hashable, CustomStringConvertible {
    /// By what the escape was seen.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        /// The kind as it is written in texts.
        public let rawValue: String

        /// Makes a kind from its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Another thread made a task of the simulation runnable.
        public static let resumedByForeignThread = Kind(rawValue: "resumed-by-foreign-thread")

        /// The main thread made a task of the simulation runnable.
        public static let resumedByMainThread = Kind(rawValue: "resumed-by-main-thread")

        /// A job was handed to the shared pool of threads, as `Task {}` does.
        public static let leftForSharedPool = Kind(rawValue: "left-for-shared-pool")

        /// A task slept on a real clock, as `Task.sleep` does; seen at the call with Swift 6.3 on Linux, and otherwise as
        /// `resumedByForeignThread` where it wakes within the run.
        public static let realSleep = Kind(rawValue: "real-sleep")

        /// The simulation's clock was read or slept on by another thread.
        public static let clockOnForeignThread = Kind(rawValue: "clock-on-foreign-thread")

        /// The simulation's randomness was drawn by another thread.
        public static let randomOnForeignThread = Kind(rawValue: "random-on-foreign-thread")

        /// A note for the trace came from another thread.
        public static let noteOnForeignThread = Kind(rawValue: "note-on-foreign-thread")

        /// A call that `SimulatedWorld.checkThread(_:)` guards came from another thread.
        public static let callOnForeignThread = Kind(rawValue: "call-on-foreign-thread")
    }

    /// By what it was seen.
    public let kind: Kind

    /// What was called, in words.
    public let what: String

    /// The function that caused it with file and line, or its symbol; nil where the stack does not tell.
    ///
    /// Only the runtime hook can tell, and of a run only the first escape that it sees.
    public let origin: String?

    /// The virtual time at which it was seen; what caused it may lie earlier.
    public let instant: MonotonicInstant

    /// How many jobs had run when it was seen.
    public let step: Int

    /// How to mend it, in a sentence or two.
    public var hint: String {
        if kind == .resumedByMainThread {
            return "`@MainActor` code was awaited: the main thread runs it at its own time. Give the bot's state to an "
                + "actor of its own, or run it without the main actor in tests."
        }
        if kind == .leftForSharedPool {
            return "`Task {}` and `Task.detached {}` do not inherit the executor of the code that starts them, and "
                + "`Task.immediate {}` leaves it when it first waits. Use a task group, `async let`, or the spawner of "
                + "the world's environment."
        }
        if kind == .realSleep {
            return "Real time and virtual time have nothing to do with each other. Give the bot its time from outside, "
                + "an `any TimeSource`, and sleep on that: in a simulation it is the world's, or the machine's."
        }
        if kind == .resumedByForeignThread {
            return "Something outside the simulation resumed one of its tasks: a real clock (`Task.sleep`), a "
                + "`Task {}` or `@MainActor` code that was awaited, or a continuation or stream fed by a thread, a "
                + "queue or the network. Sleep on the world's time, start tasks with the world's spawner, and "
                + "simulate what does input and output at the broker's protocol."
        }
        return "The caller does not run in the simulation: `Task {}`, `Task.detached {}`, `Task.immediate {}` and "
            + "`@MainActor` code leave its executor, and so does work on a queue or a thread. Use a task group, "
            + "`async let`, or the spawner of the world's environment."
    }

    /// The kind, what was called, when, and the hint.
    public var description: String {
        "\(kind.rawValue): \(what)\(origin.map { " by \($0)" } ?? "") at \(instant), step \(step). \(hint)"
    }
}
