import Foundation
import SeawallBackoff
import SeawallTime

@testable import SeawallExport

/// A transport that gives the answers that it was told, in turn, and keeps what it was sent.
final class ScriptedTransport: HTTPTransport {
    enum Step: Sendable {
        case answer(Int, retryAfter: String? = nil, date: String? = nil, body: String = "")
        case redirect
        case fail(isFinal: Bool)
        /// Nothing was sent.
        case unsent
        /// No answer, until the task is cancelled.
        case silence
    }

    private let state: Lock<(steps: [Step], sent: [HTTPPost], at: [MonotonicInstant])>
    private let time: ManualTime

    init(_ steps: [Step], time: ManualTime) {
        state = Lock((steps, [], []))
        self.time = time
    }

    var sent: [HTTPPost] { state.withLock { $0.sent } }
    var instants: [MonotonicInstant] { state.withLock { $0.at } }

    func send(_ post: HTTPPost) async throws -> HTTPAnswer {
        let now = time.now
        let step = state.withLock { state in
            state.sent.append(post)
            state.at.append(now)
            return state.steps.isEmpty ? Step.answer(200) : state.steps.removeFirst()
        }
        switch step {
        case .answer(let status, let retryAfter, let date, let body):
            return HTTPAnswer(status: status, retryAfter: retryAfter, date: date, body: Data(body.utf8))
        case .redirect: return HTTPAnswer(status: 200, wasRedirected: true)
        case .fail(let isFinal): throw ExportError(.unreachable, "cut", isFinal: isFinal)
        case .unsent: throw ExportError(.unreachable, "nobody there", failure: .transient)
        case .silence:
            // Ends with the task alone, so that virtual time has nothing to hurry to.
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in stream {}
            withExtendedLifetime(continuation) {}
            try Task.checkCancellation()
            return HTTPAnswer(status: 200)
        }
    }
}
