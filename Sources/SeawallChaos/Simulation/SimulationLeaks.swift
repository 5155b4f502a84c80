/// What still lived after a run was shut down.
public struct SimulationLeaks: Sendable, Hashable, CustomStringConvertible {
    /// Tasks that did not end though they were cancelled: the body itself, and tasks of the spawner.
    public let tasks: Int

    /// Tasks that still slept on the simulation's clock.
    public let sleepers: Int

    /// Jobs that were still runnable when the limit of the shutdown was reached.
    public let jobs: Int

    /// Whether nothing was left.
    public var isEmpty: Bool { tasks == 0 && sleepers == 0 && jobs == 0 }

    /// The counts in words.
    public var description: String {
        isEmpty ? "nothing leaked" : "leaked: \(tasks) tasks, \(sleepers) sleepers, \(jobs) jobs"
    }
}
