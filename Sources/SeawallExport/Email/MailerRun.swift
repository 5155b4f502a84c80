#if os(Linux) || os(macOS)
internal import Foundation
internal import SeawallBackoff
internal import SeawallTime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// One process of a mailer, from its start to its end.
final class MailerRun: @unchecked Sendable {
    /// How a process ended.
    private struct Ending: Sendable {
        var status: Int
        var wasKilled: Bool
    }

    // Safety: `process` is set up before it starts; from then on it is only asked for its state.
    private let process = Process()
    private let complaints = Pipe()
    private let worker: WorkerThread
    private let exitsNotTaken: Set<Int>
    private let waiter = Lock<UnsafeContinuation<Ending, any Error>?>(nil)

    init(path: String, arguments: [String], exitsNotTaken: Set<Int>, worker: WorkerThread) {
        self.worker = worker
        self.exitsNotTaken = exitsNotTaken
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = complaints
    }

    /// Starts the mailer with a message on its standard input, and waits for it to take it.
    ///
    /// - Throws: `ExportError.Code.mailerFailed` where it did not; `CancellationError` at once, the mailer killed.
    func end(after message: String) async throws {
        let input = Pipe()
        // The whole message is in the pipe before anybody reads: writing to a mailer that has ended would kill this
        // process with SIGPIPE, and waiting for a slow one would block a thread.
        try input.fileHandleForWriting.write(contentsOf: Data(message.utf8))
        try input.fileHandleForWriting.close()
        process.standardInput = input
        let ending = try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                waiter.withLock { $0 = continuation }
                start()
                // Cancelled before there was anything to end.
                if Task.isCancelled { cancel() }
            }
        } onCancel: {
            cancel()
        }
        try judge(ending)
    }

    private func start() {
        process.terminationHandler = { [self] process in
            process.terminationHandler = nil
            finish(
                .success(
                    Ending(
                        status: Int(process.terminationStatus),
                        wasKilled: process.terminationReason == .uncaughtSignal)))
        }
        do {
            try process.run()
        } catch {
            process.terminationHandler = nil
            return finish(
                .failure(
                    ExportError(.mailerFailed, "the mailer could not be started", cause: error, failure: .transient)))
        }
        #if canImport(Glibc)
        // Foundation here learns of an end when the last one has gone who inherited its socket. A mailer that goes on
        // delivering in the background would look as if it hung, and the mail would be sent once more.
        let id = process.processIdentifier
        worker.run { [self] in
            if let ending = Self.waitForEnd(of: id) { finish(.success(ending)) }
        }
        #endif
    }

    #if canImport(Glibc)
    /// Blocks until a process has ended, and leaves it to Foundation to collect; nil where that has been done.
    private static func waitForEnd(of id: Int32) -> Ending? {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0 {
            if errno != EINTR { return nil }
        }
        return Ending(
            status: Int(information._sifields._sigchld.si_status), wasKilled: information.si_code != CLD_EXITED)
    }
    #endif

    private func finish(_ result: Result<Ending, any Error>) {
        let waiting = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiting?.resume(with: result)
    }

    /// A mailer that hangs is not asked politely: what it has not handed on it will not.
    private func cancel() {
        if process.isRunning { _ = kill(process.processIdentifier, SIGKILL) }
        finish(.failure(CancellationError()))
    }

    private func judge(_ ending: Ending) throws(ExportError) {
        if !ending.wasKilled, ending.status == 0 { return }
        let words = firstWords()
        let how = ending.wasKilled ? "was killed by signal" : "ended with"
        let isNotTaken = !ending.wasKilled && exitsNotTaken.contains(ending.status)
        let isRefused =
            !ending.wasKilled && !isNotTaken && (64...78).contains(ending.status)
            && !Self.open.contains(ending.status)
        throw ExportError(
            .mailerFailed,
            "the mailer \(how) \(ending.status), expected 0" + (words.isEmpty ? "" : ", and says: \(words)"),
            status: ending.status, isFinal: isRefused, failure: isNotTaken || isRefused ? .transient : .ambiguous)
    }

    /// The codes of sysexits.h that may come after the message has left: EX_UNAVAILABLE, EX_OSERR, EX_IOERR, EX_TEMPFAIL.
    private static let open: Set<Int> = [69, 71, 74, 75]

    /// What the mailer wrote to its standard error, at most 1,000 bytes; without waiting, since a child of it may live on.
    private func firstWords() -> String {
        let descriptor = complaints.fileHandleForReading.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var bytes = [UInt8](repeating: 0, count: 1_000)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return "" }
        return String(decoding: bytes[..<count], as: UTF8.self)
            .split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
#endif
