internal import SeawallBroker
internal import SeawallTime

extension Journal {
    /// Has everything that was noted written, by this caller or on the thread of the storage; a write that failed waits
    /// for its own rhythm.
    func write(isRetry: Bool = false) {
        guard let thread else { return writeHere(isRetry: isRetry) }
        let isWanted = shell.withLock { storage in
            !storage.isWriting && storage.core.mayWrite(isRetry: isRetry)
        }
        if isWanted {
            thread.run { [self] in writeHere(isRetry: isRetry) }
        } else {
            deliver()
        }
    }

    /// Writes until nothing is left to write, unless somebody does already.
    func writeHere(isRetry: Bool) {
        var mayWrite = shell.withLock { storage in
            guard !storage.isWriting, storage.core.mayWrite(isRetry: isRetry) else { return false }
            storage.isWriting = true
            return true
        }
        while mayWrite {
            mayWrite = turn.withLock { _ in writeOnce() }
            deliver()
        }
        deliver()
    }

    /// One write with all that was noted; true where another may be needed.
    private func writeOnce() -> Bool {
        let work = shell.withLock { storage in
            let work = storage.core.begin()
            storage.isWriting = work != nil
            storage.isWriteDue = false
            return work
        }
        guard let work else { return false }
        let failure = perform(work)
        let (hasFailed, isOver) = shell.withLock { storage in
            storage.core.finish(work, failure: failure)
            if failure != nil { storage.isWriting = false }
            let isOver = failure == nil && storage.trouble != nil
            if isOver { storage.trouble = nil }
            return (failure != nil, isOver)
        }
        if let failure {
            report(failure)
            retrySoon()
        } else if isOver {
            tell(nil)
        }
        return !hasFailed
    }

    private func perform(_ work: JournalCore.Work) -> JournalError? {
        do {
            switch work.action {
            case .append(let bytes):
                try kept.append(bytes)
                try kept.sync()
            case .replace(let bytes):
                try kept.replace(with: bytes)
            }
            return nil
        } catch let error as JournalError {
            return error
        } catch {
            return JournalError(
                code: .unwritable, message: "the journal cannot be written; see to its disk, it is tried again",
                cause: error)
        }
    }

    /// Notes trouble and tells the listener when it is new.
    func report(_ trouble: JournalError) {
        let isNew = shell.withLock { storage in
            defer { storage.trouble = trouble }
            return storage.trouble == nil
        }
        if isNew { tell(trouble) }
    }

    private func tell(_ trouble: JournalError?) {
        let listener = shell.withLock { storage in storage.listener }
        shell.withLock { $0.ready.append { listener(trouble) } }
    }

    /// Tells whoever need not wait any more, in the order of the marks.
    func deliver() {
        while true {
            let next = shell.withLock { storage -> (@Sendable () -> Void)? in
                storage.release()
                guard !storage.isDelivering, !storage.ready.isEmpty else { return nil }
                storage.isDelivering = true
                return storage.ready.removeFirst()
            }
            guard let next else { return }
            next()
            shell.withLock { $0.isDelivering = false }
        }
    }

    /// Ends a wait with an error, if it has not ended.
    func giveUp(_ id: UInt64, _ error: JournalError) {
        let waiter = shell.withLock { storage -> Waiter? in
            guard let index = storage.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return storage.waiters.remove(at: index)
        }
        guard let waiter else { return }
        waiter.timer?.cancel()
        shell.withLock { $0.ready.append { waiter.resume(error) } }
        deliver()
    }

    func startTimer(_ id: UInt64, _ deadline: MonotonicInstant) {
        guard shell.withLock({ $0.waiters.contains { $0.id == id } }) else { return }
        let began = environment.time.now
        let timer = environment.spawner.spawn { [self] in
            do { try await environment.time.sleep(until: deadline) } catch { return }
            let error = JournalError.stalled(began.duration(to: deadline))
            report(error)
            giveUp(id, error)
        }
        let isOver = shell.withLock { storage in
            guard let index = storage.waiters.firstIndex(where: { $0.id == id }) else { return true }
            storage.waiters[index].timer = timer
            return false
        }
        if isOver { timer.cancel() }
    }

    /// Has a note written that nobody waits for.
    func writeSoon() {
        // Not held meanwhile: who drops a journal may open its storage again at once.
        environment.spawner.spawn { [weak self, time = environment.time] in
            do { try await time.sleep(for: Self.laziness) } catch { return }
            guard let self, shell.withLock({ $0.isWriteDue }) else { return }
            write()
        }
    }

    /// True while the last write has failed; nobody retries from the moment on in which it is false.
    private func mustRetry() -> Bool {
        shell.withLock { storage in
            storage.isRetrying = storage.core.isFailing
            return storage.isRetrying
        }
    }

    /// Tries again until a write goes well.
    private func retrySoon() {
        let isNew = shell.withLock { storage in
            defer { storage.isRetrying = true }
            return !storage.isRetrying
        }
        guard isNew else { return }
        environment.spawner.spawn { [weak self, time = environment.time] in
            var delay = Self.retryDelays.first
            while self?.mustRetry() == true {
                do { try await time.sleep(for: delay) } catch { break }
                delay = min(delay * 2, Self.retryDelays.longest)
                self?.write(isRetry: true)
            }
        }
    }
}

extension Journal.Storage {
    /// Moves everybody who need not wait any more to those who are told.
    mutating func release() {
        guard !waiters.isEmpty else { return }
        let error = core.error
        var rest: [Journal.Waiter] = []
        for waiter in waiters {
            if core.safe >= waiter.mark {
                waiter.timer?.cancel()
                ready.append { waiter.resume(nil) }
            } else if let error {
                waiter.timer?.cancel()
                ready.append { waiter.resume(error) }
            } else {
                rest.append(waiter)
            }
        }
        waiters = rest
    }
}

extension JournalError {
    /// The storage has not answered for so long.
    static func stalled(_ duration: Duration) -> JournalError {
        JournalError(
            code: .stalled,
            message: "the journal was not written within \(duration); its disk does not answer, see to it")
    }

    /// Whoever waited went away.
    static let cancelled = JournalError(code: "cancelled", message: "the task was cancelled while it waited")

    /// Nothing is wrong, it is only not done yet.
    static let pending = JournalError(code: "pending", message: "the journal is being written")
}
