/// A job that could run now, and the machine in the simulation that it belongs to; nil for the world itself.
struct ReadyJob {
    var job: UnownedJob
    /// Machines are kept by their simulation's executor, so that nobody has to count here.
    unowned(unsafe) var machine: MachineExecutor?
}
