internal import SeawallTime

extension SimulatedWorld {
    /// The disk of the world's machine: what a process made safe there is there for the next one.
    public var disk: SimulatedDisk { room.disk }

    /// Runs a bot as one process after the other on the world's machine, until one of them ends by itself.
    ///
    /// The disk, the venue, the clocks and what was handed over are the same for all of them. When the power goes (by a
    /// point of `crashes`, a fault, or `Machine.crash()`), the process is fenced off, and after a while the body is run
    /// again as the next process. The body must make everything anew from its machine, and keep nothing from before.
    ///
    ///     let chaos = try world.chaos(venue)
    ///     try await world.machine(crashes: [.step(400)]) { machine in
    ///         let layer = try world.layer(venue: .binanceUSDM, broker: chaos, on: machine)
    ///         try await MyBot(broker: layer.broker, time: machine.time).run()
    ///     }
    ///
    /// - Parameters:
    ///   - restartAfter: How long the machine stays without power, 0 or more.
    ///   - crashes: When the power goes.
    ///   - body: What one process does.
    /// - Throws: The error of a body that threw, which ends the chain; `MachineError` where the machine runs already, or
    ///   the wait is negative; `CancellationError` where the run stops.
    public func machine(
        restartAfter: Duration = .seconds(2), crashes: [CrashPoint] = [],
        _ body: @escaping @Sendable (Machine) async throws -> Void
    ) async throws {
        guard restartAfter >= .zero else {
            throw MachineError(
                code: .invalid, message: "restartAfter is \(restartAfter), expected 0 seconds or more")
        }
        let room = room
        try room.occupy()
        defer { room.vacate() }
        room.plan(crashes)
        while true {
            switch await room.boot().run(body) {
            case .returned: return
            case .threw(let error): throw error
            case .stopped: throw CancellationError()
            case .crashed: try await time.sleep(for: restartAfter)
            }
        }
    }

    var room: MachineRoom { attachments.value(MachineRoom.self) { MachineRoom(world: self) } }

    var liveTasksOfMachines: Int { attachments.value(MachineRoom.self)?.liveTasks ?? 0 }
}

extension SimulationReport {
    /// How often the world's machine was started.
    public var boots: Int { attachments.value(MachineRoom.self)?.counts.boots ?? 0 }

    /// How often it lost its power.
    public var crashes: Int { attachments.value(MachineRoom.self)?.counts.crashes ?? 0 }

    /// The disk of the world's machine as the run left it; nil where there was none.
    public var disk: SimulatedDisk? { attachments.value(MachineRoom.self)?.disk }
}
