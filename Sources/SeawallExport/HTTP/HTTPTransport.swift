internal import Foundation
internal import SeawallTime

/// One post to a server.
struct HTTPPost: Sendable {
    var url: URL
    var headers: [String: String]
    var body: Data
    var timeout: Duration
}

/// What a server answered.
struct HTTPAnswer: Sendable {
    var status: Int
    var retryAfter: String?
    /// The time by the server's clock, as its header `Date` tells it.
    var date: String?
    var wasRedirected = false
}

/// What carries posts to servers.
protocol HTTPTransport: Sendable {
    /// Sends a post once and gives the answer, whatever its status; ends early where the task is cancelled.
    ///
    /// - Throws: `ExportError.Code.unreachable` or `timedOut` where there is no answer.
    func send(_ post: HTTPPost) async throws -> HTTPAnswer
}
