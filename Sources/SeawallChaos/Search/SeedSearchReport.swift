/// What a search came to.
public struct SeedSearchReport: Sendable {
    /// The seeds that were asked for.
    public let asked: Range<UInt64>

    /// The seeds that the report tells of: all that were asked for, or those up to the last that failed.
    public internal(set) var seeds: Range<UInt64>

    /// How many runs that were.
    public internal(set) var runs = 0

    /// The seeds that went wrong, in order.
    public internal(set) var failures: [SeedFailure] = []

    /// How many jobs ran, in the first run of each seed.
    public internal(set) var steps = 0

    /// How much virtual time passed, in the first run of each seed.
    public internal(set) var virtualElapsed = Duration.zero

    /// What happened in all first runs together, with how often each fault struck each operation (`lost_after place`).
    public internal(set) var counts = RunCounts()

    /// How often each promise was put to a decisive test.
    public internal(set) var checked: [Promise: Int] = [:]

    /// How often each promise was broken.
    public internal(set) var broken: [Promise: Int] = [:]

    /// What was missing for faults that were to strike and in no run did: `crash` and why, by the fault's name.
    public var hindrances: [String: String] {
        let struck = Set(counts.strikes.keys.map { $0.split(separator: " ").dropLast().joined(separator: " ") })
        return missing.filter { !struck.contains($0.key) }
    }

    private var missing: [String: String] = [:]

    /// What the detectors of the runs could not watch; nil where they watched everything.
    private var warning: String?

    /// A hash over the traces and records of all seeds in order: equal for equal searches and builds.
    public internal(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    /// How long the search took, in real time.
    public internal(set) var elapsed = Duration.zero

    /// How many threads ran.
    public let threads: Int

    init(asked: Range<UInt64>, threads: Int) {
        self.asked = asked
        self.threads = threads
        seeds = asked.lowerBound..<asked.lowerBound
    }

    mutating func add(_ result: SeedResult) {
        seeds = seeds.lowerBound..<(result.seed + 1)
        runs += result.runs
        steps += result.steps
        virtualElapsed += result.virtualElapsed
        counts.add(result.counts)
        checked.merge(result.checked, uniquingKeysWith: +)
        broken.merge(result.broken, uniquingKeysWith: +)
        for word in [result.hash, result.recordHash ?? 0] { hash = (hash ^ word) &* 0x0000_0100_0000_01b3 }
        missing.merge(result.hindrances, uniquingKeysWith: { first, _ in first })
        warning = warning ?? result.warning
        if let failure = result.failure { failures.append(failure) }
    }
}

extension RunCounts {
    fileprivate mutating func add(_ other: RunCounts) {
        requests += other.requests
        orders += other.orders
        fills += other.fills
        unknowns += other.unknowns
        alerts += other.alerts
        strikes.merge(other.strikes, uniquingKeysWith: +)
    }
}

extension SeedSearchReport: CustomStringConvertible {
    /// The figures, the promises, the faults and what they had to strike, what could not be watched, and every failure with
    /// the line that reproduces it.
    public var description: String {
        let promises = checked.sorted { $0.key < $1.key }.map { promise, count in
            "\(promise.rawValue) \(count) tested, \(broken[promise] ?? 0) broken"
        }
        let strikes = counts.strikes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        var lines: [String] = []
        lines.append(
            "\(seeds.clampedCount) seeds of \(asked.clampedCount), \(runs) runs on \(threads) threads in \(elapsed), "
                + "\(failures.count) failed, hash \(hash)")
        lines.append(
            "\(steps) steps, \(virtualElapsed) of virtual time; \(counts.requests) requests, \(counts.orders) orders, "
                + "\(counts.fills) fills, \(counts.unknowns) unknown, \(counts.alerts) alerts")
        lines.append("promises: " + (promises.isEmpty ? "none was tested" : promises.joined(separator: "; ")))
        lines.append("strikes: " + (strikes.isEmpty ? "none" : strikes.joined(separator: ", ")))
        let hindered = Dictionary(grouping: hindrances.keys.sorted()) { hindrances[$0] ?? "" }
        for (reason, faults) in hindered.sorted(by: { $0.key < $1.key }) {
            lines.append("nothing to strike: \(faults.joined(separator: ", ")): \(reason)")
        }
        if let warning { lines.append(warning) }
        if !HashingOrder.isDeterministic {
            lines.append("hashing is random in this process; two equal runs are the proof")
        }
        lines += failures.map(\.description)
        return lines.joined(separator: "\n")
    }
}
