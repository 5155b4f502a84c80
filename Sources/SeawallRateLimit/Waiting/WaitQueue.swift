/// Who waits: by lane, then by what they touch, then in order of arrival.
struct WaitQueue: Sendable {
    /// By ticket.
    private var requests: [UInt64: Request] = [:]
    private var lines: [[Footprint: WaitingLine]]
    /// How many lines there are for each bucket that somebody waits for.
    private var linesByBucket: [Int: Int] = [:]
    private var deadlines = DeadlineHeap()
    private(set) var countByLane: [Int]

    init(lanes: Int) {
        lines = Array(repeating: [:], count: lanes)
        countByLane = Array(repeating: 0, count: lanes)
    }

    var count: Int { requests.count }

    var isEmpty: Bool { requests.isEmpty }

    /// What one who waits has asked for; nil where it does not wait.
    func request(of ticket: UInt64) -> Request? { requests[ticket] }

    /// Every ticket in order of arrival.
    var tickets: [UInt64] { requests.keys.sorted() }

    mutating func append(_ waiter: Waiter) {
        let request = waiter.request
        requests[waiter.ticket] = request
        countByLane[request.lane] += 1
        if lines[request.lane][request.footprint] == nil {
            for bucket in request.footprint.buckets { linesByBucket[bucket, default: 0] += 1 }
        }
        lines[request.lane][request.footprint, default: WaitingLine()].append(waiter.ticket)
        if let deadline = request.deadline { deadlines.push(deadline, ticket: waiter.ticket) }
    }

    /// Takes a waiter out; nil if it is not there.
    @discardableResult
    mutating func remove(_ ticket: UInt64) -> Waiter? {
        guard let request = requests.removeValue(forKey: ticket) else { return nil }
        countByLane[request.lane] -= 1
        lines[request.lane][request.footprint]?.remove(ticket)
        if lines[request.lane][request.footprint]?.isEmpty ?? false {
            lines[request.lane][request.footprint] = nil
            for bucket in request.footprint.buckets {
                let others = (linesByBucket[bucket] ?? 1) - 1
                linesByBucket[bucket] = others == 0 ? nil : others
            }
        }
        if deadlines.count > 2 * requests.count + 64 { deadlines.prune { requests[$0.ticket] != nil } }
        return Waiter(ticket: ticket, request: request)
    }

    private func waiter(_ ticket: UInt64) -> Waiter? {
        requests[ticket].map { Waiter(ticket: ticket, request: $0) }
    }

    /// The heads of the lines of a lane in order of arrival; nobody else of the lane can be next.
    func heads(lane: Int) -> [Waiter] {
        lines[lane].values.compactMap { line in line.first.flatMap(waiter) }.sorted { $0.ticket < $1.ticket }
    }

    /// The waiter that is first in the line of a lane with this footprint.
    func head(lane: Int, footprint: Footprint) -> Waiter? {
        lines[lane][footprint]?.first.flatMap(waiter)
    }

    /// The ticket that came last into the lowest lane in which somebody waits, if it is below `lane`.
    func newestOfLowest(below lane: Int) -> UInt64? {
        guard let lowest = countByLane.lastIndex(where: { $0 > 0 }), lowest > lane else { return nil }
        return lines[lowest].values.compactMap(\.last).max()
    }

    /// Whether somebody waits for a bucket.
    func awaits(_ bucket: Int) -> Bool { linesByBucket[bucket] != nil }

    /// Whether somebody waits who shares a bucket, in this lane or a higher one, or a scope, in a higher one.
    func holdsBack(_ request: Request) -> Bool {
        let footprint = request.footprint
        return lines[..<request.lane].contains { lane in lane.keys.contains { $0.shares(with: footprint) } }
            || lines[request.lane].keys.contains { $0.sharesBucket(with: footprint) }
    }

    /// The earliest deadline of those who wait.
    mutating func earliestDeadline() -> Int64? {
        while let first = deadlines.first {
            if requests[first.ticket] != nil { return first.deadline }
            deadlines.popFirst()
        }
        return nil
    }

    /// Takes out the waiter with the earliest deadline, if that is not after `now`.
    mutating func popOverdue(_ now: Int64) -> Waiter? {
        guard let deadline = earliestDeadline(), deadline <= now, let first = deadlines.first else { return nil }
        deadlines.popFirst()
        return remove(first.ticket)
    }
}
