internal import Foundation
internal import SeawallTime

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif

/// URLSession as a transport; it stores neither cookies nor answers.
final class SessionTransport: HTTPTransport {
    private let session: URLSession

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        session = URLSession(configuration: configuration)
    }

    // A session that is not ended keeps its thread and its connections for ever.
    deinit { session.invalidateAndCancel() }

    func send(_ post: HTTPPost) async throws -> HTTPAnswer {
        var request = URLRequest(url: post.url)
        request.httpMethod = "POST"
        request.httpBody = post.body
        // The caller's deadline comes first; this one only frees the connection should cancelling not do so.
        request.timeoutInterval = post.timeout.secondsDouble + 1
        for (name, value) in post.headers.sorted(by: { $0.key < $1.key }) {
            request.setValue(value, forHTTPHeaderField: name)
        }
        let response: URLResponse
        do {
            (_, response) = try await session.data(for: request)
        } catch {
            try Task.checkCancellation()
            throw Self.exportError(error)
        }
        guard let answer = response as? HTTPURLResponse else {
            throw ExportError(.unreachable, "the answer is not one of HTTP")
        }
        return HTTPAnswer(
            status: answer.statusCode, retryAfter: answer.value(forHTTPHeaderField: "Retry-After"),
            // URLSession follows a redirection and gives the last answer: then it comes from another address.
            wasRedirected: (300...399).contains(answer.statusCode) || answer.url.map { $0 != post.url } ?? false)
    }

    /// The error without the address, which URLSession writes into its own.
    private static func exportError(_ error: any Error) -> ExportError {
        guard let error = error as? URLError else {
            return ExportError(.unreachable, "the connection failed with \(type(of: error))")
        }
        if error.code == .timedOut { return ExportError(.timedOut, "the connection timed out") }
        return ExportError(
            .unreachable, "the connection failed with error \(error.code.rawValue) of URLSession",
            isFinal: final.contains(error.code))
    }

    /// What no second try will change.
    private static let final: Set<URLError.Code> = [
        .badURL, .unsupportedURL, .serverCertificateUntrusted, .serverCertificateHasBadDate,
        .serverCertificateHasUnknownRoot, .clientCertificateRejected, .clientCertificateRequired,
    ]
}
