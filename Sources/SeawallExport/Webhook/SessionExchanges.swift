internal import Foundation
internal import SeawallTime

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif

/// What the tasks of a session came to: each has its answer as soon as its status is there.
final class SessionExchanges: NSObject, URLSessionDataDelegate, Sendable {
    /// How much of a body is let in, though nobody reads it.
    private static let longestBody: Int64 = 65_536

    private let waiting = Lock([Int: UnsafeContinuation<HTTPAnswer, any Error>]())
    private let received = Lock([Int: Int64]())

    /// Has a task's end told to whoever waits.
    func begin(_ task: Int, _ continuation: UnsafeContinuation<HTTPAnswer, any Error>) {
        waiting.withLock { $0[task] = continuation }
    }

    /// Ends the waiting for a task, once.
    func end(_ task: Int, with result: Result<HTTPAnswer, any Error>) {
        waiting.withLock { $0.removeValue(forKey: task) }?.resume(with: result)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        end(task.taskIdentifier, with: .success(HTTPAnswer(response, wasRedirected: true)))
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        if let answer = response as? HTTPURLResponse {
            let isRedirection = (300...399).contains(answer.statusCode)
            end(dataTask.taskIdentifier, with: .success(HTTPAnswer(answer, wasRedirected: isRedirection)))
        } else {
            end(
                dataTask.taskIdentifier, with: .failure(ExportError(.unreachable, "the answer is not one of HTTP")))
        }
        completionHandler(.allow)
        // The rest is not read: let in only where it is known to be short, so that the connection can be used again.
        let length = response.expectedContentLength
        if !(0...Self.longestBody).contains(length) { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = received.withLock { received in
            let sum = (received[dataTask.taskIdentifier] ?? 0).addingSaturating(Int64(data.count))
            received[dataTask.taskIdentifier] = sum
            return sum > Self.longestBody
        }
        if isTooLong { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        received.withLock { $0[task.taskIdentifier] = nil }
        end(
            task.taskIdentifier,
            with: .failure(error ?? ExportError(.unreachable, "the connection ended without an answer")))
    }
}

extension HTTPAnswer {
    fileprivate init(_ answer: HTTPURLResponse, wasRedirected: Bool) {
        self.init(
            status: answer.statusCode, retryAfter: answer.value(forHTTPHeaderField: "Retry-After"),
            wasRedirected: wasRedirected)
    }
}
