public import Seawall

/// The record of one run: every line in causal order, hashed, and handed to whoever listens.
///
/// The log itself keeps no lines: a listener writes them to a file, judges them, or counts them. Listeners are called
/// outside the log's lock by whoever writes, so that they hear the lines in order where one thread writes, as in a
/// simulation.
public final class RunLog: Sendable {
    private struct State: Sendable {
        var line = JSONLine()
        var lines = 0
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var boot = 0
        var isEnded = false
        var onRecord: [@Sendable (RunRecord) -> Void] = []
        var onLine: [@Sendable (String) -> Void] = []

        mutating func write(_ body: RunRecord.Body, at now: MonotonicInstant) -> Written {
            let record = RunRecord(at: now, boot: boot, body: body)
            line.write(record)
            var hash = hash
            for byte in line.bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            self.hash = (hash ^ UInt64(UInt8(ascii: "\n"))) &* 0x0000_0100_0000_01b3
            lines += 1
            return Written(record: record, text: onLine.isEmpty ? "" : line.text, onRecord: onRecord, onLine: onLine)
        }
    }

    /// A line and those who are to hear of it.
    private struct Written: Sendable {
        var record: RunRecord
        var text: String
        var onRecord: [@Sendable (RunRecord) -> Void]
        var onLine: [@Sendable (String) -> Void]

        func tell() {
            for listener in onRecord { listener(record) }
            for listener in onLine { listener(text) }
        }
    }

    private let time: any TimeSource
    private let state = Lock(State())

    /// Makes a log on the clock of a run.
    public init(time: any TimeSource) { self.time = time }

    /// How many lines were written.
    public var lineCount: Int { state.withLock { $0.lines } }

    /// FNV-1a in 64 bits over the bytes of every line so far, each with its line feed.
    public var hash: UInt64 { state.withLock { $0.hash } }

    /// A hash as the last line carries it: 16 digits in base 16.
    static func text(of hash: UInt64) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Has every record from now on handed to `listener`, in order.
    public func onRecord(_ listener: @escaping @Sendable (RunRecord) -> Void) {
        state.withLock { $0.onRecord.append(listener) }
    }

    /// Has every record from now on handed to `listener` as the line of JSON that it is, without the line's end.
    public func onLine(_ listener: @escaping @Sendable (String) -> Void) {
        state.withLock { $0.onLine.append(listener) }
    }

    /// Writes a line; after the end nothing is written any more.
    public func append(_ body: RunRecord.Body) {
        let written = state.withLock { state -> Written? in
            guard !state.isEnded else { return nil }
            if case .restart = body { state.boot += 1 }
            if case .end = body { state.isEnded = true }
            return state.write(body, at: time.now)
        }
        written?.tell()
    }

    /// Writes the last line, with the number of lines before it and their hash; again it does nothing.
    public func end() {
        let written = state.withLock { state -> Written? in
            guard !state.isEnded else { return nil }
            state.isEnded = true
            return state.write(.end(lines: state.lines, hash: state.hash), at: time.now)
        }
        written?.tell()
    }
}
