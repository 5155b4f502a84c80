internal import Seawall

/// One limit as the judge counts it: what our requests cost, by when they arrived at the venue.
struct JudgedWindow: Sendable {
    private struct Charge: Sendable {
        var at: MonotonicInstant
        var weight: Int
        /// What gives it back: the request that was charged.
        var request: String
    }

    private let rule: LimitRule
    private let civilAtZero: CivilInstant
    private var charges: [Charge] = []
    /// How many of the first charges count no more.
    private var forgotten = 0
    /// What the others add up to.
    private var sum = 0
    /// Of a fixed shape, the number of the window.
    private var window: Int64?
    /// Of a decaying shape, the counter in billionths at its last charge.
    private var level: Int128 = 0
    private var levelAt = MonotonicInstant.origin

    init(_ rule: LimitRule, civilAtZero: CivilInstant) {
        self.rule = rule
        self.civilAtZero = civilAtZero
    }

    /// Counts a request that arrives; returns how much is used from then on.
    mutating func charge(_ weight: Int, at now: MonotonicInstant, request: String) -> Int {
        forget(at: now)
        switch rule.shape {
        case .rolling, .fixed:
            charges.append(Charge(at: now, weight: weight, request: request))
            sum = sum.addingSaturating(weight)
            return sum
        case .decay:
            level += Int128(weight) * Self.billion
            return Int(clamping: (level + Self.billion - 1) / Self.billion)
        }
    }

    /// Gives back what a request was charged, the last time it was.
    mutating func release(_ request: String, at now: MonotonicInstant) {
        forget(at: now)
        guard let index = charges[forgotten...].lastIndex(where: { $0.request == request }) else { return }
        sum -= charges[index].weight
        charges[index].weight = 0
    }

    /// Takes back what was charged in this instant.
    mutating func takeBack(_ weight: Int, of request: String, at now: MonotonicInstant) {
        switch rule.shape {
        case .rolling, .fixed: release(request, at: now)
        case .decay:
            forget(at: now)
            level = max(0, level - Int128(weight) * Self.billion)
        }
    }

    /// Where a counter falls, somebody else has filled it up to `weight` at an instant no earlier than the last charge.
    mutating func lift(to weight: Int, at instant: MonotonicInstant) {
        guard rule.shape == .decay, instant >= levelAt else { return }
        forget(at: instant)
        level = max(level, Int128(weight) * Self.billion)
    }

    private static let billion: Int128 = 1_000_000_000

    /// Lets go of what counts no more at `now`: what arrived a whole window ago, or in an earlier window.
    private mutating func forget(at now: MonotonicInstant) {
        switch rule.shape {
        case .rolling:
            while forgotten < charges.count, charges[forgotten].at.advanced(by: rule.window) <= now {
                sum -= charges[forgotten].weight
                forgotten += 1
            }
            if forgotten > 1_000, forgotten * 2 > charges.count {
                charges.removeFirst(forgotten)
                forgotten = 0
            }
        case .fixed:
            let current = number(at: now)
            guard current != window else { return }
            window = current
            charges.removeAll(keepingCapacity: true)
            sum = 0
        case .decay:
            let fallen = Int128(levelAt.duration(to: now).wholeNanoseconds) * Int128(rule.decay)
            level = max(0, level - fallen)
            levelAt = now
        }
    }

    /// Which window of the venue's civil clock it is.
    private func number(at now: MonotonicInstant) -> Int64 {
        let length = max(1, rule.window.wholeNanoseconds)
        let civil = civilAtZero.advanced(by: MonotonicInstant.origin.duration(to: now)).nanosecondsSinceEpoch
        let sinceOffset = civil.subtractingSaturating(rule.offset.wholeNanoseconds)
        return sinceOffset >= 0 ? sinceOffset / length : (sinceOffset + 1) / length - 1
    }
}
