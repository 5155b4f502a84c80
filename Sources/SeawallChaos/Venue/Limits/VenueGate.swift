internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

/// The door of a simulated venue: counts every request that arrives, says stop, and bans who does not listen.
///
/// A venue that says until when it stops counts what it refuses too, and refuses everything of the scope until then. One
/// that does not say judges each request by the counter alone, and does not count what it refuses.
struct VenueGate: Sendable {
    /// What the door sees of a request.
    struct Visitor: Sendable {
        var operation: BrokerOperation
        var symbol: Symbol?
        /// How old each of the orders is that it changes, where their age costs.
        var ages: [Duration] = []
        /// When the client sent it, by a clock that nobody steps.
        var sentAt: MonotonicInstant
    }

    private struct Standing: Sendable {
        var limitedUntil: MonotonicInstant?
        var bannedUntil: MonotonicInstant?
        var reason = RefusalReason.rateLimited
        /// True where the client was told until when.
        var isTold = true
        /// By when the client has heard of the limit or the ban; what it sent before ignores nothing.
        var heardAt: MonotonicInstant = .origin
        var ignored = 0
        var bans = 0
    }

    private static let longestBan = Duration.seconds(259_200)

    private let profile: VenueProfile
    private let requestsUntilBan: Int
    private let longestReply: Duration
    /// The symbols that have windows of their own.
    private let symbols: [Symbol]
    private let fresh: [LimitCounter]
    private let bans: Bool
    private let givesBack: Bool
    /// Of each limit, whether the client is told until when it is stopped.
    private let tellsWhen: [Bool]
    private var counters: [LimitCounter]
    private var standings: [LimitScope: Standing] = [:]
    private var spender: LimitSpender?

    init(
        profile: VenueProfile, configuration: SimulatedVenueConfiguration, symbols: [Symbol] = [],
        start: MonotonicInstant, civilStart: CivilInstant
    ) {
        self.profile = profile
        self.symbols = symbols
        requestsUntilBan = configuration.requestsUntilBan
        longestReply = configuration.replyLatency.upperBound
        fresh = profile.limits.filter { $0.counts != .open }.map {
            LimitCounter($0, start: start, civilStart: civilStart)
        }
        counters = fresh
        tellsWhen = fresh.map { counter in
            profile.wordings[VenueGate.reason(of: counter.rule)].map { $0.retryAfter != .none } ?? true
        }
        bans = profile.wordings[.banned] != nil
        givesBack = profile.limits.contains(where: \.releasesOnFill)
    }

    /// Counts a request; the refusal where it came into a ban, into a limit, or was the one too many.
    mutating func admit(_ visitor: Visitor, at now: MonotonicInstant) -> Refusal? {
        letOthersSpend(at: now)
        let costs = costs(of: visitor)
        let weights = counters.map { costs[$0.rule.name] ?? 0 }
        for index in counters.indices where weights[index] > 0 && tellsWhen[index] {
            counters[index].charge(weights[index], symbol: visitor.symbol, at: now)
        }
        if !standings.isEmpty, let refusal = refusalOfStandings(weights, visitor, at: now) { return refusal }
        for index in counters.indices where weights[index] > 0 {
            let (isTold, weight) = (tellsWhen[index], weights[index])
            let used = counters[index].used(symbol: visitor.symbol, at: now) + (isTold ? 0 : weight)
            if used > counters[index].rule.limit {
                let opening = counters[index].opening(for: weight, symbol: visitor.symbol, at: now)
                return limited(index, until: opening, visitor, at: now)
            }
        }
        for index in counters.indices where weights[index] > 0 && !tellsWhen[index] {
            counters[index].charge(weights[index], symbol: visitor.symbol, at: now)
        }
        return nil
    }

    /// Gives back what the place of an order cost that has begun to fill, where the venue does that.
    mutating func release(_ release: OrderRelease, at now: MonotonicInstant) {
        guard givesBack else { return }
        let costs = profile.costs[.place] ?? [:]
        for index in counters.indices where counters[index].rule.releasesOnFill {
            guard let weight = costs[counters[index].rule.name], weight > 0 else { continue }
            counters[index].giveBack(weight, symbol: release.symbol, chargedAt: release.chargedAt, at: now)
        }
    }

    /// Lets another process spend a share of every window until `end`, in place of one that there was.
    mutating func spend(perMille: Int, until end: MonotonicInstant, at now: MonotonicInstant) {
        spender = LimitSpender(perMille: perMille, until: end, own: fresh)
        letOthersSpend(at: now)
    }

    /// How much of each limit is used, in the order of the profile; of limits for each symbol, the most.
    mutating func usage(at now: MonotonicInstant, open: Int, openOfOne: Int) -> [LimitUsage] {
        letOthersSpend(at: now)
        return profile.limits.map { rule in
            let used = counters.first { $0.rule.name == rule.name }?.mostUsed(at: now)
            let opened = rule.isPerSymbol ? openOfOne : open
            return LimitUsage(name: rule.name, used: used ?? opened, limit: rule.limit)
        }
    }

    /// The headers of an answer to a call about a symbol: how much of each limit is used.
    func headers(symbol: Symbol?, at now: MonotonicInstant) -> [String: String] {
        var headers: [String: String] = [:]
        for counter in counters {
            if let name = profile.usageHeaders[counter.rule.name] {
                headers[name] = String(counter.used(symbol: symbol, at: now))
            }
            for rule in profile.limitHeaders where rule.limit == counter.rule.name {
                headers[rule.header] = value(of: rule.meaning, counter, symbol, at: now)
            }
        }
        return headers
    }

    /// What a header says of a limit; a window is told to begin anew in whole seconds, rounded up.
    private func value(
        of meaning: UsageHeader.Meaning, _ counter: LimitCounter, _ symbol: Symbol?, at now: MonotonicInstant
    ) -> String {
        let limit = counter.rule.limit
        let used = counter.used(symbol: symbol, at: now)
        let opening = counter.opening(for: limit, symbol: symbol, at: now)
        let reset = wholeSeconds(now.duration(to: opening)).wholeNanoseconds / 1_000_000_000
        switch meaning {
        case .used: return String(used)
        case .remaining: return String(max(0, limit - used))
        case .reset: return String(reset)
        case .combined: return "limit=\(limit), remaining=\(max(0, limit - used)), reset=\(reset)"
        }
    }

    private func costs(of visitor: Visitor) -> [String: Int] {
        let without = visitor.symbol == nil ? profile.costsWithoutSymbol[visitor.operation] : nil
        var costs = without ?? profile.costs[visitor.operation] ?? [:]
        guard !visitor.ages.isEmpty, let table = profile.costsByAge[visitor.operation] else { return costs }
        for (name, steps) in table {
            for age in visitor.ages {
                guard let step = steps.first(where: { age < $0.under }) else { continue }
                costs[name, default: 0] = costs[name, default: 0].addingSaturating(step.cost)
            }
        }
        return costs
    }

    private static func reason(of rule: LimitRule) -> RefusalReason {
        rule.counts == .order ? .orderRateLimited : .rateLimited
    }

    /// The other process is asked whenever somebody looks, which nobody can tell from one that spends all the time.
    ///
    /// It listens to limits and bans, its own or ours.
    private mutating func letOthersSpend(at now: MonotonicInstant) {
        guard var other = spender else { return }
        guard now < other.until else {
            spender = nil
            return
        }
        for index in counters.indices {
            let places: [Symbol?] = counters[index].rule.isPerSymbol ? symbols : [nil]
            for symbol in places where !isShut(counters[index].scope(of: symbol), at: now) {
                let weight = other.spend(on: counters[index], number: index, symbol: symbol, at: now)
                if weight > 0 { counters[index].charge(weight, symbol: symbol, at: now) }
            }
        }
        spender = other
    }

    private func isShut(_ scope: LimitScope, at now: MonotonicInstant) -> Bool {
        for standing in [standings[scope], standings[.ip]] {
            if let end = standing?.limitedUntil, now < end { return true }
            if let end = standing?.bannedUntil, now < end { return true }
        }
        return false
    }
}

extension VenueGate {
    /// The refusal of a request that came into a ban or into a limit whose end the client was told.
    private mutating func refusalOfStandings(
        _ weights: [Int], _ visitor: Visitor, at now: MonotonicInstant
    ) -> Refusal? {
        let charged = counters.indices.filter { weights[$0] > 0 }
        // Every request comes from an address.
        let scopes = Set([.ip] + charged.map { counters[$0].scope(of: visitor.symbol) }).sorted()
        for scope in scopes {
            if let until = standings[scope]?.bannedUntil, now < until { return ignored(scope, visitor, at: now) }
        }
        for scope in scopes {
            guard let standing = standings[scope], standing.isTold, let until = standing.limitedUntil else { continue }
            if now < until { return ignored(scope, visitor, at: now) }
        }
        for scope in scopes {
            guard let standing = standings[scope], standing.isTold || standing.limitedUntil.map({ $0 <= now }) ?? true
            else { continue }
            standings[scope]?.limitedUntil = nil
            standings[scope]?.ignored = 0
        }
        return nil
    }

    private mutating func limited(
        _ index: Int, until: MonotonicInstant, _ visitor: Visitor, at now: MonotonicInstant
    ) -> Refusal {
        let isTold = tellsWhen[index]
        let scope = counters[index].scope(of: visitor.symbol)
        if !isTold, let end = standings[scope]?.limitedUntil, now < end { return ignored(scope, visitor, at: now) }
        var standing = standings[scope] ?? Standing()
        // What is told is told in whole seconds, and holds as told.
        let until = isTold ? now.advanced(by: wholeSeconds(now.duration(to: until))) : until
        standing.limitedUntil = until
        standing.isTold = isTold
        standing.reason = VenueGate.reason(of: counters[index].rule)
        standing.heardAt = now.advanced(by: longestReply)
        standings[scope] = standing
        return refusal(scope, standing.reason, until: until, isBan: false)
    }

    /// A request that came into a limit or a ban: the first few are refused again, then it is a ban, or a longer one.
    private mutating func ignored(_ scope: LimitScope, _ visitor: Visitor, at now: MonotonicInstant) -> Refusal {
        var standing = standings[scope] ?? Standing()
        defer { standings[scope] = standing }
        if visitor.sentAt >= standing.heardAt { standing.ignored += 1 }
        if bans, standing.ignored >= requestsUntilBan {
            standing.ignored = 0
            standing.bans += 1
            var length = profile.defaultBan
            for _ in 1..<standing.bans where length < VenueGate.longestBan { length = length * 2 }
            length = min(max(length, .seconds(1)), VenueGate.longestBan)
            let until = now.advanced(by: wholeSeconds(length))
            standing.bannedUntil = max(standing.bannedUntil ?? until, until)
            standing.heardAt = now.advanced(by: longestReply)
        }
        if let until = standing.bannedUntil, now < until { return refusal(scope, .banned, until: until, isBan: true) }
        return refusal(scope, standing.reason, until: standing.limitedUntil ?? now, isBan: false)
    }

    private func refusal(
        _ scope: LimitScope, _ reason: RefusalReason, until: MonotonicInstant, isBan: Bool
    ) -> Refusal {
        Refusal(reason, limit: Refusal.Limit(scope: scope, until: until, isBan: isBan))
    }

    private func wholeSeconds(_ duration: Duration) -> Duration {
        let nanoseconds = max(0, duration.wholeNanoseconds)
        return .seconds(nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0))
    }
}
