internal import Foundation
internal import SeawallTime

/// One post to a server.
struct HTTPPost: Sendable {
    var url: URL
    var headers: [String: String]
    var body: Data
    var timeout: Duration
    /// Whether what a success says is read; else it is let go.
    var readsAnswer = false
}

/// What a server answered.
struct HTTPAnswer: Sendable {
    var status: Int
    var retryAfter: String?
    /// The time by the server's clock, as its header `Date` tells it.
    var date: String?
    var wasRedirected = false
    /// What a success says, where it was asked for; cut where it is long.
    var body = Data()

    /// When the server may be asked again; a date is read by the server's own clock where the answer tells it.
    func retryInstant(by time: any TimeSource) -> MonotonicInstant? {
        let serverTime = date.flatMap { CivilInstant(httpDate: $0) }
        return retryAfter.flatMap(RetryAfter.init)?.instant(now: time.now, civilNow: serverTime ?? time.civilNow)
    }
}

/// What carries posts to servers.
protocol HTTPTransport: Sendable {
    /// Sends a post once and gives the answer, whatever its status; ends early where the task is cancelled.
    ///
    /// - Throws: `ExportError.Code.unreachable` or `timedOut` where there is no answer.
    func send(_ post: HTTPPost) async throws -> HTTPAnswer
}
