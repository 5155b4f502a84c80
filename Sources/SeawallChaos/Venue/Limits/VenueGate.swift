internal import SeawallBroker
internal import SeawallTime

/// The door of a simulated venue: counts every request that arrives, says stop, and bans who does not listen.
struct VenueGate: Sendable {
    private struct Standing: Sendable {
        var limitedUntil: MonotonicInstant?
        var bannedUntil: MonotonicInstant?
        var limitedByOrders = false
        /// By when the client has heard of the limit or the ban; what it sent before ignores nothing.
        var heardAt: MonotonicInstant = .origin
        var ignored = 0
        var bans = 0
    }

    private static let longestBan = Duration.seconds(259_200)

    private let profile: VenueProfile
    private let requestsUntilBan: Int
    private let longestReply: Duration
    private let civilStart: CivilInstant
    private let start: MonotonicInstant
    private var windows: [NaiveWindow]
    private var standings: [LimitScope: Standing] = [:]
    private var spender: LimitSpender?

    init(
        profile: VenueProfile, configuration: SimulatedVenueConfiguration, start: MonotonicInstant,
        civilStart: CivilInstant
    ) {
        self.profile = profile
        requestsUntilBan = configuration.requestsUntilBan
        longestReply = configuration.replyLatency.upperBound
        self.start = start
        self.civilStart = civilStart
        windows = profile.limits.filter { $0.counts != .open }.map {
            NaiveWindow($0, start: start, civilStart: civilStart)
        }
    }

    /// Counts a request; the refusal where it came into a ban, into a limit, or was the one too many.
    mutating func admit(
        _ operation: BrokerOperation, hasSymbol: Bool, sentAt: MonotonicInstant, at now: MonotonicInstant
    ) -> Refusal? {
        letOthersSpend(at: now)
        let without = hasSymbol ? nil : profile.costsWithoutSymbol[operation]
        let costs = without ?? profile.costs[operation] ?? [:]
        for index in windows.indices {
            if let weight = costs[windows[index].rule.name], weight > 0 { windows[index].charge(weight, at: now) }
        }
        let scopes = scopes(costs)
        for scope in scopes {
            if let until = standings[scope]?.bannedUntil, now < until { return ignored(scope, sentAt: sentAt, at: now) }
        }
        for scope in scopes {
            if let until = standings[scope]?.limitedUntil, now < until {
                return ignored(scope, sentAt: sentAt, at: now)
            }
        }
        for scope in scopes {
            standings[scope]?.limitedUntil = nil
            standings[scope]?.ignored = 0
        }
        for window in windows {
            guard let weight = costs[window.rule.name], weight > 0, window.used(at: now) > window.rule.limit else {
                continue
            }
            return limited(window.rule, until: window.opening(for: weight, at: now), at: now)
        }
        return nil
    }

    /// Lets another process spend a share of every window until `end`, in place of one that there was.
    mutating func spend(perMille: Int, until end: MonotonicInstant, at now: MonotonicInstant) {
        let none = windows.map { NaiveWindow($0.rule, start: start, civilStart: civilStart) }
        spender = LimitSpender(perMille: perMille, until: end, windows: none)
        letOthersSpend(at: now)
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
        for index in windows.indices where !isShut(windows[index].rule.scope, at: now) {
            let weight = other.spend(on: windows[index], number: index, at: now)
            if weight > 0 { windows[index].charge(weight, at: now) }
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

    /// How much of each limit is used, in the order of the profile.
    mutating func usage(at now: MonotonicInstant, open: Int) -> [LimitUsage] {
        letOthersSpend(at: now)
        return profile.limits.map { rule in
            let used = windows.first { $0.rule.name == rule.name }?.used(at: now) ?? open
            return LimitUsage(name: rule.name, used: used, limit: rule.limit)
        }
    }

    /// The headers of an answer: how much of each limit is used.
    func headers(at now: MonotonicInstant) -> [String: String] {
        var headers: [String: String] = [:]
        for window in windows {
            if let name = profile.usageHeaders[window.rule.name] { headers[name] = String(window.used(at: now)) }
        }
        return headers
    }

    private func scopes(_ costs: [String: Int]) -> [LimitScope] {
        // Every request comes from an address.
        var scopes: Set<LimitScope> = [.ip]
        for window in windows where (costs[window.rule.name] ?? 0) > 0 { scopes.insert(window.rule.scope) }
        return scopes.sorted()
    }

    private mutating func limited(_ rule: LimitRule, until: MonotonicInstant, at now: MonotonicInstant) -> Refusal {
        let seconds = wholeSeconds(now.duration(to: until))
        let until = now.advanced(by: .seconds(seconds))
        standings[rule.scope, default: Standing()].limitedUntil = until
        standings[rule.scope]?.limitedByOrders = rule.counts == .order
        standings[rule.scope]?.heardAt = now.advanced(by: longestReply)
        return refusal(rule.scope, until: until, seconds: seconds, isBan: false)
    }

    /// A request that came into a limit or a ban: the first few are refused again, then it is a ban, or a longer one.
    private mutating func ignored(_ scope: LimitScope, sentAt: MonotonicInstant, at now: MonotonicInstant) -> Refusal {
        var standing = standings[scope] ?? Standing()
        defer { standings[scope] = standing }
        if sentAt >= standing.heardAt { standing.ignored += 1 }
        if standing.ignored >= requestsUntilBan {
            standing.ignored = 0
            standing.bans += 1
            var length = profile.defaultBan
            for _ in 1..<standing.bans where length < VenueGate.longestBan { length = length * 2 }
            length = min(max(length, .seconds(1)), VenueGate.longestBan)
            let until = now.advanced(by: .seconds(wholeSeconds(length)))
            standing.bannedUntil = max(standing.bannedUntil ?? until, until)
            standing.heardAt = now.advanced(by: longestReply)
        }
        if let until = standing.bannedUntil, now < until {
            return refusal(scope, until: until, seconds: wholeSeconds(now.duration(to: until)), isBan: true)
        }
        let until = standing.limitedUntil ?? now
        return refusal(scope, until: until, seconds: wholeSeconds(now.duration(to: until)), isBan: false)
    }

    private func refusal(_ scope: LimitScope, until: MonotonicInstant, seconds: Int64, isBan: Bool) -> Refusal {
        let limit = Refusal.Limit(scope: scope, until: until, retryAfterSeconds: seconds, isBan: isBan)
        if isBan {
            let end = civilStart.advanced(by: start.duration(to: until)).millisecondsSinceEpoch
            return Refusal(
                status: 418, "-1003", "Way too many requests; IP banned until \(end).", limit: limit)
        }
        if standings[scope]?.limitedByOrders == true {
            return Refusal(status: 429, "-1015", "Too many new orders.", limit: limit)
        }
        return Refusal(status: 429, "-1003", "Too many requests.", limit: limit)
    }

    private func wholeSeconds(_ duration: Duration) -> Int64 {
        let nanoseconds = max(0, duration.wholeNanoseconds)
        return nanoseconds / 1_000_000_000 + (nanoseconds % 1_000_000_000 > 0 ? 1 : 0)
    }
}
