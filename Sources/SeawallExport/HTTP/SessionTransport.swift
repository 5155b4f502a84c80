internal import Foundation
internal import SeawallBackoff
internal import SeawallTime

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif

/// URLSession as a transport; it stores neither cookies nor answers, and follows no redirection.
///
/// A redirection that is followed sends what was posted, its headers too, to whoever the server names.
final class SessionTransport: HTTPTransport {
    private let session: URLSession
    private let exchanges = SessionExchanges()

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        // For the rest of a body that nobody waits for.
        configuration.timeoutIntervalForResource = 120
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    // A session that is not ended keeps its thread and its connections for ever.
    deinit {
        exchanges.cancelAll()
        session.invalidateAndCancel()
    }

    func send(_ post: HTTPPost) async throws -> HTTPAnswer {
        var request = URLRequest(url: post.url)
        request.httpMethod = "POST"
        request.httpBody = post.body
        // The caller's deadline comes first; this one only frees the connection should cancelling not do so.
        request.timeoutInterval = post.timeout.secondsDouble + 1
        for (name, value) in post.headers.sorted(by: { $0.key < $1.key }) {
            request.setValue(value, forHTTPHeaderField: name)
        }
        let task = session.dataTask(with: request)
        do {
            return try await withTaskCancellationHandler {
                try await withUnsafeThrowingContinuation { continuation in
                    exchanges.begin(task.taskIdentifier, readsAnswer: post.readsAnswer, continuation)
                    task.resume()
                    // Cancelled before there was anything to end.
                    if Task.isCancelled { cancel(task) }
                }
            } onCancel: {
                cancel(task)
            }
        } catch {
            try Task.checkCancellation()
            throw Self.exportError(error)
        }
    }

    private func cancel(_ task: URLSessionDataTask) {
        exchanges.cancel(task.taskIdentifier)
        task.cancel()
    }

    /// The error without the address, which URLSession writes into its own.
    private static func exportError(_ error: any Error) -> ExportError {
        if let error = error as? ExportError { return error }
        guard let error = error as? URLError else {
            return ExportError(.unreachable, "the connection failed with \(type(of: error))")
        }
        if error.code == .timedOut { return ExportError(.timedOut, "the connection timed out") }
        return ExportError(
            .unreachable, "the connection failed with error \(error.code.rawValue) of URLSession",
            isFinal: final.contains(error.code),
            failure: unsent.contains(error.code) || final.contains(error.code) ? .transient : .ambiguous)
    }

    /// What happens before anything is sent.
    private static let unsent: Set<URLError.Code> = [
        .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet,
    ]

    /// What no second try will change.
    private static let final: Set<URLError.Code> = [
        .badURL, .unsupportedURL, .serverCertificateUntrusted, .serverCertificateHasBadDate,
        .serverCertificateHasUnknownRoot, .clientCertificateRejected, .clientCertificateRequired,
    ]
}
