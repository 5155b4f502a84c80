internal import SeawallTime

/// What a server cannot count less than before the venue's own window ends: what it has said in it, with all that was granted
/// since that was heard.
///
/// What was under way then may have been in the number, and is not counted beside it. So a later answer sets right what was
/// counted twice; one that says less than this comes from a backend that lags, or lies.
struct LeastCounts: Sendable {
    private struct Word: Sendable {
        var hearing: Hearing
        /// The number of the last grant before it was heard.
        var after: UInt64
        /// What it says, less all that had been taken when it was heard.
        var base: Int
    }

    /// What more was said stands as one, for as long as the last.
    static let mostKept = 16

    /// In order of hearing; each says more than all later ones.
    private var words: [Word] = []

    /// What each counts now, in order of hearing.
    func standing(taken: Int) -> [(heardAt: Int64, used: Int)] {
        words.map { ($0.hearing.heardAt, $0.base &+ taken) }
    }

    /// What is used at least, where `taken` is all that was ever taken of the bucket; nil where nothing was said.
    func used(taken: Int) -> Int? { words.first.map { $0.base &+ taken } }

    /// The first instant at which none that counts `most` or more than it stands in the way.
    func earliest(below most: Int, taken: Int, now: Int64, window: Int64, alignment: WindowAlignment?) -> Int64 {
        words.reduce(now) { $1.base &+ taken > most ? max($0, $1.hearing.leaves(window, alignment)) : $0 }
    }

    mutating func expire(_ now: Int64, window: Int64, alignment: WindowAlignment?) {
        guard !words.isEmpty else { return }
        words.removeAll { $0.hearing.leaves(window, alignment) <= now }
    }

    mutating func note(base: Int, after: UInt64, hearing: Hearing) {
        var hearing = hearing
        dropLesser(than: base) { hearing.resetsAt = max(hearing.resetsAt, $0.hearing.resetsAt) }
        words.append(Word(hearing: hearing, after: after, base: base))
        guard words.count > Self.mostKept else { return }
        let last = words.removeLast()
        words[words.count - 1].after = last.after
        words[words.count - 1].hearing.heardAt = last.hearing.heardAt
        words[words.count - 1].hearing.resetsAt = max(words[words.count - 1].hearing.resetsAt, last.hearing.resetsAt)
    }

    /// What a grant took stays in the count of all that was taken, and was never used: it is counted beside no earlier word.
    mutating func giveBack(_ amount: Int, grant: UInt64) {
        for index in words.indices where words[index].after < grant { words[index].base &-= amount }
        keepOrder()
    }

    /// What a grant held is taken out of the count of all that was taken: no later word has counted it beside what it said.
    mutating func letGo(_ amount: Int, grant: UInt64) {
        for index in words.indices where words[index].after >= grant { words[index].base &+= amount }
        keepOrder()
    }

    private mutating func keepOrder() {
        guard words.count > 1 else { return }
        let all = words
        words = []
        for word in all {
            dropLesser(than: word.base) { _ in }
            words.append(word)
        }
    }

    private mutating func dropLesser(than base: Int, _ dropped: (Word) -> Void) {
        while let last = words.last, last.base &- base <= 0 { dropped(words.removeLast()) }
    }
}
