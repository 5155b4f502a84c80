internal import SeawallTime

/// One question that is answered once, by the store, by the time, or by whoever does not wait any more.
///
/// No answer is nil.
final class StoreQuestion: Sendable {
    typealias Answered = UnsafeContinuation<StoreAnswer?, any Error>

    private enum Stage: Sendable {
        case asked
        case waiting(Answered)
        case over(Result<StoreAnswer?, any Error>?)
    }

    private let stage = Lock(Stage.asked)

    func wait(_ continuation: Answered) {
        let result = stage.withLock { stage -> Result<StoreAnswer?, any Error>? in
            if case .over(let result) = stage { return result }
            stage = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    /// False where it has been answered before.
    @discardableResult
    func answer(_ result: Result<StoreAnswer?, any Error>) -> Bool {
        let (isFirst, waiting) = stage.withLock { stage -> (Bool, Answered?) in
            switch stage {
            case .asked:
                stage = .over(result)
                return (true, nil)
            case .waiting(let continuation):
                stage = .over(nil)
                return (true, continuation)
            case .over: return (false, nil)
            }
        }
        waiting?.resume(with: result)
        return isFirst
    }
}
