internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The place where the runtime lets others see each job that goes to the shared pool.
///
/// `swift_task_enqueueGlobal_hook` is exported by the runtime since 5.5, and no API. It is used to see only: a job goes
/// where it would have gone, through whoever held the place before. The place is the process's, so that what comes from
/// a thread on which no simulation runs passes untouched.
enum RuntimeHook {
    private typealias Enqueue = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Enqueue) -> Void

    /// Written once, before the hook is set and anybody reads it.
    nonisolated(unsafe) private static var former: Hook?

    private static let currentSimulation: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Written once, and read by the runtime as a word.
    nonisolated(unsafe) private static let slot = ProcessSymbols.find("swift_task_enqueueGlobal_hook")?
        .assumingMemoryBound(to: Hook?.self)

    private static let isInstalled: Bool = {
        guard let slot else { return false }
        // Made before the first call of the hook, on whatever thread that comes.
        _ = currentSimulation
        former = slot.pointee
        slot.pointee = { job, original in
            if let simulation = pthread_getspecific(RuntimeHook.currentSimulation) {
                Unmanaged<SimulationExecutor>.fromOpaque(simulation).takeUnretainedValue().jobLeaves()
            }
            if let former = RuntimeHook.former { former(job, original) } else { original(job) }
        }
        return true
    }()

    /// Sets the hook where it is not; false where the runtime shows no such place.
    static func install() -> Bool { isInstalled }

    /// Has what leaves this thread while `body` runs told to an executor.
    static func watch<Result>(for executor: SimulationExecutor, _ body: () -> Result) -> Result {
        let outer = pthread_getspecific(currentSimulation)
        pthread_setspecific(currentSimulation, Unmanaged.passUnretained(executor).toOpaque())
        defer { pthread_setspecific(currentSimulation, outer) }
        return body()
    }
}
