internal import SeawallTime

/// Writes log events into a file, a line of JSON each, and begins a new file when it is full.
///
/// The file that is full becomes `PATH.1`, the one before it `PATH.2`, and so on; the oldest goes. Events are written by a
/// thread of its own, in order; a disk that is slow delays nobody: events past the room are dropped and counted. A line is
/// never parted between files; where a disk took only a part of one, the next event still has a line of its own. Only the
/// user of the process may read the files.
public final class JSONLinesWriter: LogEventSink {
    private struct State: Sendable {
        var waiting = 0
        var dropped = 0
        var failed = 0
    }

    private final class File: @unchecked Sendable {
        // Unchecked: only the worker's jobs come here, one after the other.
        var size: Int?
        // True where the file may end in a part of a line.
        var isTorn = false
    }

    /// Where it writes.
    public let path: String

    /// The size past which a file is full, in bytes.
    public let largestFile: Int

    /// How many full files are kept.
    public let keptFiles: Int

    private let room: Int
    private let files: any LogFiles
    private let worker = WorkerThread()
    private let file = File()
    private let state = Lock(State())

    /// Makes a writer; the file is made with the first event, in a folder that must be there.
    ///
    /// - Parameters:
    ///   - path: Where it writes; what is there stays and is appended to.
    ///   - largestFile: The size past which a new file is begun, in bytes; default 10 MiB, at least 1.
    ///   - keptFiles: How many full files are kept; default 5, at least 1.
    ///   - room: How many events may wait for the disk; default 10,000, at least 1.
    public convenience init(path: String, largestFile: Int = 10_485_760, keptFiles: Int = 5, room: Int = 10_000) {
        self.init(path: path, largestFile: largestFile, keptFiles: keptFiles, room: room, files: SystemLogFiles())
    }

    init(path: String, largestFile: Int, keptFiles: Int, room: Int, files: any LogFiles) {
        self.path = path
        self.largestFile = max(1, largestFile)
        self.keptFiles = max(1, keptFiles)
        self.room = max(1, room)
        self.files = files
    }

    /// How many events there was no room for.
    public var droppedCount: Int { state.withLock { $0.dropped } }

    /// How many events the disk did not take.
    public var failedCount: Int { state.withLock { $0.failed } }

    /// Has the event written after those before it, and returns at once.
    public func write(_ event: LogEvent) {
        let hasRoom = state.withLock { state in
            if state.waiting >= room {
                state.dropped += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard hasRoom else { return }
        worker.run { [self] in
            let isWritten = append(Array(JSONLine.text(event).utf8) + [UInt8(ascii: "\n")])
            state.withLock { state in
                state.waiting -= 1
                if !isWritten { state.failed += 1 }
            }
        }
    }

    /// Waits until all events so far are written, but no longer than `patience`; false where they are not by then.
    ///
    /// It blocks the thread: for the end of a program.
    public func flush(waitingAtMost patience: Duration = .seconds(5)) -> Bool {
        worker.run(waitingAtMost: patience) {}
    }

    private func append(_ line: [UInt8]) -> Bool {
        var size = file.size ?? files.size(of: path)
        if size > 0, size + line.count > largestFile, rotate() { size = 0 }
        // After a line of which only a part was taken, the next one begins on a line of its own.
        let bytes = file.isTorn && size > 0 ? [UInt8(ascii: "\n")] + line : line
        guard files.append(bytes, to: path) else {
            // Nobody knows how much is there.
            file.size = nil
            file.isTorn = files.size(of: path) != size || (file.isTorn && size > 0)
            return false
        }
        file.size = size + bytes.count
        file.isTorn = false
        return true
    }

    private func rotate() -> Bool {
        for number in stride(from: keptFiles - 1, through: 1, by: -1) {
            _ = files.rename("\(path).\(number)", to: "\(path).\(number + 1)")
        }
        return files.rename(path, to: path + ".1")
    }
}
