internal import SeawallBroker
internal import SeawallTime

/// One limit as the venue counts it: a list of what arrived, and nothing clever.
struct NaiveWindow: Sendable {
    private struct Charge: Sendable {
        var at: MonotonicInstant
        var weight: Int
    }

    let rule: LimitRule
    private let start: MonotonicInstant
    private let civilStart: CivilInstant
    private var charges: [Charge] = []

    init(_ rule: LimitRule, start: MonotonicInstant, civilStart: CivilInstant) {
        self.rule = rule
        self.start = start
        self.civilStart = civilStart
    }

    mutating func charge(_ weight: Int, at now: MonotonicInstant) {
        forget(before: now)
        charges.append(Charge(at: now, weight: weight))
    }

    /// How much is used; what arrived a whole window ago counts no more.
    func used(at now: MonotonicInstant) -> Int {
        switch rule.shape {
        case .rolling:
            charges.reduce(0) { $1.at.advanced(by: rule.window) > now ? $0 + $1.weight : $0 }
        case .fixed:
            charges.reduce(0) { [begin = windowStart(now)] in $1.at >= begin ? $0 + $1.weight : $0 }
        case .decay:
            Int(clamping: (level(at: now) + 999_999_999) / 1_000_000_000)
        }
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

    /// Where the fixed window of `now` began, on the venue's civil clock.
    private func windowStart(_ now: MonotonicInstant) -> MonotonicInstant {
        let window = rule.window.wholeNanoseconds
        let civil = civilStart.advanced(by: start.duration(to: now)).nanosecondsSinceEpoch
        let sinceOffset = civil.subtractingSaturating(rule.offset.wholeNanoseconds)
        let rest = ((sinceOffset % window) + window) % window
        return now.advanced(by: .nanoseconds(-rest))
    }

    /// The counter of a decaying limit in billionths, played again from the first charge that still matters.
    private func level(at now: MonotonicInstant) -> Int128 {
        var level: Int128 = 0
        var last = charges.first?.at ?? now
        for charge in charges {
            level = fallen(level, from: last, to: charge.at) + Int128(charge.weight) * 1_000_000_000
            last = charge.at
        }
        return fallen(level, from: last, to: now)
    }

    private func fallen(_ level: Int128, from: MonotonicInstant, to: MonotonicInstant) -> Int128 {
        max(0, level - Int128(from.duration(to: to).wholeNanoseconds) * Int128(rule.decay))
    }

    private mutating func forget(before now: MonotonicInstant) {
        switch rule.shape {
        case .rolling:
            drop(while: { [window = rule.window] in $0.at.advanced(by: window) <= now })
        case .fixed:
            drop(while: { [begin = windowStart(now)] in $0.at < begin })
        case .decay:
            if level(at: now) == 0 { charges = [] }
        }
    }

    private mutating func drop(while isOld: (Charge) -> Bool) {
        let kept = charges.firstIndex { !isOld($0) } ?? charges.count
        if kept > 0 { charges.removeSubrange(0..<kept) }
    }
}
