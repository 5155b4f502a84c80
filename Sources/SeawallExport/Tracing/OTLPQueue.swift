internal import SeawallMetrics
internal import SeawallTime

/// The core of the exporter: which spans wait, which are under way, and what the one task that carries them is to do next.
///
/// A batch goes when it is full, when its first span has waited for the interval, or when somebody flushes; never before
/// an instant that the server named, and never beside another. Spans past the room are dropped.
struct OTLPQueue: Sendable {
    /// How much waits and goes at once.
    struct Limits: Hashable, Sendable {
        var batchSpans: Int
        var queueSpans: Int
        var batchBytes: Int
        var queueBytes: Int
        var interval: Duration
    }

    /// What the task is to do; the number tells its wait from those before it.
    enum Errand: Hashable, Sendable {
        case none
        case wait(until: MonotonicInstant, number: UInt64)
        case carry([FinishedSpan])
    }

    /// What became of a batch.
    enum Outcome: Hashable, Sendable {
        /// The server has it, but for the spans that it rejected.
        case delivered(rejected: Int, message: String?)

        /// It was given up; nothing is sent before the instant, where the server named one.
        case failed(String, notBefore: MonotonicInstant?)
    }

    private struct Waiting: Sendable {
        var span: FinishedSpan
        var bytes: Int
        var since: MonotonicInstant
    }

    private enum Courier {
        case resting
        case waiting(until: MonotonicInstant)
        case carrying(Int)
    }

    private let limits: Limits
    // A slice gives its first elements away without moving the rest.
    private var waiting: ArraySlice<Waiting> = []
    private var waitingBytes = 0
    private var courier = Courier.resting
    private var number: UInt64 = 0
    private var flushedUpTo: UInt64 = 0
    private var notBefore = MonotonicInstant(nanoseconds: .min)
    private var isClosed = false
    private var delivered = 0
    private var rejected = 0
    private var failed = 0
    private var dropped = 0
    private var lastFailure: String?

    /// How many spans were ever taken in.
    private(set) var accepted: UInt64 = 0

    /// How many of them, in the order of their coming, are no longer waiting or under way.
    private(set) var settled: UInt64 = 0

    init(_ limits: Limits) { self.limits = limits }

    var status: OTLPStatus {
        OTLPStatus(
            delivered: delivered, rejected: rejected, failed: failed, dropped: dropped,
            waiting: waiting.count + underWay, lastFailure: lastFailure)
    }

    private var underWay: Int {
        if case .carrying(let count) = courier { count } else { 0 }
    }

    /// Takes a span in, or drops it.
    mutating func offer(_ span: FinishedSpan, bytes: Int, _ now: MonotonicInstant) -> Errand {
        guard !isClosed, waiting.count < limits.queueSpans, bytes <= limits.batchBytes,
            waitingBytes + bytes <= limits.queueBytes
        else {
            dropped = dropped.addingSaturating(1)
            return .none
        }
        waiting.append(Waiting(span: span, bytes: bytes, since: now))
        waitingBytes += bytes
        accepted += 1
        return look(now)
    }

    /// Has everything that waits go without waiting for more.
    mutating func flush(_ now: MonotonicInstant) -> Errand {
        flushedUpTo = accepted
        return look(now)
    }

    /// Follows the end of a wait; one that is no longer wanted has no errand.
    mutating func wake(_ number: UInt64, _ now: MonotonicInstant) -> Errand {
        guard number == self.number, case .waiting = courier else { return .none }
        courier = .resting
        return look(now)
    }

    /// Notes what became of the batch under way.
    mutating func settle(_ outcome: Outcome, _ now: MonotonicInstant) -> Errand {
        let count = underWay
        settled += UInt64(count)
        courier = .resting
        switch outcome {
        case .delivered(let refused, let message):
            let refused = min(max(0, refused), count)
            rejected = rejected.addingSaturating(refused)
            delivered = delivered.addingSaturating(count - refused)
            if let message { lastFailure = message }
        case .failed(let why, let instant):
            failed = failed.addingSaturating(count)
            lastFailure = why
            if let instant { notBefore = max(notBefore, instant) }
        }
        return look(now)
    }

    /// Takes nothing in from now on.
    mutating func close() { isClosed = true }

    /// Drops all that waits; what is under way is left.
    mutating func abandon() {
        dropped = dropped.addingSaturating(waiting.count)
        settled += UInt64(waiting.count)
        waiting = []
        waitingBytes = 0
        if case .waiting = courier {
            courier = .resting
            number += 1
        }
    }

    /// What is to be done now; asks for a task only where none does it already.
    private mutating func look(_ now: MonotonicInstant) -> Errand {
        if case .carrying = courier { return .none }
        guard let due = nextDue else { return .none }
        if due <= now {
            let batch = takeBatch()
            number += 1
            courier = .carrying(batch.count)
            return .carry(batch)
        }
        // Who wakes too early looks again, which costs less than to put another in its place.
        if case .waiting(let until) = courier, until <= due { return .none }
        number += 1
        courier = .waiting(until: due)
        return .wait(until: due, number: number)
    }

    private var nextDue: MonotonicInstant? {
        guard let first = waiting.first else { return nil }
        let isFull = waiting.count >= limits.batchSpans || waitingBytes >= limits.batchBytes
        let isFlushed = settled < flushedUpTo
        return max(notBefore, isFull || isFlushed ? first.since : first.since.advanced(by: limits.interval))
    }

    private mutating func takeBatch() -> [FinishedSpan] {
        var bytes = 0
        let count =
            waiting.prefix(limits.batchSpans)
            .prefix { one in
                bytes += one.bytes
                return bytes <= limits.batchBytes
            }
            .count
        let batch = waiting.prefix(count)
        waitingBytes -= batch.reduce(0) { $0 + $1.bytes }
        waiting.removeFirst(count)
        // What was given away stays in its memory until that is let go.
        if waiting.isEmpty { waiting = [] }
        return batch.map(\.span)
    }
}
