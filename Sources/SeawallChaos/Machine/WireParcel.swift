internal import SeawallTime

/// The answer to one request on its way to a process.
final class WireParcel<Answer: Sendable>: Sendable {
    typealias Reply = Result<Answer, any Error>

    private struct State: Sendable {
        var reply: Reply?
        var headers: [String: String]?
        var waiter: UnsafeContinuation<Reply, Never>?
    }

    private let state = Lock(State())

    /// The headers of the answer, where there were any.
    var headers: [String: String]? { state.withLock { $0.headers } }

    func note(headers: [String: String]) {
        state.withLock { $0.headers = headers }
    }

    /// Hands the answer over; what comes after the first is dropped.
    func arrive(_ reply: Reply) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.reply == nil { state.reply = reply }
            return state.waiter
        }
        waiter?.resume(returning: reply)
    }

    func wait() async -> Reply {
        await withUnsafeContinuation { waiter in
            let reply = state.withLock { state in
                if state.reply == nil { state.waiter = waiter }
                return state.reply
            }
            if let reply { waiter.resume(returning: reply) }
        }
    }
}
