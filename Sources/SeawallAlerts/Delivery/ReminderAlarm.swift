internal import SeawallTime

/// Which task waits for the next thing that time alone brings.
struct ReminderAlarm: Sendable {
    /// What is to be done about the waiting task.
    enum Step: Sendable {
        case none
        case start(due: MonotonicInstant, number: UInt64, instead: Task<Void, Never>?)
        case stop(Task<Void, Never>?)
    }

    private var armed: (due: MonotonicInstant, task: Task<Void, Never>?)?
    private var number: UInt64 = 0

    /// Follows a change of what is due next.
    ///
    /// A task that wakes too early costs less than to replace it: it is replaced only where it would wake too late.
    mutating func follow(_ due: MonotonicInstant?) -> Step {
        guard let due else { return armed == nil ? .none : .stop(disarm()) }
        if let armed, armed.due <= due { return .none }
        let old = disarm()
        armed = (due, nil)
        return .start(due: due, number: number, instead: old)
    }

    /// Notes the task that was started, which is given back where it is not wanted any more.
    mutating func keep(_ task: Task<Void, Never>, number: UInt64) -> Task<Void, Never>? {
        guard number == self.number, armed != nil else { return task }
        armed?.task = task
        return nil
    }

    /// Notes that the task of the number has woken; false where another has taken its place.
    mutating func wake(number: UInt64) -> Bool {
        guard number == self.number, armed != nil else { return false }
        _ = disarm()
        return true
    }

    /// Forgets the task, which is for the caller to cancel.
    mutating func disarm() -> Task<Void, Never>? {
        number &+= 1
        defer { armed = nil }
        return armed?.task
    }
}

extension AlertManager {
    /// Starts or ends the task that waits, after the lock.
    func carryOut(_ step: ReminderAlarm.Step) {
        switch step {
        case .none: break
        case .stop(let task): task?.cancel()
        case .start(let due, let number, let old):
            old?.cancel()
            let task = spawner.spawn { [weak self, time] in
                do { try await time.sleep(until: due) } catch { return }
                self?.wake(number)
            }
            storage.withLock { $0.alarm.keep(task, number: number) }?.cancel()
        }
    }

    private func wake(_ number: UInt64) {
        if storage.withLock({ $0.alarm.wake(number: number) }) { remindIfDue() }
    }
}
