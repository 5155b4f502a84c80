internal import SeawallTime

/// The core of a journal: what was noted, what of it is safe, and how the next of it is written.
///
/// Notes are counted from 1 on; a mark is such a count. After a write that failed nobody knows what of it is there, so
/// the next one puts the whole state in the place of everything.
package struct JournalCore: Sendable {
    /// How the storage does.
    package enum Condition: Sendable {
        /// It could be read, and takes what it is given.
        case good
        /// The last write failed.
        case failing(JournalError)
        /// It could not be read: nothing is written until that state is given up.
        case halted(JournalError)
    }

    /// Something to be done with the storage, with what is safe after it.
    package struct Work: Sendable {
        /// What is to be done.
        package enum Action: Sendable {
            case append([UInt8])
            case replace([UInt8])
        }

        package var action: Action
        package var mark: UInt64
    }

    /// What everything noted so far comes to.
    package private(set) var state: JournalState

    /// How the storage does.
    package private(set) var condition = Condition.good

    /// How many records were noted.
    package private(set) var noted: UInt64 = 0

    /// How many of them are safe.
    package private(set) var safe: UInt64 = 0

    private let bound: Int
    private var nextSequence: UInt64
    private var pending: [UInt8] = []
    private var mustReplace: Bool
    private var size: Int
    private var sizeAfterReplace: Int

    /// Goes on from what was read, or begins anew.
    ///
    /// - Parameters:
    ///   - contents: What was read; nil where nothing was ever kept.
    ///   - size: How many bytes it has.
    ///   - capacity: How many ended intents are remembered.
    ///   - bound: From how many bytes on it is made smaller.
    package init(contents: JournalContents?, size: Int, capacity: Int, bound: Int) {
        state = JournalState(capacity: capacity)
        for record in contents?.records ?? [] { state.apply(record) }
        nextSequence = contents?.nextSequence ?? 0
        // What was torn off must not stand between the lines; where nothing is, there is nothing to add to.
        mustReplace = contents.map { $0.torn > 0 || $0.damage != nil } ?? true
        if let damage = contents?.damage { condition = .halted(damage) }
        self.size = size
        self.bound = bound
        sizeAfterReplace = 0
    }

    /// Stops all writing: what is there could not be read.
    package mutating func halt(_ error: JournalError) {
        mustReplace = true
        condition = .halted(error)
    }

    /// Gives up what could not be read; what is known goes in its place with the next write.
    package mutating func goOn() {
        guard case .halted = condition else { return }
        condition = .good
    }

    /// Notes records and returns the mark from which on they are safe.
    package mutating func note(_ records: [JournalRecord]) -> UInt64 {
        for record in records {
            state.apply(record)
            noted += 1
            // What will be replaced as a whole needs no lines of its own.
            guard !mustReplace else { continue }
            JournalLine.append(record.json, sequence: nextSequence, to: &pending)
            nextSequence &+= 1
        }
        return noted
    }

    /// What to do now so that everything noted is safe; nil where it is, or where nothing may be written.
    package mutating func begin() -> Work? {
        if case .halted = condition { return nil }
        guard noted > safe || mustReplace else { return nil }
        if mustReplace || size + pending.count > replacingFrom {
            return Work(action: .replace(whole()), mark: noted)
        }
        defer { pending = [] }
        return Work(action: .append(pending), mark: noted)
    }

    /// Notes what became of work.
    package mutating func finish(_ work: Work, failure: JournalError?) {
        if let failure {
            mustReplace = true
            pending = []
            condition = .failing(failure)
            return
        }
        condition = .good
        safe = max(safe, work.mark)
        switch work.action {
        case .append(let bytes):
            size += bytes.count
        case .replace(let bytes):
            size = bytes.count
            sizeAfterReplace = size
        }
    }

    /// From how many bytes on everything is written anew.
    private var replacingFrom: Int { max(bound, sizeAfterReplace.multipliedSaturating(by: 2)) }

    /// How full it is.
    var load: JournalLoad {
        JournalLoad(size: size, bound: replacingFrom, noted: noted, safe: safe, isFailing: error != nil)
    }

    /// True where nothing may be written.
    package var isHalted: Bool {
        if case .halted = condition { true } else { false }
    }

    /// True where the last write failed.
    package var isFailing: Bool {
        if case .failing = condition { true } else { false }
    }

    /// True where a write may be tried: after one that failed only by whoever tries again.
    package func mayWrite(isRetry: Bool) -> Bool {
        switch condition {
        case .good: noted > safe || mustReplace
        case .failing: isRetry
        case .halted: false
        }
    }

    /// What is wrong with the storage; nil where nothing is.
    package var error: JournalError? {
        switch condition {
        case .good: nil
        case .failing(let error), .halted(let error): error
        }
    }

    /// Everything in its shortest form; lines noted from now on follow it.
    private mutating func whole() -> [UInt8] {
        var bytes = JournalContents.header(sequence: nextSequence)
        nextSequence &+= 1
        for record in state.records {
            JournalLine.append(record.json, sequence: nextSequence, to: &bytes)
            nextSequence &+= 1
        }
        pending = []
        mustReplace = false
        return bytes
    }
}
