internal import SeawallTime

/// What a server has said was used of a window, each for one window from when we heard it.
///
/// A report is true of some instant before: everything of ours that may have arrived later is added to it. So it is kept
/// as a base to which the count of all that was ever taken is added, and a report that was surely made later than
/// another takes its place.
struct ServerReports: Sendable {
    private struct Report: Sendable {
        var heardAt: Int64
        /// What it says, less all of ours that had surely arrived when it was made.
        var base: Int
    }

    /// Only answers to calls that were under way together are kept side by side.
    static let mostKept = 32

    let window: Int64
    private var reports: [Report] = []

    init(window: Int64) { self.window = window }

    /// What was used at most, where `taken` is all that was ever taken of the bucket; nil where no report counts.
    func used(taken: Int) -> Int? { reports.lazy.map { $0.base &+ taken }.max() }

    /// The first instant at which no report that counts `most` or more than it stands in the way.
    func earliest(below most: Int, taken: Int, now: Int64) -> Int64 {
        // In order of hearing: the last that is too high decides.
        guard let last = reports.last(where: { $0.base &+ taken > most }) else { return now }
        return max(now, last.heardAt.addingSaturating(window))
    }

    mutating func expire(_ now: Int64) {
        guard let first = reports.first, first.heardAt.addingSaturating(window) <= now else { return }
        reports.removeAll { $0.heardAt.addingSaturating(window) <= now }
    }

    /// Takes in a report; it is later than all that were heard by `madeAfter`.
    mutating func note(base: Int, taken: Int, heardAt: Int64, madeAfter: Int64?) {
        if let madeAfter { reports.removeAll { $0.heardAt <= madeAfter } }
        // What is heard later and says more makes an earlier one pointless.
        reports.removeAll { $0.base &- base <= 0 }
        if reports.count >= Self.mostKept, let last = reports.popLast() {
            reports.append(Report(heardAt: heardAt, base: last.base))
        } else {
            reports.append(Report(heardAt: heardAt, base: base))
        }
    }

    /// What was taken at `instant` was never used: who counted later than that counted without it.
    mutating func giveBack(_ amount: Int, takenAt instant: Int64) {
        for index in reports.indices where reports[index].heardAt >= instant { reports[index].base &+= amount }
    }
}
