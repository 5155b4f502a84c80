package import SeawallTime

/// The shell of a journal: notes are taken at once, written by one at a time, many with one `sync`.
///
/// Whoever needs a note to be safe waits for its mark. Nobody else waits for the storage, whatever it does: writes go on
/// a thread of their own where the storage may block, and every wait has an end.
package final class Journal: Sendable {
    struct Waiter: Sendable {
        var id: UInt64
        var mark: UInt64
        var resume: @Sendable (JournalError?) -> Void
        var timer: Task<Void, Never>?
    }

    struct Storage: Sendable {
        var core: JournalCore
        var isWriting = false
        /// Who waits, and who is told next; one at a time tells them, so that they hear in order.
        var waiters: [Waiter] = []
        var lastWaiter: UInt64 = 0
        var ready: [@Sendable () -> Void] = []
        var isDelivering = false
        var isRetrying = false
        var isWriteDue = false
        var trouble: JournalError?
        var listener: @Sendable (JournalError?) -> Void = { _ in }
    }

    /// How long a note that nobody waits for may stay unwritten.
    static let laziness: Duration = .seconds(1)

    /// The waits between two tries of a write that failed: doubling from the first to the last.
    static let retryDelays: (first: Duration, longest: Duration) = (.milliseconds(250), .seconds(5))

    let kept: any JournalStorage
    let environment: RuntimeEnvironment
    let shell: Lock<Storage>
    let thread: WorkerThread?

    /// How long the synchronous wait for a latch takes at most where the storage may block.
    private let patience: Duration

    // The one lock under which foreign code runs: whose turn it is at the storage. Only writers take it.
    let turn = Lock(())

    /// What the storage held, and the number of this start.
    package let recovery: JournalRecovery

    /// Reads what is there; nothing is written before the first note.
    ///
    /// - Parameters:
    ///   - storage: Where the bytes are kept.
    ///   - capacity: How many ended intents are remembered.
    ///   - bound: From how many bytes on the journal is written anew in its shortest form.
    ///   - patience: How long `settle` waits at most where the storage may block; real time.
    ///   - environment: Time and tasks.
    package init(
        _ storage: any JournalStorage, capacity: Int, bound: Int, patience: Duration = .seconds(1),
        environment: RuntimeEnvironment
    ) {
        self.patience = patience
        let moment = JournalMoment(environment.time)
        var contents: JournalContents?
        var failure: JournalError?
        var size = 0
        do {
            let bytes = try storage.read()
            size = bytes?.count ?? 0
            contents = bytes.map { JournalContents($0) }
        } catch let error as JournalError {
            failure = error
        } catch {
            failure = JournalError(code: .unreadable, message: "the journal cannot be read", cause: error)
        }
        var core = JournalCore(contents: contents, size: size, capacity: capacity, bound: bound)
        if let failure { core.halt(failure) }
        recovery = JournalRecovery(core, torn: contents?.torn ?? 0, moment: moment)
        kept = storage
        self.environment = environment
        thread = storage.mayBlock ? WorkerThread() : nil
        shell = Lock(Storage(core: core))
    }

    /// Has `listener` told of every write that failed or stalled, and with nil when one went well after that.
    package func onCondition(_ listener: @escaping @Sendable (JournalError?) -> Void) {
        shell.withLock { $0.listener = listener }
    }

    /// Notes what `make` returns, which sees the state so far in one step with it; nil where that is nothing.
    ///
    /// The note is written with the next that somebody waits for, or within a second.
    package func note(_ make: (JournalState) -> [JournalRecord]) -> UInt64? {
        let (mark, isFirst) = shell.withLock { storage -> (UInt64?, Bool) in
            let records = make(storage.core.state)
            guard !records.isEmpty else { return (nil, false) }
            let mark = storage.core.note(records)
            defer { storage.isWriteDue = true }
            return (mark, !storage.isWriteDue)
        }
        if isFirst { writeSoon() }
        return mark
    }

    /// Has `resume` called once: when a note is safe, or with the error when it will not be by `deadline`.
    ///
    /// Calls come in the order of the marks. Where the storage does not block it is called before this returns. While the
    /// storage fails the error comes at once, unless the caller insists on a try of its own.
    @discardableResult
    package func whenSafe(
        _ mark: UInt64, by deadline: MonotonicInstant?, insists: Bool = false,
        _ resume: @escaping @Sendable (JournalError?) -> Void
    ) -> JournalTicket {
        let id = shell.withLock { storage in
            storage.lastWaiter += 1
            storage.waiters.append(Waiter(id: storage.lastWaiter, mark: mark, resume: resume))
            return storage.lastWaiter
        }
        write(isRetry: insists)
        deliver()
        if let deadline { startTimer(id, deadline) }
        return JournalTicket(id: id)
    }

    /// Waits until a note is safe; the error where it is not by `deadline`, or where the task is cancelled.
    package func safe(_ mark: UInt64, by deadline: MonotonicInstant?) async -> JournalError? {
        let ticket = Lock(JournalTicket?.none)
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let mine = whenSafe(mark, by: deadline) { continuation.resume(returning: $0) }
                ticket.withLock { $0 = mine }
                // A cancellation that came before there was a ticket found nothing to give up.
                if Task.isCancelled { giveUp(mine.id, .cancelled) }
            }
        } onCancel: {
            if let mine = ticket.withLock({ $0 }) { giveUp(mine.id, .cancelled) }
        }
    }

    /// Waits for a note where it stands, for a moment at most, and returns the error where it is not safe then.
    ///
    /// What failed is tried again later, whoever waits.
    @discardableResult
    package func settle(_ mark: UInt64) -> JournalError? {
        if let thread {
            if unsafety(of: mark) != nil, !isStalled {
                let isDone = thread.run(waitingAtMost: patience) { [self] in writeHere(isRetry: false) }
                if !isDone { report(.stalled(patience)) }
            }
        } else {
            writeHere(isRetry: false)
            // Where somebody else has the turn, what was noted is in that work, or in the next.
            while unsafety(of: mark) != nil, shell.withLock({ $0.isWriting }) {
                turn.withLock { _ in }
                writeHere(isRetry: false)
            }
        }
        deliver()
        return unsafety(of: mark)
    }

    /// Tries to have everything written that was noted.
    package func flush() { write() }

    /// Gives up the state that could not be read: it is set aside, and what is known now is written in its place.
    ///
    /// - Throws: `notHalted` where it could be read; what the storage says where that fails, and then it stays.
    package func abandon() throws(JournalError) {
        guard shell.withLock({ $0.core.isHalted }) else {
            throw JournalError(code: .notHalted, message: "the state could be read: there is nothing to give up")
        }
        do {
            try turn.withLock { _ in try kept.setAside() }
        } catch {
            throw JournalError(
                code: .unwritable, message: "the unreadable journal could not be set aside, and stays", cause: error)
        }
        shell.withLock { $0.core.goOn() }
    }

    /// True while what is there could not be read, and nothing is written.
    package var isHalted: Bool { shell.withLock { $0.core.isHalted } }

    /// True where the orders of a cause's stay have been swept.
    package func isSwept(_ key: CauseKey, id: String) -> Bool {
        shell.withLock { $0.core.state.swept[key] == id }
    }

    /// The mark of the latest note.
    package var latest: UInt64 { shell.withLock { $0.core.noted } }

    /// Why a note is not safe; nil where it is.
    private func unsafety(of mark: UInt64) -> JournalError? {
        shell.withLock { storage in
            if storage.core.safe >= mark { return nil }
            return storage.core.error ?? storage.trouble ?? .pending
        }
    }

    private var isStalled: Bool { shell.withLock { $0.trouble?.code == .stalled } }
}

/// Names one wait for a journal.
package struct JournalTicket: Sendable {
    let id: UInt64
}
