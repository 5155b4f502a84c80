internal import SeawallTime

/// What one attempt, with the hedges beside it, came to.
enum AttemptEnd<Value> {
    case value(Value)
    /// Failed, and not yet classified.
    case failed(any Error)
    /// Failed, classified and noted.
    case noted(any Error, RetryDecision)
    /// The caller's task was cancelled: no failure.
    case cancelled(any Error)
}

/// True where an error means that nobody wants the answer any more: that is never a failure.
func isCancellation(_ error: any Error) -> Bool {
    error is CancellationError || Task.isCancelled
}

/// Makes attempts until one succeeds or the retry ends; `first` is the error of one that was made before.
func runRetry<Value>(
    _ initial: RetryRun,
    first: (any Error)?,
    classify: (any Error) -> RetryDecision,
    onRetry: (RetryEvent) -> Void,
    fallback: ((BackoffExhausted) async throws -> Value?)?,
    attempt: (inout RetryRun) async -> AttemptEnd<Value>
) async throws -> Value {
    var run = initial
    var end: AttemptEnd<Value>? = first.map { .failed($0) }
    while true {
        let error: any Error
        let next: RetryRun.Next
        switch end {
        case nil:
            if let why = run.begin() { return try await answer(why, fallback) }
            end = await attempt(&run)
            continue
        case .value(let value):
            return value
        case .cancelled(let cancelled):
            throw cancelled
        case .failed(let failed):
            error = failed
            next = run.after(failed, classify: classify)
        case .noted(let failed, let decision):
            error = failed
            next = run.next(after: decision, error: failed)
        }
        switch next {
        case .giveBack:
            throw error
        case .end(let why):
            return try await answer(why, fallback)
        case .backOff(let wake, let event, let why):
            onRetry(event)
            try await run.sleep(until: wake)
            return try await answer(why, fallback)
        case .sleep(let wake, let event):
            onRetry(event)
            do {
                try await run.sleep(until: wake)
            } catch {
                run.giveUpRepeat()
                throw error
            }
            end = nil
        }
    }
}

/// The fallback's answer where it has one, else the reason as an error.
private func answer<Value>(
    _ why: BackoffExhausted, _ fallback: ((BackoffExhausted) async throws -> Value?)?
) async throws -> Value {
    if let fallback, let value = try await fallback(why) { return value }
    throw why
}
