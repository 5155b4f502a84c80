internal import Seawall

/// What of a journal's text is safe on the disk, as far as a judge asks for names in it.
struct JournalText: Sendable {
    /// How far the name of something has come.
    enum State: Int, Comparable, Sendable {
        /// Never handed to the disk.
        case unwritten
        /// Handed to the disk, and lost if the process dies now.
        case written
        /// The disk refused it, or refused to make it safe.
        case refused
        /// It survives a crash.
        case safe

        static func < (lhs: State, rhs: State) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    /// True once the run has a disk that anybody uses.
    private(set) var isInUse = false

    /// What was read last was not what had been made safe.
    private(set) var isUnreadable = false

    private var states: [String: State] = [:]
    /// What was written in this instant: who names a thing first and writes it a moment before is not late.
    private var recent: [(text: String, state: State)] = []
    private var now = MonotonicInstant.origin

    /// How far a name has come; what was never asked for is looked for in what was written in this instant.
    func state(of name: String) -> State {
        if let state = states[name] { return state }
        return recent.reduce(.unwritten) { $1.text.names(name) ? max($0, $1.state) : $0 }
    }

    /// Looks out for a name from here on.
    mutating func watch(_ name: String) {
        if states[name] == nil { states[name] = state(of: name) }
    }

    mutating func forget(_ name: String) { states[name] = nil }

    mutating func observe(_ record: RunRecord) {
        switch record.body {
        case .disk(let disk): observe(disk, record.at)
        case .crash, .restart:
            // What was only written is torn or lost, as it pleases the disk.
            for (name, state) in states where state == .written { states[name] = .unwritten }
            recent = []
            isUnreadable = false
        default: break
        }
    }

    private mutating func observe(_ disk: DiskRecord, _ instant: MonotonicInstant) {
        isInUse = true
        if instant > now { recent.removeAll { $0.state != .written } }
        now = instant
        let isDone = disk.outcome == .done
        switch disk.operation {
        case .read: isUnreadable = !isDone
        case .append: note(disk.text ?? "", isDone ? .written : .refused)
        case .sync: settle(isDone ? .safe : .refused)
        case .replace:
            if isDone {
                for name in states.keys { states[name] = .unwritten }
                isUnreadable = false
            }
            note(disk.text ?? "", isDone ? .safe : .refused)
        }
    }

    private mutating func note(_ text: String, _ state: State) {
        recent.append((text, state))
        for name in states.keys where text.names(name) { states[name] = max(states[name] ?? state, state) }
    }

    private mutating func settle(_ state: State) {
        for (name, old) in states where old == .written { states[name] = state }
        for index in recent.indices where recent[index].state == .written { recent[index].state = state }
    }
}

extension String {
    /// True where the text holds the name as a JSON string.
    fileprivate func names(_ name: String) -> Bool {
        let text = utf8
        let wanted = Array("\"\(name)\"".utf8)
        guard wanted.count <= text.count else { return false }
        var start = text.startIndex
        while let found = text[start...].firstIndex(of: wanted[0]) {
            if text[found...].starts(with: wanted) { return true }
            start = text.index(after: found)
        }
        return false
    }
}
