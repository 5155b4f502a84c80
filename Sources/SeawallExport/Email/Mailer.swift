internal import Foundation
internal import SeawallBackoff
internal import SeawallTime

/// A program that reads a message, run once for each.
struct Mailer: Sendable {
    let path: String
    private let worker = WorkerThread()

    init(path: String) { self.path = path }

    /// True where the platform lets a program start others.
    static var isSupported: Bool {
        #if os(Linux) || os(macOS)
        true
        #else
        false
        #endif
    }

    /// - Throws: `ExportError.Code.noMailer` where there is none at the path, or where the platform runs no processes.
    func check() throws(ExportError) {
        guard Self.isSupported else {
            throw ExportError(
                .noMailer, "this platform runs no other programs: expected Linux or macOS; use a webhook",
                isFinal: true, failure: .transient)
        }
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ExportError(
                .noMailer,
                "there is no mailer at \(path): expected a program with sendmail's interface, as Postfix, Exim or msmtp "
                    + "bring it", isFinal: true, failure: .transient)
        }
    }

    #if os(Linux) || os(macOS)
    /// Runs the mailer on a message and waits for its end.
    ///
    /// - Parameter exitsNotTaken: those after which the message may be handed over again.
    /// - Throws: `ExportError`; `CancellationError` where the task was cancelled.
    func run(
        _ arguments: [String], message: String, exitsNotTaken: Set<Int>, timeout: Duration, time: any TimeSource
    ) async throws {
        try check()
        let run = MailerRun(path: path, arguments: arguments, exitsNotTaken: exitsNotTaken, worker: worker)
        do {
            try await within(timeout, of: time) { try await run.end(after: message) }
        } catch let error as ExportError where error.code == .timedOut {
            throw ExportError(.timedOut, "the mailer \(path) did not end within \(timeout)")
        }
    }
    #else
    func run(
        _ arguments: [String], message: String, exitsNotTaken: Set<Int>, timeout: Duration, time: any TimeSource
    ) async throws {
        try check()
    }
    #endif
}
