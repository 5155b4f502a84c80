internal import SeawallTime

extension Bucket {
    /// The most that a server is believed to say.
    static let highestReport = 4 * BucketConfiguration.limits.upperBound

    /// Raises what is believed to be used to what the server says in answer to a call; never lowers it.
    ///
    /// Ours that was settled before that call was granted is in the server's number, and so is the call itself. Whatever
    /// else of ours is newer may be in it or not: it counts beside it. `word` tells the number of the last grant of all, and
    /// when the call was granted, whether it was charged here or not; nil where the server has not said it.
    mutating func raise(
        to used: Int, answering answered: (weight: Int, settledBefore: Int)?, grantedAt: Int64?, now: Int64,
        resetsAt: Int64 = .max, word: (lastGrant: UInt64, askedAt: Int64?)?
    ) {
        let said = min(used, Self.highestReport)
        let surely = (answered?.settledBefore ?? settled) &+ (answered?.weight ?? 0)
        let returned = returned(since: surely)
        let raised = max(0, said.addingSaturating(settled &- surely &- returned))
        if wholeLevel == nil { level?.raise(to: raised) } else { wholeLevel?.raise(to: raised) }
        guard level == nil else { return }
        reports.note(
            base: said &- surely &- returned, surely: surely, heardAt: now, madeAfter: grantedAt, resetsAt: resetsAt)
        // What is released falls inside a window too.
        guard let word, !configuration.isReleasable else { return }
        reports.note(
            word: said &- taken, after: word.lastGrant, heardAt: now, madeAfter: word.askedAt, resetsAt: resetsAt)
    }

    /// What the server is believed to count, by when it was heard; of a counter that falls and is shared, what it is by now.
    func reported(now: Int64) -> [(heardAt: Int64, used: Int)] {
        reports.standing(taken: taken) + (wholeLevel.map { [(now, $0.total)] } ?? [])
    }

    /// Takes in what the server had said before this was made.
    mutating func hear(_ used: Int, at instant: Int64) {
        if wholeLevel == nil { level?.raise(to: used, at: instant) } else { wholeLevel?.raise(to: used, at: instant) }
        guard level == nil else { return }
        reports.note(base: used &- taken, surely: settled, heardAt: instant, madeAfter: nil)
    }

    /// How much was taken since a mark and given back.
    private func returned(since mark: Int) -> Int {
        returned.reduce(0) { $1.mark &- mark >= 0 ? $0 &+ $1.weight : $0 }
    }
}
