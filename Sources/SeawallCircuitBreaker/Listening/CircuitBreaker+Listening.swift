internal import SeawallTime

extension CircuitBreaker {
    /// Calls hooks for every transition from now on, those that time alone causes among them, at their instant.
    ///
    /// While anybody listens, a task of the spawner sleeps until the next transition of time. Nobody listening costs nothing.
    ///
    /// - Parameters:
    ///   - hooks: what to call.
    ///   - queueLimit: how many transitions may wait for the hooks; a number under 1 counts as 1.
    /// - Returns: the listener, to end it with and to ask what it missed. Letting go of it does not end it.
    @discardableResult
    public func listen(_ hooks: Hooks, queueLimit: Int = 64) -> Listener {
        let listener = Listener(hooks, limit: queueLimit)
        desk.withLock { $0.listeners.append(listener) }
        // What time has changed already is discovered first, and is the first that the listener hears of.
        poll()
        return listener
    }

    /// Sees to it that a task sleeps until the state's end where anybody listens, and none elsewhere.
    func setAlarm() {
        let order = desk.withLock { desk in
            desk.listeners.removeAll { $0.isCancelled }
            return desk.alarm.set(to: desk.listeners.isEmpty ? nil : desk.core.phaseEnd)
        }
        guard let order else { return }
        order.cancelled?.cancel()
        guard let started = order.started else { return }
        let time = environment.time
        let task = environment.spawner.spawn { [weak self] in
            do { try await time.sleep(until: started.end) } catch { return }
            self?.alarmComes(started.number)
        }
        if !desk.withLock({ $0.alarm.keep(task, for: started.number) }) { task.cancel() }
    }

    private func alarmComes(_ number: UInt64) {
        if desk.withLock({ $0.alarm.comes(number) }) { poll() }
    }
}
