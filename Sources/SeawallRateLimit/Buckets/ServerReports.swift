internal import SeawallTime

/// What a server has said was used of a window, each for one window from when we heard it, or until the venue's own window
/// has surely ended where that is known to be sooner.
///
/// A report is true of some instant before: everything of ours that may have arrived later is added to it. So it is kept
/// as a base to which the count of all that was ever taken is added, and a report that was surely made later than
/// another takes its place. Where it is known when the venue's windows begin, it takes the place only of what may have been
/// counted twice: inside such a window no count falls.
struct ServerReports: Sendable {
    private struct Report: Sendable {
        var hearing: Hearing
        /// What it says, less all of ours that had surely arrived when it was made.
        var base: Int
        /// How much of ours had surely been counted in it: what was taken since that mark may be counted beside it.
        var surely: Int
    }

    /// Only answers to calls that were under way together are kept side by side.
    static let mostKept = 32

    let window: Int64
    var alignment: WindowAlignment?
    private var reports: [Report] = []
    private var least = LeastCounts()

    init(window: Int64) { self.window = window }

    /// What another has heard, for windows of another length.
    init(window: Int64, alignment: WindowAlignment?, said other: ServerReports) {
        self.window = window
        self.alignment = alignment
        reports = other.reports
        least = other.least
    }

    /// What each report counts now, in order of hearing.
    func standing(taken: Int) -> [(heardAt: Int64, used: Int)] {
        reports.map { ($0.hearing.heardAt, $0.base &+ taken) } + least.standing(taken: taken)
    }

    /// What was used at most, where `taken` is all that was ever taken of the bucket; nil where no report counts.
    func used(taken: Int) -> Int? {
        guard let said = reports.lazy.map({ $0.base &+ taken }).max() else { return least.used(taken: taken) }
        return max(said, least.used(taken: taken) ?? said)
    }

    /// The first instant at which no report that counts `most` or more than it stands in the way.
    func earliest(below most: Int, taken: Int, now: Int64) -> Int64 {
        let end = least.earliest(below: most, taken: taken, now: now, window: window, alignment: alignment)
        if reports.isEmpty { return end }
        // One that was heard later may be told to go sooner.
        return reports.reduce(end) { $1.base &+ taken > most ? max($0, $1.hearing.leaves(window, alignment)) : $0 }
    }

    /// The first instant at which no report counts anything.
    func silent(taken: Int, now: Int64) -> Int64 { earliest(below: 0, taken: taken, now: now) }

    mutating func expire(_ now: Int64) {
        least.expire(now, window: window, alignment: alignment)
        guard !reports.isEmpty else { return }
        reports.removeAll { [window, alignment] in $0.hearing.leaves(window, alignment) <= now }
    }

    /// What the server has said itself: it cannot take it back in the same window of the venue.
    mutating func note(word base: Int, after: UInt64, heardAt: Int64, madeAfter: Int64?, resetsAt: Int64) {
        guard let alignment, alignment.isOneWindow(madeAfter ?? heardAt, heardAt, length: window) else { return }
        least.note(base: base, after: after, hearing: Hearing(heardAt: heardAt, resetsAt: resetsAt))
    }

    /// Takes in a report; it is later than all that were heard by `madeAfter`.
    mutating func note(base: Int, surely: Int, heardAt: Int64, madeAfter: Int64?, resetsAt: Int64 = .max) {
        if let madeAfter { reports.removeAll { $0.hearing.heardAt <= madeAfter } }
        let report = Report(hearing: Hearing(heardAt: heardAt, resetsAt: resetsAt), base: base, surely: surely)
        // What is heard later, says more, stays longer and falls by no more makes an earlier one pointless.
        let leaves = report.hearing.leaves(window, alignment)
        reports.removeAll { [window, alignment] in
            $0.base &- base <= 0 && $0.surely &- surely <= 0 && $0.hearing.leaves(window, alignment) <= leaves
        }
        reports.append(report)
        guard reports.count > Self.mostKept else { return }
        // Too many: the two last become one that says as much and stays as long as either.
        let (last, other) = (reports.removeLast(), reports.removeLast())
        let hearing = Hearing(
            heardAt: max(last.hearing.heardAt, other.hearing.heardAt),
            resetsAt: max(last.hearing.resetsAt, other.hearing.resetsAt))
        reports.append(
            Report(
                hearing: hearing, base: last.base &- other.base > 0 ? last.base : other.base,
                surely: last.surely &- other.surely > 0 ? last.surely : other.surely))
    }

    /// What was taken at a mark was never used: it is counted no more beside what the server said before.
    ///
    /// What the server said later it has said without it.
    mutating func giveBack(_ amount: Int, mark: Int, grant: UInt64) {
        for index in reports.indices where mark &- reports[index].surely >= 0 { reports[index].base &-= amount }
        least.giveBack(amount, grant: grant)
    }

    /// What a grant held was never used, and counts no more in all that was taken.
    mutating func letGo(_ amount: Int, grant: UInt64) { least.letGo(amount, grant: grant) }
}
