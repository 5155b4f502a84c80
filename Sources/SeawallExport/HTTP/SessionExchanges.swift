internal import Foundation
internal import SeawallTime

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif

/// What the tasks of a session came to: each has its answer as soon as its status is there, or its body where that is read.
final class SessionExchanges: NSObject, URLSessionDataDelegate, Sendable {
    /// How much of a body is let in, read or not.
    private static let longestBody: Int64 = 65_536

    /// One task under way.
    private struct Exchange: Sendable {
        var continuation: UnsafeContinuation<HTTPAnswer, any Error>?
        var redirection: HTTPAnswer?
        var received: Int64 = 0
        var isCancelled = false
        var readsAnswer = false
        /// The answer that waits for its body.
        var answer: HTTPAnswer?
    }

    private let exchanges = Lock([Int: Exchange]())

    /// Has a task's end told to whoever waits.
    func begin(_ task: Int, readsAnswer: Bool, _ continuation: UnsafeContinuation<HTTPAnswer, any Error>) {
        exchanges.withLock { $0[task] = Exchange(continuation: continuation, readsAnswer: readsAnswer) }
    }

    /// Ends the waiting for a task that is about to be cancelled.
    func cancel(_ task: Int) {
        exchanges.withLock { $0[task]?.isCancelled = true }
        end(task, with: .failure(CancellationError()))
    }

    /// To be called before the session is ended, which cancels every task.
    func cancelAll() {
        for task in exchanges.withLock({ $0.keys.sorted() }) { cancel(task) }
    }

    /// Ends the waiting for a task, once.
    private func end(_ task: Int, with result: Result<HTTPAnswer, any Error>) {
        let waiter = exchanges.withLock { exchanges in
            defer { exchanges[task]?.continuation = nil }
            return exchanges[task]?.continuation
        }
        waiter?.resume(with: result)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        exchanges.withLock { exchanges in
            // Foundation on Linux traps where it is answered after the task was cancelled. It only takes a note here: under
            // the lock no cancelling comes between the look and the answer.
            guard var exchange = exchanges[task.taskIdentifier], !exchange.isCancelled else { return }
            exchange.redirection = HTTPAnswer(response, wasRedirected: true)
            exchanges[task.taskIdentifier] = exchange
            completionHandler(nil)
        }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        completionHandler(.allow)
        guard let answer = response as? HTTPURLResponse else {
            return end(
                dataTask.taskIdentifier, with: .failure(ExportError(.unreachable, "the answer is not one of HTTP")))
        }
        let isRedirection = (300...399).contains(answer.statusCode)
        let made = HTTPAnswer(answer, wasRedirected: isRedirection)
        let readsOn = exchanges.withLock { exchanges in
            guard exchanges[dataTask.taskIdentifier]?.readsAnswer == true, (200...299).contains(made.status) else {
                return false
            }
            exchanges[dataTask.taskIdentifier]?.answer = made
            return true
        }
        if readsOn { return }
        end(dataTask.taskIdentifier, with: .success(made))
        // The rest is not read: let in only where it is known to be short, so that the connection can be used again.
        if !(0...Self.longestBody).contains(response.expectedContentLength) { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let (isTooLong, answer) = exchanges.withLock { exchanges in
            guard var exchange = exchanges[dataTask.taskIdentifier] else { return (false, HTTPAnswer?.none) }
            exchange.received = exchange.received.addingSaturating(Int64(data.count))
            let isTooLong = exchange.received > Self.longestBody
            if !isTooLong { exchange.answer?.body.append(data) }
            exchanges[dataTask.taskIdentifier] = exchange
            return (isTooLong, exchange.answer)
        }
        guard isTooLong else { return }
        // Whoever sends without end is not waited for.
        if let answer { end(dataTask.taskIdentifier, with: .success(answer)) }
        dataTask.cancel()
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        guard let exchange, let waiter = exchange.continuation else { return }
        // Once the status is there the server has answered, however the body ends.
        if let answer = exchange.redirection ?? exchange.answer { return waiter.resume(returning: answer) }
        waiter.resume(throwing: error ?? ExportError(.unreachable, "the connection ended without an answer"))
    }
}

extension HTTPAnswer {
    fileprivate init(_ answer: HTTPURLResponse, wasRedirected: Bool) {
        self.init(
            status: answer.statusCode, retryAfter: answer.value(forHTTPHeaderField: "Retry-After"),
            date: answer.value(forHTTPHeaderField: "Date"), wasRedirected: wasRedirected)
    }
}
