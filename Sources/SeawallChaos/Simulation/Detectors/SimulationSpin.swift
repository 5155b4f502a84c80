public import SeawallTime

/// So much work at one instant that virtual time would never move.
public struct SimulationSpin: Sendable, Hashable, CustomStringConvertible {
    /// The instant at which virtual time stands.
    public let instant: MonotonicInstant

    /// How many jobs may run at one instant.
    public let limit: Int

    /// The names of the tasks that were running last, the busiest first; those without a name are not in it.
    public let tasks: [String]

    /// The last note before, nil where there was none.
    public let lastNote: String?

    /// What spins, as far as it can be told, and what usually causes it.
    public var description: String {
        let names = tasks.isEmpty ? "tasks without a name (`addTask(name:)` gives one)" : tasks.joined(separator: ", ")
        let note = lastNote.map { "; the last note was \"\($0)\"" } ?? ""
        return "spinning at \(instant): \(limit) jobs, the limit (`SimulationConfiguration.stepsPerInstantLimit`), ran "
            + "without virtual time moving, of \(names)\(note). Look for a loop that yields, retries or sleeps for "
            + "nothing; where so much work at one instant is meant, raise the limit."
    }
}
