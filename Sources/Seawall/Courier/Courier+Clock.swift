internal import SeawallBroker
internal import SeawallRateLimit
internal import SeawallTime

extension Courier {
    /// How often the venue's time is asked for until an answer was quick enough and contradicts nothing.
    private static let clockReadings = 3

    /// An answer that took longer says too little.
    private static let quickEnough = Duration.seconds(1)

    /// Two answers that are further apart differ, of a clock that tells whole seconds, too.
    private static let apart = Duration.milliseconds(1_100)

    /// Reads the venue's clock, unless that is going on already; returns when that has ended, well or not.
    func readClock() async {
        guard clock.beginReading() else { return }
        defer { clock.endReading() }
        guard broker.capabilities.contains(.serverTime) else { return clock.tellUnreadable() }
        var isRead = false
        for _ in 0..<Self.clockReadings {
            if clock.isContested, (try? await environment.time.sleep(for: Self.apart)) == nil { return }
            let asked = Lock(MonotonicInstant.origin)
            var parcel = Parcel<CivilInstant>(
                BrokerCall(.time), lane: .resolve, origin: .library(episode: "clock"), timeout: clockTimeout
            ) { try await $0.serverTime() }
            parcel.lastLook = { now in
                asked.withLock { $0 = now }
                return nil
            }
            guard case .arrived(.answered(let venue)) = await carry(parcel) else { continue }
            let askedAt = asked.withLock { $0 }
            learnClock(venue, asked: askedAt)
            isRead = true
            if !clock.isContested, askedAt.duration(to: environment.time.now) <= Self.quickEnough { return }
        }
        if !isRead || clock.isContested { clock.tellUnreadable() }
    }

    /// Takes in an answer of the venue to the question for its time, for signatures and dates as for its windows.
    func learnClock(_ venue: CivilInstant, asked: MonotonicInstant) {
        clock.learn(venue, asked: asked)
        guard let reading = clock.windowReading else {
            // Whichever of two clocks is the venue's: windows may begin at any instant until that is known.
            return limiter.alignWindows(civil: venue, at: asked, within: Self.anyTime)
        }
        limiter.alignWindows(civil: reading.venue, at: reading.at, within: reading.error)
    }

    /// Longer than any window: an error that leaves nothing known of where one begins.
    private static let anyTime = Duration.seconds(366 * 86_400)

    /// Reads the venue's clock where it was not read yet, or not for long.
    func refreshClock() async {
        if clock.check(), broker.capabilities.contains(.serverTime) { await readClock() }
    }

    /// What the answer to a call says of the clocks.
    func noteClock(_ outcome: Outcome, of operation: BrokerOperation, sentAt: MonotonicInstant) {
        if outcome == .clockSkew {
            consequences.follow(clock.refused(sentAt: sentAt))
        } else if outcome == .succeeded, operation.isSigned {
            consequences.follow(clock.accepted(sentAt: sentAt))
        }
    }
}

extension BrokerOperation {
    /// True where venues want the request signed with a time.
    fileprivate var isSigned: Bool {
        switch self {
        case .ticker, .candles, .depth, .rules, .status, .time, .marketStream, .userStream: false
        case .place, .amend, .cancel, .cancelMany, .cancelAll, .query, .openOrders, .history, .fills, .balances,
            .positions, .preview, .timer, .fees, .permissions, .limits:
            true
        }
    }
}
