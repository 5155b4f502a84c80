internal import Seawall

/// Hands out the names of calls and requests of a run: none recurs, across restarts of the process either.
final class RunNames: Sendable {
    private let next = Lock((call: 0, request: 0))

    func call() -> String {
        next.withLock { next in
            next.call += 1
            return "c\(next.call)"
        }
    }

    func request() -> String {
        next.withLock { next in
            next.request += 1
            return "r\(next.request)"
        }
    }
}

/// The call of the bot that the current task serves.
enum CurrentCall {
    @TaskLocal static var id: String?
}
