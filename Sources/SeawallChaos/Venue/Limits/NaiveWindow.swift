internal import SeawallBroker
internal import SeawallTime

/// One limit as the venue counts it: a list of what arrived, or one counter that falls, and nothing clever.
struct NaiveWindow: Sendable {
    private struct Charge: Sendable {
        var at: MonotonicInstant
        var weight: Int
    }

    let rule: LimitRule
    private let start: MonotonicInstant
    private let civilStart: CivilInstant
    /// What arrived, oldest first; empty for a counter that falls.
    private var charges: [Charge] = []
    /// The sum of the list.
    private var total = 0
    /// How high a falling counter stood, in billionths, when it was last charged.
    private var level: Int128 = 0
    private var levelAt: MonotonicInstant

    init(_ rule: LimitRule, start: MonotonicInstant, civilStart: CivilInstant) {
        self.rule = rule
        self.start = start
        self.civilStart = civilStart
        levelAt = start
    }

    mutating func charge(_ weight: Int, at now: MonotonicInstant) {
        guard rule.shape != .decay else { return shift(by: weight, at: now) }
        forget(before: now)
        charges.append(Charge(at: now, weight: weight))
        total += weight
    }

    /// Gives back what was charged at an instant, as far as it still counts; a falling counter is lowered now.
    mutating func giveBack(_ weight: Int, chargedAt instant: MonotonicInstant, at now: MonotonicInstant) {
        guard rule.shape != .decay else { return shift(by: -weight, at: now) }
        guard let index = charges.firstIndex(where: { $0.at == instant && $0.weight == weight }) else { return }
        charges.remove(at: index)
        total -= weight
    }

    /// How much is used; what arrived a whole window ago counts no more.
    func used(at now: MonotonicInstant) -> Int {
        if rule.shape == .decay { return Int(clamping: (level(at: now) + 999_999_999) / 1_000_000_000) }
        guard let begin = begin(of: now) else { return total }
        var used = total
        for charge in charges {
            if charge.at >= begin { break }
            used -= charge.weight
        }
        return used
    }

    /// The first instant at which `weight` more would be within the limit if nothing else came.
    func opening(for weight: Int, at now: MonotonicInstant) -> MonotonicInstant {
        switch rule.shape {
        case .fixed:
            return windowStart(now).advanced(by: rule.window)
        case .rolling:
            var left = used(at: now)
            for charge in charges where charge.at.advanced(by: rule.window) > now {
                if left + weight <= rule.limit { break }
                left -= charge.weight
                if left + weight <= rule.limit { return charge.at.advanced(by: rule.window) }
            }
            return now.advanced(by: rule.window)
        case .decay:
            let excess = level(at: now) + Int128(min(weight, rule.limit) - rule.limit) * 1_000_000_000
            let wait = (max(0, excess) + Int128(rule.decay) - 1) / Int128(rule.decay)
            return now.advanced(by: .nanoseconds(Int64(clamping: wait)))
        }
    }

    /// The first instant that counts in the window of `now`; nil where everything in the list does.
    private func begin(of now: MonotonicInstant) -> MonotonicInstant? {
        guard let first = charges.first else { return nil }
        switch rule.shape {
        case .rolling:
            return first.at.advanced(by: rule.window) > now
                ? nil : now.advanced(by: .nanoseconds(1)).advanced(by: .zero - rule.window)
        case .fixed:
            let begin = windowStart(now)
            return first.at >= begin ? nil : begin
        case .decay:
            return nil
        }
    }

    /// Where the fixed window of `now` began, on the venue's civil clock.
    private func windowStart(_ now: MonotonicInstant) -> MonotonicInstant {
        let window = rule.window.wholeNanoseconds
        let civil = civilStart.advanced(by: start.duration(to: now)).nanosecondsSinceEpoch
        let sinceOffset = civil.subtractingSaturating(rule.offset.wholeNanoseconds)
        let rest = ((sinceOffset % window) + window) % window
        return now.advanced(by: .nanoseconds(-rest))
    }

    /// The counter of a decaying limit, in billionths.
    private func level(at now: MonotonicInstant) -> Int128 {
        max(0, level - Int128(levelAt.duration(to: now).wholeNanoseconds) * Int128(rule.decay))
    }

    private mutating func shift(by weight: Int, at now: MonotonicInstant) {
        level = max(0, level(at: now) + Int128(weight) * 1_000_000_000)
        levelAt = max(levelAt, now)
    }

    private mutating func forget(before now: MonotonicInstant) {
        guard let begin = begin(of: now) else { return }
        let kept = charges.firstIndex { $0.at >= begin } ?? charges.count
        for charge in charges[..<kept] { total -= charge.weight }
        charges.removeSubrange(..<kept)
    }
}
