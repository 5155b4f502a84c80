public import SeawallBroker
internal import SeawallTime

/// What befalls a world: its machine where it has one, and every venue of it.
extension SimulatedWorld: FaultWorld {
    /// Moves the machine's civil clock, and the world's where no machine was started; the venue's stays.
    public func stepClock(by duration: Duration) {
        if room.counts.boots == 0 { stepCivil(by: duration) }
        room.stepClock(by: duration)
    }

    /// Puts the machine to sleep; without a process that runs there it does nothing.
    public func sleepMachine(for duration: Duration) { room.sleep(for: duration) }

    /// Lets the machine lose its power; without a process that runs there it does nothing.
    public func crashMachine() { room.losePower() }

    /// Makes the machine's disk fail for a time.
    public func failDisk(_ failure: DiskFailure, for duration: Duration) {
        disk.fail(failure, for: duration)
        note(.disk, detail: failure.rawValue, for: duration)
    }

    /// Sets what the venues take, for a time; then they take everything again.
    public func setVenueMode(_ mode: VenueStatus.Mode, for duration: Duration) {
        let (venues, time) = (venues, time)
        let until = time.now.advanced(by: duration)
        venues.keepMode(until: until)
        for venue in venues.venues {
            venue.setMode(mode, until: venue.civilStart.advanced(by: venue.start.duration(to: until)))
        }
        note(.venueMode, detail: mode.rawValue, for: duration)
        environment.spawner.spawn {
            guard (try? await time.sleep(until: until)) != nil, venues.modeEnds(at: until) else { return }
            for venue in venues.venues { venue.setMode(.online) }
        }
    }

    /// Makes the venues refuse the key, for a time.
    public func expireAuthentication(for duration: Duration) {
        note(.authentication, for: duration)
    }

    /// Lets another process spend so many thousandths of every limit, again and again, for a time.
    public func spendLimits(perMille: Int, for duration: Duration) {
        book.log.append(
            .world(WorldRecord(.secondProcess, perMille: perMille, until: time.now.advanced(by: duration))))
    }

    /// Lets the venues fill a working order now, as far as `perMille` thousandths of what is left of it.
    public func fill(_ target: OrderTarget, symbol: Symbol, perMille: Int) {}

    private func note(_ event: WorldRecord.Event, detail: String? = nil, for duration: Duration) {
        book.log.append(.world(WorldRecord(event, detail: detail, until: time.now.advanced(by: duration))))
    }
}
