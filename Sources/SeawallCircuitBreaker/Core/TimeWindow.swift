internal import SeawallTime

/// The calls that ended in the present tenth of a span of time and in the nine tenths before it.
struct TimeWindow: Hashable, Sendable {
    static let sliceCount = 10

    private let sliceLength: Int64
    private var slices = [WindowTally](repeating: WindowTally(), count: TimeWindow.sliceCount)
    /// The number of the present slice, counted from the origin of time.
    private var present: Int64 = .min
    /// The instant at which the present slice is over; at the end of all time none is any more.
    private(set) var sliceEnd: Int64 = .min
    private(set) var tally = WindowTally()

    init(span: Duration) {
        let nanoseconds = max(span.wholeNanoseconds, 1)
        sliceLength = (nanoseconds - 1) / Int64(Self.sliceCount) + 1
    }

    /// Forgets what is too old at `now`; a time that has gone back finds the window as it was.
    mutating func roll(to now: MonotonicInstant) {
        guard now.nanoseconds >= sliceEnd else { return }
        let number = slice(of: now)
        guard number > present else { return }
        let passed = min(number.subtractingSaturating(present), Int64(Self.sliceCount))
        let last = place(of: number)
        for step in 0..<Int(passed) {
            let index = (last - step + Self.sliceCount) % Self.sliceCount
            tally -= slices[index]
            slices[index] = WindowTally()
        }
        present = number
        sliceEnd = number.addingSaturating(1).multipliedSaturating(by: sliceLength)
    }

    /// Counts calls in the present slice.
    mutating func add(_ calls: WindowTally) {
        slices[place(of: present)] += calls
        tally += calls
    }

    mutating func clear() {
        for index in slices.indices { slices[index] = WindowTally() }
        tally = WindowTally()
    }

    private func slice(of instant: MonotonicInstant) -> Int64 {
        let (quotient, remainder) = instant.nanoseconds.quotientAndRemainder(dividingBy: sliceLength)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private func place(of number: Int64) -> Int {
        let remainder = Int(number % Int64(Self.sliceCount))
        return remainder < 0 ? remainder + Self.sliceCount : remainder
    }
}
