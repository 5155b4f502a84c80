internal import SeawallTime

/// The core of a simulated disk: its files, its failures, and when it loses power.
///
/// Every operation takes one draw, whatever comes of it, and a loss of power two for each file.
struct DiskCore: Sendable {
    /// What an operation came to.
    struct Outcome: Sendable {
        /// What was read, or why it failed.
        var result: Result<[UInt8]?, DiskError>
        /// What the record says; nil where no process asked that is alive.
        var record: DiskRecord?
        /// True where the power goes now.
        var losesPower = false
    }

    /// How many operations there were.
    private(set) var operations = 0
    /// How often every file was closed.
    private(set) var generation = 0

    private var files: [String: DiskFile] = [:]
    private var failure: (kind: DiskFailure, until: MonotonicInstant)?
    private var losses: [Int: DiskMoment] = [:]
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed, stream: "disk") }

    subscript(name: String) -> DiskFile { files[name] ?? DiskFile() }

    /// Does what a process asks that opened the file in `generation`.
    mutating func perform(
        _ operation: DiskOperation, on name: String, by generation: Int, now: MonotonicInstant
    ) -> Outcome {
        guard generation == self.generation else {
            return Outcome(result: .failure(error(.powerLost, operation, name, "whoever opened it is dead")))
        }
        operations += 1
        let draw = generator.next()
        if let moment = losses.removeValue(forKey: operations) {
            Self.perform(operation, on: &files[name, default: DiskFile()], until: moment, draw)
            let result = Result<[UInt8]?, DiskError>.failure(error(.powerLost, operation, name, "the power is gone"))
            return Outcome(result: result, record: record(operation, result, name), losesPower: true)
        }
        let code = Self.perform(operation, on: &files[name, default: DiskFile()], failure(at: now), draw)
        let result = result(of: operation, code, name)
        return Outcome(result: result, record: record(operation, result, name))
    }

    /// Lets the power go at the operation numbered so, from 1.
    mutating func losePower(atOperation number: Int, _ moment: DiskMoment) { losses[number] = moment }

    /// Forgets every loss of power that was to come.
    mutating func forgetLosses() { losses = [:] }

    /// Loses power now: every file is closed, and what was not stored is lost or torn.
    mutating func losePower() {
        for name in files.keys.sorted() { files[name]?.losePower(using: &generator) }
        closeAll()
    }

    /// Closes every file for whoever opened it.
    mutating func closeAll() { generation += 1 }

    mutating func fail(_ kind: DiskFailure, until: MonotonicInstant) { failure = (kind, until) }

    mutating func heal() { failure = nil }

    mutating func corrupt(_ corruption: DiskCorruption, _ name: String) {
        files[name, default: DiskFile()].corrupt(corruption)
    }

    private func failure(at now: MonotonicInstant) -> DiskFailure? {
        failure.flatMap { now < $0.until ? $0.kind : nil }
    }

    /// Does an operation as far as a failure lets it; the code of the error, or nil.
    private static func perform(
        _ operation: DiskOperation, on file: inout DiskFile, _ failure: DiskFailure?, _ draw: UInt64
    ) -> DiskError.Code? {
        switch (operation, failure) {
        case (.read, _): return file.isMissing ? .missing : file.isUnreadable ? .inputOutput : nil
        case (.append(let bytes), .full):
            file.append(bytes, count: part(draw, of: bytes.count))
            return .full
        case (.replace, .full): return .full
        case (.append, .failing), (.sync, .failing), (.replace, .failing), (.replace, .unsyncable): return .inputOutput
        case (.sync, .unsyncable):
            if draw & 1 == 0 { file.giveUp() }
            return .inputOutput
        case (.append(let bytes), _): file.append(bytes)
        case (.sync, _): file.sync()
        case (.replace(let bytes), _): file.replace(with: bytes)
        }
        return nil
    }

    /// Does an operation until the power goes in it.
    private static func perform(
        _ operation: DiskOperation, on file: inout DiskFile, until moment: DiskMoment, _ draw: UInt64
    ) {
        switch (operation, moment) {
        case (_, .before), (.read, _): break
        case (.append(let bytes), .during): file.append(bytes, count: part(draw, of: bytes.count))
        case (.append(let bytes), .after): file.append(bytes)
        case (.sync, .during): file.store(part(draw, of: file.unsafeCount))
        case (.sync, .after): file.store(file.unsafeCount)
        case (.replace(let bytes), .during): if draw & 1 == 0 { file.replace(with: bytes) }
        case (.replace(let bytes), .after): file.replace(with: bytes)
        }
    }

    private func result(
        of operation: DiskOperation, _ code: DiskError.Code?, _ name: String
    ) -> Result<[UInt8]?, DiskError> {
        if let code { return .failure(error(code, operation, name, "the disk refused it")) }
        if case .read = operation { return .success(self[name].seen) }
        return .success(nil)
    }

    private func record(
        _ operation: DiskOperation, _ result: Result<[UInt8]?, DiskError>, _ name: String
    ) -> DiskRecord {
        let text = operation.bytes.map { String(decoding: $0, as: UTF8.self) }
        switch result {
        case .failure: return DiskRecord(operation.word, .failed, bytes: operation.bytes?.count ?? 0, text: text)
        case .success(let read):
            let isDamaged = if case .read = operation { self[name].isDamaged } else { false }
            let count = (operation.bytes ?? read)?.count ?? 0
            return DiskRecord(operation.word, isDamaged ? .damaged : .done, bytes: count, text: text)
        }
    }

    private func error(
        _ code: DiskError.Code, _ operation: DiskOperation, _ name: String, _ why: String
    ) -> DiskError {
        DiskError(code: code, message: "\(operation.word.rawValue) of \(name): \(why)")
    }

    /// A number in `0 ... count` from a draw.
    private static func part(_ draw: UInt64, of count: Int) -> Int {
        Int(draw.multipliedFullWidth(by: UInt64(count) + 1).high)
    }
}
