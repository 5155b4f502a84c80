import SeawallTime

@testable import SeawallRateLimit

/// The limiter as its promises say it, from lists of everything that ever happened; it shares no step with the real one.
struct NaiveLimiter {
    struct Spending {
        var grant: Int
        var bucket: String
        var weight: Int
        var at: Int64
        /// When its call ended; nil while it is under way.
        var settledAt: Int64?
        /// The places of grant and end among all events.
        var takenAs: Int
        var settledAs: Int?
        /// It had left when the venue's clock was read anew.
        var isGone = false
    }

    struct Report {
        var bucket: String
        var said: Int
        var heardAt: Int64
        var heardAs: Int
        /// The call that was answered so.
        var grantedAt: Int64
        var takenAs: Int
        var own: Int
        var isGone = false
    }

    /// What a server has said and cannot take back before its window ends.
    struct Floor {
        var bucket: String
        var said: Int
        var heardAt: Int64
        var heardAs: Int
        var isGone = false
    }

    struct Call {
        var ticket: UInt64
        var lane: Int
        var weights: [String: Int]
        var leaving: [String: Int]
        var scopes: Set<String>
        var deadline: Int64?
    }

    let configuration: RateLimiterConfiguration
    var spendings: [Spending] = []
    var reports: [Report] = []
    var floors: [Floor] = []
    /// When the venue was to forget what a grant took of releasable buckets, as it seemed when its call ended.
    var forgotten: [Int: Int64] = [:]
    /// What was released, by bucket and the instant at which it counted.
    var freed: [String: [Int64: Int]] = [:]
    var events = 0
    /// An edge of the venue's fixed windows, and how far it may be off.
    var alignment: (edge: Int64, error: Int64)?
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
        let leaving = charge.leaving.filter { $0.value > 0 }
        let weights = leaving.mapValues { _ in 0 }.merging(charge.weights.filter { $0.value > 0 }) { $1 }
        for name in weights.keys { bucket(name).map { _ = all.insert($0.scope) } }
        let index = configuration.lanes.firstIndex(of: lane) ?? 0
        return Call(ticket: ticket, lane: index, weights: weights, leaving: leaving, scopes: all, deadline: deadline)
    }

    /// Why it can never go; nil where it can.
    func neverFits(_ call: Call) -> String? {
        for (name, weight) in call.weights.sorted(by: { $0.key < $1.key }) {
            guard let bucket = bucket(name) else { return "unknownBucket" }
            let most = (bucket.burst ?? bucket.capacity) - reservedAbove(call.lane, bucket)
            if weight > most { return "weightOverBurst" }
            if weight + (call.leaving[name] ?? 0) > bucket.capacity { return "cannotBeLeft" }
        }
        return nil
    }

    func isGated(_ call: Call, at now: Int64) -> Bool { call.scopes.contains { (gates[$0] ?? .min) > now } }

    func fits(_ call: Call, at now: Int64) -> Bool {
        if isGated(call, at: now) { return false }
        return call.weights.allSatisfy { name, weight in
            guard let bucket = bucket(name) else { return false }
            let needed = weight + max(reservedAbove(call.lane, bucket), call.leaving[name] ?? 0)
            if bucket.shape == .decay {
                let held = spendings.filter { $0.bucket == name && $0.settledAt == nil }.reduce(0) { $0 + $1.weight }
                // All together, as the server tells, and we alone, of whom it says nothing.
                let isShared = bucket.wholeCapacity > bucket.capacity
                return [(true, bucket.wholeCapacity), (!isShared, bucket.capacity)].allSatisfy { hears, most in
                    parts(of: bucket, at: now, hears: hears) + Int128(held + needed) * parts(in: bucket)
                        <= Int128(most) * parts(in: bucket)
                }
            }
            return said(of: bucket, at: now) + needed <= bucket.wholeCapacity
                && bounds(bucket).allSatisfy { length, most in
                    // What is to be left is left in the venue's window, not in the pieces inside it.
                    let kept = reservedAbove(call.lane, bucket)
                    let isWhole = length == bucket.window.wholeNanoseconds
                    let asked = isWhole ? needed : weight + kept
                    return sum(of: bucket, at: now, length: length) + asked <= most
                }
        }
    }

    /// What was used of a window of a length, and has neither left nor been released.
    func sum(of bucket: BucketConfiguration, at now: Int64, length: Int64) -> Int {
        // The pieces inside the venue's window do not end with it.
        let isWhole = length == bucket.window.wholeNanoseconds
        let counted = spendings.filter { spending in
            guard spending.bucket == bucket.name, !(isWhole && spending.isGone) else { return false }
            return !hasLeft(bucket, spending.settledAt ?? now, by: now, length: length)
        }
        let instants = isWhole ? Set(counted.compactMap(\.settledAt)) : []
        return counted.reduce(0) { $0 + $1.weight } - instants.reduce(0) { $0 + (freed[bucket.name]?[$1] ?? 0) }
    }

    /// What is believed to be used of a window.
    func used(of bucket: BucketConfiguration, at now: Int64) -> Int {
        max(sum(of: bucket, at: now, length: bucket.window.wholeNanoseconds), said(of: bucket, at: now))
    }

    mutating func align(edge: Int64, error: Int64, at now: Int64) {
        for bucket in configuration.buckets where bucket.shape == .fixed {
            let length = bucket.window.wholeNanoseconds
            for index in spendings.indices where spendings[index].bucket == bucket.name {
                guard let settledAt = spendings[index].settledAt else { continue }
                if hasLeft(bucket, settledAt, by: now, length: length) { spendings[index].isGone = true }
            }
            for index in reports.indices where reports[index].bucket == bucket.name {
                if hasLeft(bucket, reports[index].heardAt, by: now, length: length) { reports[index].isGone = true }
            }
            for index in floors.indices where floors[index].bucket == bucket.name {
                if hasLeft(bucket, floors[index].heardAt, by: now, length: length) { floors[index].isGone = true }
            }
        }
        alignment = (edge, error)
    }

    /// Whether what happened then can be in no window that is open at `now`: one length has passed, or an edge, surely.
    func hasLeft(_ bucket: BucketConfiguration, _ then: Int64, by now: Int64, length: Int64) -> Bool {
        if now - then >= length { return true }
        let isWhole = length == bucket.window.wholeNanoseconds
        guard now > then, bucket.shape == .fixed, isWhole, let (edge, error) = alignment else { return false }
        // Few edges lie so near: all are tried.
        let first = edge + (then - edge) / length * length - length
        return (0..<4).contains { step in
            let candidate = first + Int64(step) * length
            return candidate - error > then && candidate + error <= now
        }
    }

    /// What falls off a counter in a nanosecond: of what is ours, our share of it.
    func falls(_ bucket: BucketConfiguration, whole: Bool) -> Int128 {
        Int128(whole ? bucket.limit : bucket.limit * bucket.sharePerMille / 1_000)
    }

    func parts(in bucket: BucketConfiguration) -> Int128 { Int128(bucket.window.wholeNanoseconds) }

    /// The settled part of a counter that falls, played from the beginning.
    func parts(of bucket: BucketConfiguration, at now: Int64, hears: Bool = true) -> Int128 {
        var steps: [(order: Int, at: Int64, add: Int, raiseTo: Int)] = []
        let falls = falls(bucket, whole: hears)
        for spending in spendings where spending.bucket == bucket.name {
            guard let at = spending.settledAt else { continue }
            steps.append((spending.settledAs ?? events, at, spending.weight, 0))
        }
        for report in reports where hears && report.bucket == bucket.name {
            let since = spendings.filter { spending in
                guard spending.bucket == bucket.name, let settledAs = spending.settledAs else { return false }
                return settledAs > report.takenAs && settledAs < report.heardAs
            }
            let raised = report.said + since.reduce(0) { $0 + $1.weight } - report.own
            steps.append((report.heardAs, report.heardAt, 0, raised))
        }
        var level: Int128 = 0
        var last = Int64.min
        for step in steps.sorted(by: { ($0.at, $0.order) < ($1.at, $1.order) }) {
            level = max(0, level - (Int128(step.at) - Int128(last)) * falls)
            last = step.at
            level = max(level + Int128(step.add) * parts(in: bucket), Int128(step.raiseTo) * parts(in: bucket))
        }
        return max(0, level - (Int128(now) - Int128(last)) * falls)
    }

    /// What the server said, with all of ours that it may not have seen; 0 where no word of it counts any more.
    func said(of bucket: BucketConfiguration, at now: Int64) -> Int {
        let length = bucket.window.wholeNanoseconds
        let heard = reports.filter { $0.bucket == bucket.name }
        let standing = heard.filter { report in
            !report.isGone && !hasLeft(bucket, report.heardAt, by: now, length: length)
                && !heard.contains { $0.heardAs > report.heardAs && $0.grantedAt >= report.heardAt }
        }
        let counts = standing.map { report in
            let unseen = spendings.filter { spending in
                spending.bucket == bucket.name && spending.takenAs != report.takenAs
                    && (spending.settledAs ?? .max) > report.takenAs
            }
            return report.said + unseen.reduce(0) { $0 + $1.weight }
        }
        return max(counts.max() ?? 0, floor(of: bucket, at: now))
    }

    /// What the server cannot count less than, with all that was taken since it said so; 0 where there is no such word.
    func floor(of bucket: BucketConfiguration, at now: Int64) -> Int {
        let length = bucket.window.wholeNanoseconds
        let standing = floors.filter { floor in
            floor.bucket == bucket.name && !floor.isGone && !hasLeft(bucket, floor.heardAt, by: now, length: length)
        }
        let counts = standing.map { floor in
            let newer = spendings.filter { $0.bucket == bucket.name && $0.takenAs > floor.heardAs }
            return floor.said + newer.reduce(0) { $0 + $1.weight }
        }
        return counts.max() ?? 0
    }

    /// Whether no window of the venue can have begun between two instants.
    func isOneWindow(_ bucket: BucketConfiguration, _ first: Int64, _ last: Int64) -> Bool {
        guard bucket.shape == .fixed, let (edge, error) = alignment else { return false }
        let length = bucket.window.wholeNanoseconds
        return !((first - error + 1)..<(last + error + 1)).contains { ($0 - edge) % length == 0 }
    }

    /// Tries every instant at which anything changes.
    func earliest(_ call: Call, from now: Int64) -> Int64 {
        var instants = Set([now]).union(gates.values)
        for spending in spendings {
            guard let bucket = bucket(spending.bucket) else { continue }
            for (length, _) in bounds(bucket) { instants.insert((spending.settledAt ?? now) + length) }
        }
        if let (edge, error) = alignment {
            for bucket in configuration.buckets where bucket.shape == .fixed {
                let length = bucket.window.wholeNanoseconds
                let near = edge + (now - edge) / length * length
                for step in Int64(-3)...4 { instants.insert(near + step * length + error) }
            }
        }
        for report in reports {
            bucket(report.bucket).map { _ = instants.insert(report.heardAt + $0.window.wholeNanoseconds) }
        }
        for (name, weight) in call.weights {
            guard let bucket = bucket(name), bucket.shape == .decay else { continue }
            let left = max(reservedAbove(call.lane, bucket), call.leaving[name] ?? 0)
            for isWhole in [true, false] {
                instants.insert(fallen(bucket, for: weight + left, from: now, isWhole: isWhole))
            }
        }
        // No call under way ends by itself: it is asked as if all of them ended now.
        var ended = self
        for index in spendings.indices where spendings[index].settledAt == nil {
            ended.spendings[index].settledAt = now
            ended.spendings[index].settledAs = events + 1
        }
        return instants.filter { $0 >= now }.sorted().first { instant in
            fits(call, at: instant) || (instant > now && ended.fits(call, at: instant))
        } ?? .max
    }

    /// When a counter has fallen so far that so much fits, were all calls to end now; found by halving.
    func fallen(_ bucket: BucketConfiguration, for needed: Int, from now: Int64, isWhole: Bool) -> Int64 {
        let held = spendings.filter { $0.bucket == bucket.name && $0.settledAt == nil }.reduce(0) { $0 + $1.weight }
        let most = Int128((isWhole ? bucket.wholeCapacity : bucket.capacity) - needed) * parts(in: bucket)
        let hears = isWhole || bucket.wholeCapacity == bucket.capacity
        let level = parts(of: bucket, at: now, hears: hears) + Int128(held) * parts(in: bucket)
        var (low, high) = (now - 1, now + 100_000)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if level - Int128(middle - now) * falls(bucket, whole: hears) <= most {
                high = middle
            } else {
                low = middle
            }
        }
        return high
    }

    /// True where the second may not go before the first, which waits.
    func share(_ first: Call, _ second: Call) -> Bool {
        (first.lane < second.lane && !first.scopes.isDisjoint(with: second.scopes))
            || !Set(first.weights.keys).isDisjoint(with: second.weights.keys)
    }

    var inOrder: [Call] { waiting.sorted { ($0.lane, $0.ticket) < ($1.lane, $1.ticket) } }

    func isBehind(_ call: Call) -> Bool { waiting.contains { $0.lane <= call.lane && share($0, call) } }

    mutating func take(_ call: Call, at now: Int64) -> Int {
        grants += 1
        events += 1
        let isHeld = configuration.holdsUntilSettled
        for (name, weight) in call.weights {
            spendings.append(
                Spending(
                    grant: grants, bucket: name, weight: weight, at: now, settledAt: isHeld ? nil : now,
                    takenAs: events, settledAs: isHeld ? nil : events))
        }
        if !isHeld { noteEnd(of: grants, at: now) }
        return grants
    }

    private mutating func noteEnd(of grant: Int, at now: Int64) {
        let ends = spendings.filter { $0.grant == grant }.compactMap { spending in
            bucket(spending.bucket).flatMap { bucket -> Int64? in
                let length = bucket.window.wholeNanoseconds
                guard bucket.isReleasable else { return nil }
                return (now...(now + length)).first { hasLeft(bucket, now, by: $0, length: length) }
            }
        }
        forgotten[grant] = ends.max()
    }

    /// The venue has stopped counting what a grant took: of what it still counts, as much of the oldest is free.
    mutating func free(_ grant: Int, at now: Int64) -> Bool {
        guard let until = forgotten.removeValue(forKey: grant), until > now else { return false }
        for spending in spendings where spending.grant == grant {
            guard let bucket = bucket(spending.bucket), bucket.isReleasable else { continue }
            let length = bucket.window.wholeNanoseconds
            let counted = spendings.filter { other in
                guard other.bucket == bucket.name, !other.isGone, let at = other.settledAt else { return false }
                return !hasLeft(bucket, at, by: now, length: length)
            }
            guard counted.contains(where: { $0.grant == grant }) else { continue }
            var left = spending.weight
            for at in Set(counted.compactMap(\.settledAt)).sorted() {
                let there = counted.filter { $0.settledAt == at }.reduce(0) { $0 + $1.weight }
                let part = min(left, there - (freed[bucket.name]?[at] ?? 0))
                freed[bucket.name, default: [:]][at, default: 0] += part
                left -= part
            }
        }
        return true
    }

    /// Forgets what the test says was never used.
    mutating func giveBack(where isGivenBack: (Spending) -> Bool) {
        for spending in spendings.filter(isGivenBack) { forgotten[spending.grant] = nil }
        spendings.removeAll(where: isGivenBack)
        for (name, parts) in freed {
            for (at, part) in parts {
                let there = spendings.filter { $0.bucket == name && $0.settledAt == at }.reduce(0) { $0 + $1.weight }
                freed[name]?[at] = min(part, there)
            }
        }
    }

    mutating func settle(_ grant: Int, at now: Int64) {
        let isOpen = spendings.contains { $0.grant == grant && $0.settledAt == nil }
        defer { if isOpen { noteEnd(of: grant, at: now) } }
        events += 1
        for index in spendings.indices where spendings[index].grant == grant && spendings[index].settledAt == nil {
            spendings[index].settledAt = now
            spendings[index].settledAs = events
        }
    }

    /// The server's count in its answer to a call that is under way.
    mutating func report(_ bucket: String, said: Int, answering grant: Int, at now: Int64) {
        events += 1
        guard let call = spendings.first(where: { $0.grant == grant }) else { return }
        let own = spendings.first { $0.grant == grant && $0.bucket == bucket }?.weight ?? 0
        reports.append(
            Report(
                bucket: bucket, said: said, heardAt: now, heardAs: events, grantedAt: call.at, takenAs: call.takenAs,
                own: own))
        guard let counter = self.bucket(bucket), !counter.isReleasable, isOneWindow(counter, call.at, now)
        else { return }
        floors.append(Floor(bucket: bucket, said: said, heardAt: now, heardAs: events))
    }

    mutating func drain(_ now: Int64) {
        let overdue = waiting.filter { ($0.deadline ?? .max) <= now }
            .sorted { ($0.deadline ?? 0, $0.ticket) < ($1.deadline ?? 0, $1.ticket) }
        for call in overdue {
            let until = earliest(call, from: now)
            release(call, "deadlineExceeded \(until > now ? String(until) : "nil")")
        }
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
        if let reason = neverFits(call) { return reason }
        if let deadline = call.deadline, earliest(call, from: now) >= deadline { return "deadlineExceeded" }
        if !isBehind(call), fits(call, at: now) { return "granted \(take(call, at: now))" }
        if waiting.count >= configuration.maximumWaiters {
            guard let last = inOrder.last, last.lane > call.lane else { return "queueFull" }
            release(last, "shed")
        }
        waiting.append(call)
        return "waiting"
    }

    /// Plays it out with nobody else; nil where it is turned away.
    func waitTime(_ call: Call, at now: Int64) -> Int64? {
        var future = self
        future.released = []
        let answer = future.admit(call, at: now)
        if answer.hasPrefix("granted") { return 0 }
        guard answer == "waiting" else { return nil }
        for step in Int64(0)..<2_000 {
            future.drain(now + step)
            if future.released.contains(where: { $0.hasPrefix("\(call.ticket) granted") }) { return step }
        }
        return nil
    }

    mutating func tryAcquire(_ call: Call, at now: Int64) -> String {
        if let reason = neverFits(call) { return "\(reason) nil" }
        let isGated = isGated(call, at: now)
        if isBehind(call) { return isGated ? "gated nil" : "behindWaiters nil" }
        if fits(call, at: now) { return "granted \(take(call, at: now))" }
        return "\(isGated ? "gated" : "noTokens") \(earliest(call, from: now))"
    }
}
