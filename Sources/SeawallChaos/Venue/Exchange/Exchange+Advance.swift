internal import SeawallBroker
internal import SeawallTime

extension Exchange {
    /// What the exchange has to do by itself next.
    private enum Due {
        case mode
        case expiry
        case timer(Int)
        case price(Int)
    }

    /// The next instant at which something may happen without a request, or nil where nothing waits for anything.
    var nextInstant: MonotonicInstant? { nextDue()?.at }

    /// Lives on to `instant`: prices move, orders run out and fill, timers go off, each at its own instant and in order.
    ///
    /// A market that nobody waits for jumps to its present price. Complexity: the points of price between for markets
    /// with working orders or listeners.
    mutating func advance(to instant: MonotonicInstant) {
        while let due = nextDue(), due.at <= instant {
            clock = max(clock, due.at)
            switch due.what {
            case .mode: endMode()
            case .expiry: expireDue()
            case .timer(let market): fireTimer(market)
            case .price(let step): move(to: step, isLast: false)
            }
        }
        clock = max(clock, instant)
        let step = step(at: clock)
        move(to: step, isLast: true)
    }

    private func step(at instant: MonotonicInstant) -> Int {
        let passed = start.duration(to: instant).wholeNanoseconds
        return Int(max(0, passed) / Exchange.pointInterval.wholeNanoseconds)
    }

    private func instant(ofStep step: Int) -> MonotonicInstant {
        let passed = Exchange.pointInterval.wholeNanoseconds.multipliedSaturating(by: Int64(step))
        return start.advanced(by: .nanoseconds(passed))
    }

    /// What time ends comes before what a price of the same instant does.
    private func nextDue() -> (at: MonotonicInstant, what: Due)? {
        var next: (at: MonotonicInstant, what: Due)?
        if let modeEndsAt { next = (modeEndsAt, .mode) }
        if let nextExpiry, next.map({ nextExpiry < $0.at }) ?? true { next = (nextExpiry, .expiry) }
        for index in markets.indices {
            if let timer = markets[index].timer, next.map({ timer < $0.at }) ?? true { next = (timer, .timer(index)) }
        }
        for index in markets.indices where markets[index].isActive {
            let step = markets[index].walk.step + 1
            let at = instant(ofStep: step)
            if next.map({ at < $0.at }) ?? true { next = (at, .price(step)) }
        }
        return next
    }

    /// Moves prices to the point `step`: of the active markets on the way, of all of them at the end of it.
    private mutating func move(to step: Int, isLast: Bool) {
        for index in markets.indices where markets[index].walk.step < step && (isLast || markets[index].isActive) {
            markets[index].walk.move(to: step)
            markets[index].renewLiquidity(percent: configuration.liquidity.volumePercent)
            if markets[index].watchers > 0, !markets[index].walk.hasEnded {
                outputs.append(.ticker(ticker(index), at: clock))
            }
            match(index)
        }
    }

    private mutating func endMode() {
        modeEndsAt = nil
        status = VenueStatus(mode: .online)
    }

    private mutating func expireDue() {
        var next: MonotonicInstant?
        for index in markets.indices {
            for id in markets[index].working {
                guard case .goodTillDate(let end) = orders[id - 1].timeInForce else { continue }
                let at = monotonic(end)
                if at <= clock {
                    finish(id, .expired, request: nil)
                } else {
                    next = min(next ?? at, at)
                }
            }
        }
        nextExpiry = next
    }
}
