internal import SeawallTime

/// The time of a world: virtual time that tells when another thread uses it.
struct SimulatedTime: TimeSource {
    let executor: SimulationExecutor

    var now: MonotonicInstant {
        executor.check(.clockOnForeignThread, "the simulation's clock was read by another thread")
        return executor.time.now
    }

    var civilNow: CivilInstant {
        executor.check(.clockOnForeignThread, "the simulation's civil clock was read by another thread")
        return executor.time.civilNow
    }

    func sleep(until deadline: MonotonicInstant) async throws {
        executor.check(.clockOnForeignThread, "another thread began to sleep on the simulation's clock")
        guard executor.putsInYields else { return try await executor.time.sleep(until: deadline) }
        if executor.drawsYield() { await Task.yield() }
        try await executor.time.sleep(until: deadline)
        if executor.drawsYield() { await Task.yield() }
    }
}
