internal import SeawallTime
internal import Synchronization

/// What is known of a prepared call outside the limiter's lock: calls that were granted beforehand, or that it is refused.
///
/// It is written inside the lock and read outside. The word says what stands, with a number that no other of its kind had:
/// who reads the rest and then finds the word as it was has read what belongs to it.
final class LeaseBoard: Sendable {
    /// What the limiter's lock guards of it: how it was written last.
    enum Content: Sendable {
        case lease(Lease)
        case refusal
    }

    private enum Bits {
        static let lease: UInt64 = 1 << 63
        static let refusal: UInt64 = 1 << 62
        static let count: UInt64 = (1 << 24) - 1
        static let number: UInt64 = ~(lease | refusal | count)
    }

    /// What came of asking without the lock.
    enum Answer: Sendable {
        case granted(PreparedCall.Permit)
        case refused(obstacle: Int, until: Int64)
        /// The lock must be asked.
        case unknown
    }

    /// Nothing where it is 0.
    private let word = Atomic<UInt64>(0)
    private let start = Atomic<Int64>(0)
    private let end = Atomic<Int64>(0)
    private let calls = Atomic<UInt64>(0)
    private let lastGrant = Atomic<UInt64>(0)
    private let firstMark = Atomic<Int>(0)
    private let secondMark = Atomic<Int>(0)
    private let thirdMark = Atomic<Int>(0)
    private let fourthMark = Atomic<Int>(0)
    /// Refusals that the limiter has not counted yet.
    private let refusals = Atomic<Int>(0)
    /// How far a reading of the clock may be behind.
    let lag: Int64
    private let weights: (Int, Int, Int, Int)

    init(_ call: UnderstoodCall, lag: Int64) {
        self.lag = lag
        let tolls = call.tolls
        func weight(_ index: Int) -> Int { index < tolls.count ? tolls[index].weight : 0 }
        weights = (weight(0), weight(1), weight(2), weight(3))
    }

    // MARK: Outside the lock

    /// Whether it knows anything; if not, the clock need not be read for it.
    var isBlank: Bool { word.load(ordering: .relaxed) == 0 }

    /// Takes one of the calls that were granted beforehand, or says that it is refused still.
    @inline(__always)
    func ask(at instant: Int64) -> Answer {
        var seen = word.load(ordering: .acquiring)
        while true {
            if seen & Bits.lease != 0 {
                let left = seen & Bits.count
                guard left > 0, instant <= end.load(ordering: .acquiring).subtractingSaturating(lag) else {
                    return .unknown
                }
                let made = calls.load(ordering: .acquiring) &- left
                let permit = PreparedCall.Permit(
                    instant: MonotonicInstant(nanoseconds: max(instant, start.load(ordering: .acquiring))),
                    id: lastGrant.load(ordering: .acquiring) &+ made &+ 1,
                    marks: marks(after: Int(truncatingIfNeeded: made)))
                let (exchanged, found) = word.weakCompareExchange(
                    expected: seen, desired: seen &- 1, ordering: .acquiringAndReleasing)
                if exchanged { return .granted(permit) }
                seen = found
            } else if seen & Bits.refusal != 0 {
                let until = end.load(ordering: .acquiring)
                guard instant < until else { return .unknown }
                let found = word.load(ordering: .acquiring)
                if found == seen {
                    refusals.add(1, ordering: .relaxed)
                    return .refused(obstacle: Int(truncatingIfNeeded: seen & Bits.count), until: until)
                }
                seen = found
            } else {
                return .unknown
            }
        }
    }

    @inline(__always)
    private func marks(after made: Int) -> Marks {
        Marks(
            first: firstMark.load(ordering: .acquiring) &+ weights.0 &* made,
            second: secondMark.load(ordering: .acquiring) &+ weights.1 &* made,
            third: thirdMark.load(ordering: .acquiring) &+ weights.2 &* made,
            fourth: fourthMark.load(ordering: .acquiring) &+ weights.3 &* made)
    }

    // MARK: Inside the lock

    func post(_ lease: Lease, number: UInt64) {
        start.store(lease.start, ordering: .releasing)
        end.store(lease.end, ordering: .releasing)
        calls.store(UInt64(lease.calls), ordering: .releasing)
        lastGrant.store(lease.lastGrant, ordering: .releasing)
        firstMark.store(lease.marks[0], ordering: .releasing)
        secondMark.store(lease.marks[1], ordering: .releasing)
        thirdMark.store(lease.marks[2], ordering: .releasing)
        fourthMark.store(lease.marks[3], ordering: .releasing)
        word.store(Bits.lease | (number << 24) & Bits.number | UInt64(lease.calls), ordering: .releasing)
    }

    /// It is refused before an instant, by the bucket of one of its tolls.
    func postRefusal(by obstacle: Int, until instant: Int64, number: UInt64) {
        end.store(instant, ordering: .releasing)
        word.store(Bits.refusal | (number << 24) & Bits.number | UInt64(obstacle), ordering: .releasing)
    }

    /// Takes down what stands, and says how many calls nobody came for.
    func takeDown() -> Int {
        Int(truncatingIfNeeded: word.exchange(0, ordering: .acquiringAndReleasing) & Bits.count)
    }

    /// How often it has refused since it was asked last.
    func takeRefusals() -> UInt64 { UInt64(max(0, refusals.exchange(0, ordering: .relaxed))) }
}
