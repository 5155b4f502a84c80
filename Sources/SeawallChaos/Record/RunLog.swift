public import Seawall

/// The record of one run: every line in causal order, hashed, and handed to whoever listens.
///
/// The log itself keeps no lines: a listener writes them to a file, judges them, or counts them.
public final class RunLog: Sendable {
    private struct State: Sendable {
        var lines = 0
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var boot = 0
        var isEnded = false
        var onRecord: [@Sendable (RunRecord) -> Void] = []
        var onLine: [@Sendable (String) -> Void] = []

        mutating func add(_ line: String) {
            for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            hash = (hash ^ UInt64(UInt8(ascii: "\n"))) &* 0x0000_0100_0000_01b3
            lines += 1
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
        let now = time.now
        let written = state.withLock { state -> (RunRecord, String, State)? in
            guard !state.isEnded else { return nil }
            if case .restart = body { state.boot += 1 }
            if case .end = body { state.isEnded = true }
            let record = RunRecord(at: now, boot: state.boot, body: body)
            let line = record.json
            state.add(line)
            return (record, line, state)
        }
        guard let (record, line, state) = written else { return }
        for listener in state.onRecord { listener(record) }
        for listener in state.onLine { listener(line) }
    }

    /// Writes the last line, with the number of lines before it and their hash; again it does nothing.
    public func end() {
        let (lines, hash) = state.withLock { ($0.lines, $0.hash) }
        append(.end(lines: lines, hash: hash))
    }
}
