import SeawallDegradation
import SeawallTime

/// The causes as a list of everything that ever happened, replayed from the start for every question.
struct NaiveCauses {
    enum Event {
        case raise(CauseKey, Permission, Release)
        case clear(CauseKey)
        case release(CauseKey)
    }

    var history: [(at: Int64, event: Event)] = []

    func effective(for origin: OrderOrigin, at now: Int64) -> Permission {
        var keys: [CauseKey] = []
        for (_, event) in history {
            switch event {
            case .raise(let key, _, _), .clear(let key), .release(let key): if !keys.contains(key) { keys.append(key) }
            }
        }
        return keys.filter { $0.scope.covers(origin) }.map { level(of: $0, at: now) }.min() ?? .open
    }

    private func level(of key: CauseKey, at now: Int64) -> Permission {
        var levels: [Permission] = []
        var ends: [Int64] = []
        var isHeld = false
        var isByHand = false
        func isOver(_ instant: Int64) -> Bool { !isHeld && !isByHand && (ends.max() ?? instant) <= instant }
        func forget() { (levels, ends, isHeld, isByHand) = ([], [], false, false) }
        for (at, event) in history {
            if isOver(at) { forget() }
            switch event {
            case .raise(key, let level, let release):
                if case .at(let until) = release, until.nanoseconds <= at { continue }
                levels.append(level)
                switch release {
                case .at(let until): ends.append(until.nanoseconds)
                case .whenCleared: isHeld = true
                case .byHand: isByHand = true
                }
            case .clear(key): if !isByHand { forget() }
            case .release(key): forget()
            case .raise, .clear, .release: continue
            }
        }
        return isOver(now) ? .open : (levels.min() ?? .open)
    }
}

/// What a stranger makes of the changes alone, as a reader of a log does.
struct ChangeReader {
    private var causes: [String: PermissionChange] = [:]
    private(set) var lastSequence: UInt64 = 0
    private(set) var hasHole = false

    mutating func read(_ changes: [PermissionChange]) {
        for change in changes {
            if change.sequence != lastSequence + 1 { hasHole = true }
            lastSequence = change.sequence
            switch change.event {
            case .raised:
                if causes[change.id] != nil { hasHole = true }
                causes[change.id] = change
            case .extended:
                if causes[change.id] == nil { hasHole = true }
                causes[change.id] = change
            case .cleared, .expired:
                if causes.removeValue(forKey: change.id) == nil { hasHole = true }
            }
        }
    }

    func effective(for origin: OrderOrigin, at now: MonotonicInstant) -> Permission {
        causes.values.filter { $0.scope.covers(origin) && ($0.until ?? .distantFuture) > now }.map(\.level).min()
            ?? .open
    }
}
