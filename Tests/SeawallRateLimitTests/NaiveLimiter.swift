import SeawallTime

@testable import SeawallRateLimit

/// The limiter as its promises say it, from lists of everything that ever happened; it shares no step with the real one.
struct NaiveLimiter {
    struct Spending {
        var grant: Int
        var bucket: String
        var weight: Int
        var at: Int64
    }

    struct Call {
        var ticket: UInt64
        var lane: Int
        var weights: [String: Int]
        var scopes: Set<String>
        var deadline: Int64?
    }

    let configuration: RateLimiterConfiguration
    var spendings: [Spending] = []
    var waiting: [Call] = []
    var gates: [String: Int64] = [:]
    var grants = 0
    var released: [String] = []

    func bucket(_ name: String) -> BucketConfiguration? { configuration.buckets.first { $0.name == name } }

    /// The windows of a bucket with the most that each may hold.
    func bounds(_ bucket: BucketConfiguration) -> [(length: Int64, most: Int)] {
        let length = bucket.window.wholeNanoseconds
        guard let burst = bucket.burst else { return [(length, bucket.capacity)] }
        let piece = (length * Int64(burst) + Int64(bucket.capacity) - 1) / Int64(bucket.capacity)
        return [(length, bucket.capacity), (piece, burst)]
    }

    func reservedAbove(_ lane: Int, _ bucket: BucketConfiguration) -> Int {
        configuration.lanes[..<lane].reduce(0) { $0 + (bucket.reserves[$1] ?? 0) }
    }

    func call(_ charge: Charge, lane: Lane, scopes: [String], deadline: Int64?, ticket: UInt64) -> Call {
        var all = Set(scopes)
        let weights = charge.weights.filter { $0.value > 0 }
        for name in weights.keys { bucket(name).map { _ = all.insert($0.scope) } }
        let index = configuration.lanes.firstIndex(of: lane) ?? 0
        return Call(ticket: ticket, lane: index, weights: weights, scopes: all, deadline: deadline)
    }

    func neverFits(_ call: Call) -> Bool {
        call.weights.contains { name, weight in
            guard let bucket = bucket(name) else { return true }
            return weight > (bucket.burst ?? bucket.capacity) - reservedAbove(call.lane, bucket)
        }
    }

    func isGated(_ call: Call, at now: Int64) -> Bool { call.scopes.contains { (gates[$0] ?? .min) > now } }

    func fits(_ call: Call, at now: Int64) -> Bool {
        if isGated(call, at: now) { return false }
        return call.weights.allSatisfy { name, weight in
            guard let bucket = bucket(name) else { return false }
            return bounds(bucket).allSatisfy { length, most in
                let held = spendings.filter { $0.bucket == name && now - $0.at < length }.reduce(0) { $0 + $1.weight }
                return held + weight + reservedAbove(call.lane, bucket) <= most
            }
        }
    }

    /// Tries every instant at which anything changes.
    func earliest(_ call: Call, from now: Int64) -> Int64 {
        var instants = Set([now]).union(gates.values)
        for spending in spendings {
            guard let bucket = bucket(spending.bucket) else { continue }
            for (length, _) in bounds(bucket) { instants.insert(spending.at + length) }
        }
        return instants.filter { $0 >= now }.sorted().first { fits(call, at: $0) } ?? .max
    }

    func share(_ first: Call, _ second: Call) -> Bool {
        !first.scopes.isDisjoint(with: second.scopes)
            || !Set(first.weights.keys).isDisjoint(with: second.weights.keys)
    }

    var inOrder: [Call] { waiting.sorted { ($0.lane, $0.ticket) < ($1.lane, $1.ticket) } }

    func isBehind(_ call: Call) -> Bool { waiting.contains { $0.lane <= call.lane && share($0, call) } }

    mutating func take(_ call: Call, at now: Int64) -> Int {
        grants += 1
        for (name, weight) in call.weights {
            spendings.append(Spending(grant: grants, bucket: name, weight: weight, at: now))
        }
        return grants
    }

    mutating func drain(_ now: Int64) {
        let overdue = waiting.filter { ($0.deadline ?? .max) <= now }
            .sorted { ($0.deadline ?? 0, $0.ticket) < ($1.deadline ?? 0, $1.ticket) }
        for call in overdue { release(call, "deadlineExceeded") }
        for (index, call) in inOrder.enumerated() {
            let ahead = inOrderBefore(index, call)
            if !ahead.contains(where: { share($0, call) }), fits(call, at: now) {
                release(call, "granted \(take(call, at: now))")
            }
        }
    }

    private func inOrderBefore(_ index: Int, _ call: Call) -> [Call] {
        waiting.filter { ($0.lane, $0.ticket) < (call.lane, call.ticket) }
    }

    mutating func release(_ call: Call, _ how: String) {
        waiting.removeAll { $0.ticket == call.ticket }
        released.append("\(call.ticket) \(how)")
    }

    /// The next instant at which a waiter can go, or must leave.
    func wakeAt(_ now: Int64) -> Int64? {
        let free = waiting.filter { call in
            !waiting.contains { ($0.lane, $0.ticket) < (call.lane, call.ticket) && share($0, call) }
        }
        return (free.map { earliest($0, from: now) } + waiting.compactMap(\.deadline)).min()
    }

    mutating func admit(_ call: Call, at now: Int64) -> String {
        if neverFits(call) { return "weightOverBurst" }
        if let deadline = call.deadline, earliest(call, from: now) >= deadline { return "deadlineExceeded" }
        if !isBehind(call), fits(call, at: now) { return "granted \(take(call, at: now))" }
        if waiting.count >= configuration.maximumWaiters {
            guard let last = inOrder.last, last.lane > call.lane else { return "queueFull" }
            release(last, "shed")
        }
        waiting.append(call)
        return "waiting"
    }

    mutating func tryAcquire(_ call: Call, at now: Int64) -> String {
        if neverFits(call) { return "weightOverBurst nil" }
        let isGated = isGated(call, at: now)
        if isBehind(call) { return isGated ? "gated nil" : "behindWaiters nil" }
        if fits(call, at: now) { return "granted \(take(call, at: now))" }
        return "\(isGated ? "gated" : "noTokens") \(earliest(call, from: now))"
    }
}
