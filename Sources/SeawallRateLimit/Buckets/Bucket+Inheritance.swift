internal import SeawallTime

extension Bucket {
    /// The same counter under another configuration, with all that is known of its use.
    ///
    /// Where it remembers longer than this one did, what may have been used before is taken as it is from a predecessor.
    func reconfigured(_ other: BucketConfiguration, lanes: [Lane], clock: VenueClock?, now: Int64) -> Bucket {
        var made = Bucket(other, key: key, lanes: lanes)
        made.madeAfter = madeAfter
        made.align(clock)
        made.taken = taken
        made.settled = settled
        made.returned = returned
        made.reports = ServerReports(window: made.reports.window, alignment: made.reports.alignment, said: reports)
        let spent = spendings(now: now)
        for (instant, amount) in spent {
            made.window?.add(amount, at: instant)
            made.pace?.add(amount, at: instant)
        }
        made.level = level.flatMap { made.level?.taking($0) } ?? made.level
        made.wholeLevel = (wholeLevel ?? level).flatMap { made.wholeLevel?.taking($0) } ?? made.wholeLevel
        let sum = spent.reduce(0) { $0.addingSaturating($1.amount) }
        if level == nil {
            made.level?.add(sum)
            made.wholeLevel?.add(sum)
        }
        made.window?.hold(held)
        if level == nil {
            made.level?.hold(held)
            made.wholeLevel?.hold(held)
        }
        made.pace?.hold(held)
        // What has left does not come back under a longer memory, nor what cannot be told apart in the new form.
        let gone = window?.gone ?? now
        made.window?.forget(by: gone)
        made.pace?.forget(by: gone)
        let remembersAll = configuration.remembersAll(of: other)
        if level == nil || !remembersAll {
            made.level?.forget(by: now)
            made.wholeLevel?.forget(by: now)
        }
        made.expire(now)
        // Without a share, or in a window, what all have used stands with what the server says.
        if let wholeLevel, made.wholeLevel == nil {
            made.raise(to: wholeLevel.total - held, answering: nil, grantedAt: nil, now: now, word: nil)
        }
        if !remembersAll { made.assumePredecessor(since: now) }
        return made
    }

    /// Takes the venue's clock as the one that its fixed windows begin by; nil where it is not known.
    mutating func align(_ clock: VenueClock?) {
        guard configuration.shape == .fixed else { return }
        let alignment = clock.map { clock in
            WindowAlignment(
                length: reports.window, offset: configuration.offset.wholeNanoseconds, civil: clock.civil,
                at: clock.instant, error: clock.error)
        }
        window?.alignment = alignment
        reports.alignment = alignment
    }

    /// Counts as used what a process of the same configuration may have used until `instant`: only what its capacity
    /// left of the limit is free, and a fifth of the capacity in any case.
    mutating func assumePredecessor(since instant: Int64) {
        let spare = max(marginLeft, capacity / 5, 1)
        leave(spare, since: instant)
    }

    /// Counts as used what may have been used before `instant`.
    mutating func assume(_ predecessor: Predecessor, since instant: Int64) {
        switch predecessor {
        case .none: break
        case .unknown: assumePredecessor(since: instant)
        case .restarted(let count):
            let spare = marginLeft
            leave(count >= Int.bitWidth - 1 ? 0 : spare >> count, since: instant)
        }
    }

    private mutating func leave(_ spare: Int, since instant: Int64) {
        expire(instant)
        guard level == nil else {
            level?.raise(to: max(0, capacity.subtractingSaturating(spare)))
            return
        }
        // Whoever was before had the same share: the room is ours, whatever the others may use of theirs.
        raise(
            to: max(0, wholeCapacity.subtractingSaturating(spare)), answering: nil, grantedAt: nil, now: instant,
            word: nil)
    }

    /// Our share of what the margin leaves of the limit.
    private var marginLeft: Int {
        let left = max(0, configuration.limit.subtractingSaturating(wholeCapacity))
        return Int(clamping: Int128(left) * Int128(configuration.sharePerMille) / 1_000)
    }

    /// What was used and has not left, by instant; of a counter that falls, all at once.
    func spendings(now: Int64) -> [(instant: Int64, amount: Int)] {
        window?.spendings ?? [(now, max(0, (level?.total ?? 0) - held))]
    }

    /// Takes in what was spent before this was made.
    mutating func restore(_ amount: Int, spentAt instant: Int64) {
        window?.add(amount, at: instant)
        pace?.add(amount, at: instant)
        level?.restore(amount, spentAt: instant)
        wholeLevel?.restore(amount, spentAt: instant)
        taken &+= amount
        settled &+= amount
    }
}
