public import SeawallBroker
internal import SeawallTime

/// What befalls a world: its machine where it has one, and every venue of it.
extension SimulatedWorld: FaultWorld {
    /// What is missing: a process on the machine, whoever uses its disk, or a venue.
    public func hindrance(of effect: FaultEffect) -> String? {
        switch effect {
        case .crash: return attachments.value(MachineRoom.self).processHindrance
        case .machineSleep(let duration):
            let room = attachments.value(MachineRoom.self)
            if let hindrance = room.processHindrance { return hindrance }
            return room?.sleeps(atLeastFor: duration) == true ? "the machine slept for longer" : nil
        case .diskFailure:
            guard let room = attachments.value(MachineRoom.self) else { return MachineRoom.missing }
            if room.disk.operationCount > 0 { return nil }
            return room.counts.boots == 0 ? MachineRoom.missing : "nothing used the machine's disk"
        case .venueMode, .authenticationExpiry, .secondProcess, .fill:
            let hasVenue = attachments.value(VenueShelf.self)?.all.isEmpty == false
            return hasVenue ? nil : "the world had no venue (`world.venue(_:markets:)`)"
        default: return nil
        }
    }

    /// Moves the machine's civil clock, and the world's where no machine was started; the venue's stays.
    ///
    /// Where the run heals, a time server takes the step back then.
    public func stepClock(by duration: Duration) {
        let hasMachine = room.counts.boots > 0
        stepClock(by: duration, ofWorldToo: !hasMachine)
        guard let healsAt, time.now < healsAt else { return }
        environment.spawner.spawn { [weak self, time] in
            guard (try? await time.sleep(until: healsAt)) != nil else { return }
            self?.stepClock(by: .zero - duration, ofWorldToo: !hasMachine)
        }
    }

    private func stepClock(by duration: Duration, ofWorldToo: Bool) {
        if ofWorldToo { stepCivil(by: duration) }
        room.stepClock(by: duration)
    }

    /// Puts the machine to sleep; without a process that runs there it does nothing.
    public func sleepMachine(for duration: Duration) { room.sleep(for: duration) }

    /// Lets the machine lose its power; without a process that runs there it does nothing.
    public func crashMachine() { room.losePower() }

    /// Makes the machine's disk fail for a time.
    public func failDisk(_ failure: DiskFailure, for duration: Duration) {
        note(.disk, detail: failure.rawValue, for: duration)
        disk.fail(failure, for: duration)
    }

    /// Sets what the venues take, for a time; then they take everything again.
    public func setVenueMode(_ mode: VenueStatus.Mode, for duration: Duration) {
        note(.venueMode, detail: mode.rawValue, for: duration)
        for venue in venues.all { venue.setMode(mode, for: duration) }
    }

    /// Makes the venues refuse the key, for a time.
    public func expireAuthentication(for duration: Duration) {
        note(.authentication, for: duration)
        for venue in venues.all { venue.expireAuthentication(for: duration) }
    }

    /// Lets another process spend so many thousandths of every limit, again and again, for a time.
    public func spendLimits(perMille: Int, for duration: Duration) {
        note(.secondProcess, perMille: perMille, for: duration)
        for venue in venues.all { venue.spendLimits(perMille: perMille, for: duration) }
    }

    /// Lets the venues fill a working order now, as far as `perMille` thousandths of what is left of it.
    public func fill(_ target: OrderTarget, symbol: Symbol, perMille: Int) {
        for venue in venues.all { venue.fill(target, symbol: symbol, perMille: perMille) }
    }

    private func note(
        _ event: WorldRecord.Event, detail: String? = nil, perMille: Int? = nil, for duration: Duration
    ) {
        let until = time.now.advanced(by: duration)
        book.log.append(.world(WorldRecord(event, detail: detail, perMille: perMille, until: until)))
    }
}

extension MachineRoom {
    static let missing = "no machine was started (`world.machine { }`)"
}

extension MachineRoom? {
    /// Why there is no process that could be struck; nil where one runs.
    fileprivate var processHindrance: String? {
        guard let self, self.counts.boots > 0 else { return MachineRoom.missing }
        return self.current == nil ? "no process ran on the machine then" : nil
    }
}
