internal import Seawall

/// What trips still owe: that their sweep begins, and that one which began ends, in bounded time of nothing in the way.
///
/// In the way of a sweep is what shuts the way to the venue or freezes trading, a machine that sleeps, the windows that it
/// counts in, a fault that strikes what it sends, and each move of an order in its scope.
struct SweepDuties: Sendable {
    private struct Duty: Sendable {
        var cause: String
        var scope: CauseScope
        var hasBegun = false
        /// When something last happened that it may take its time from.
        var since: MonotonicInstant
    }

    /// The causes that sweep: what an operator kills, and what a guard trips.
    private static let sweeping: Set<ReasonCode> = ["kill_switch", "trip", "guard_trip"]

    private static let untilBegun = Duration.seconds(60)
    private static let untilEnded = Duration.seconds(120)

    private var duties: [String: Duty] = [:]
    private var road = Hindrances()
    private var windows = CountedWindows()
    private var conclusiveAfter = Duration.zero
    /// What freezes trading, and until when.
    private var frozen: [String: (scope: CauseScope, until: MonotonicInstant)] = [:]
    private var thawed = MonotonicInstant.origin
    /// By request of a sweep, whose it is.
    private var requests: [String: String] = [:]
    private var lookAt = MonotonicInstant.origin

    /// Takes the next record; returns what should have been done by now.
    mutating func observe(_ record: RunRecord) -> [String] {
        road.observe(record)
        switch record.body {
        case .run(let header):
            windows.begin(header.venue.limits)
            conclusiveAfter = header.conclusiveAfter
        case .layer(.permission(let change)): freeze(change, record.at)
        case .fault(let fault):
            if let key = fault.request.flatMap({ requests[$0] }) { duties[key]?.since = record.at }
        case .crash, .end:
            let overdue = overdue(at: record.at)
            // What a dead process owes nobody is owed; the next one owes it anew.
            (duties, requests, frozen) = ([:], [:], [:])
            return overdue
        default: break
        }
        guard !duties.isEmpty, record.at >= lookAt else { return [] }
        lookAt = record.at.advanced(by: .seconds(10))
        return overdue(at: record.at)
    }

    /// A cause is in force; if it sweeps, its sweep has to begin.
    mutating func demand(_ change: PermissionChange, as key: String, at now: MonotonicInstant) {
        guard Self.sweeping.contains(change.code), duties[key] == nil else { return }
        duties[key] = Duty(cause: change.id, scope: change.scope, since: now)
    }

    /// A sweep begins, and has to end.
    mutating func begin(_ sweep: SweepEvent, as key: String, at now: MonotonicInstant) {
        duties[key] = Duty(cause: sweep.cause, scope: sweep.scope, hasBegun: true, since: now)
    }

    /// A sweep sends something.
    mutating func send(_ request: RequestRecord, for key: String) {
        windows.count(request)
        requests[request.id] = key
    }

    /// A sweep is over, or its cause is; returns what is said of it if that took too long.
    mutating func end(_ key: String, at now: MonotonicInstant) -> [String] {
        defer { duties[key] = nil }
        return duties[key].flatMap { complaint(of: $0, at: now) }.map { [$0] } ?? []
    }

    /// An order begins, changes or ends.
    mutating func move(_ origin: Origin, at now: MonotonicInstant) {
        for (key, duty) in duties where duty.hasBegun && duty.scope.includes(origin) { duties[key]?.since = now }
    }

    private mutating func freeze(_ change: PermissionChange, _ now: MonotonicInstant) {
        switch change.event {
        case .raised, .extended:
            guard change.level == .frozen else { return }
            let until = max(change.until ?? .distantFuture, frozen[change.id]?.until ?? .origin)
            frozen[change.id] = (change.scope, until)
        case .cleared, .expired:
            if frozen.removeValue(forKey: change.id) != nil { thawed = max(thawed, now) }
        }
    }

    private mutating func overdue(at now: MonotonicInstant) -> [String] {
        duties.sorted { $0.key < $1.key }.compactMap { key, duty in
            guard let complaint = complaint(of: duty, at: now) else { return nil }
            duties[key] = nil
            return complaint
        }
    }

    private func complaint(of duty: Duty, at now: MonotonicInstant) -> String? {
        let free = max(duty.since, road.clearSince)
        guard duty.hasBegun else {
            guard free.advanced(by: Self.untilBegun) < now else { return nil }
            return "the sweep of \(duty.cause) does not begin, though nothing was in its way since \(free)"
        }
        let symbol: Symbol? = if case .symbol(let symbol) = duty.scope { symbol } else { nil }
        let freezing = frozen.values.filter { $0.scope.includes(Origin(symbol: symbol)) }.map(\.until).max()
        let thawed = max(free, thawed, freezing ?? .origin)
        let patience = Self.untilEnded + windows.longest + conclusiveAfter
        guard thawed.advanced(by: patience) < now else { return nil }
        return "the sweep of \(duty.cause) does not end, though nothing was in its way since \(thawed)"
    }
}
