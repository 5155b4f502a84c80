internal import SeawallTime

/// One bucket of a limiter: the venue's window, the pace inside it, what lower lanes must leave, and the server's word.
struct Bucket: Sendable {
    /// What the server last said was used, and by how much our own count was above it.
    private struct Report: Sendable {
        var instant: Int64
        var surplus: Int
    }

    let configuration: BucketConfiguration
    let burst: Int
    private let reservedAbove: [Int]
    private var venue: RollingWindow
    private var pace: RollingWindow?
    private var report: Report?

    /// A bucket for lanes in their order; the configuration has been judged.
    init(_ configuration: BucketConfiguration, lanes: [Lane]) {
        self.configuration = configuration
        let capacity = configuration.capacity
        let length = configuration.window.wholeNanoseconds
        burst = configuration.burst ?? capacity
        venue = RollingWindow(length: length, capacity: capacity)
        if burst < capacity {
            let product = Int128(length) * Int128(burst)
            let pieces = (product + Int128(capacity) - 1) / Int128(capacity)
            pace = RollingWindow(length: Int64(clamping: pieces), capacity: burst)
        }
        var sum = 0
        reservedAbove = lanes.map { lane in
            defer { sum += configuration.reserves[lane] ?? 0 }
            return sum
        }
    }

    /// What is believed to be used in the venue's window.
    var used: Int { venue.total }

    /// What is left of the capacity, or of the burst where that is less.
    var tokens: Int {
        let left = max(0, venue.capacity - venue.total)
        guard let pace else { return left }
        return min(left, max(0, pace.capacity - pace.total))
    }

    /// The longest time that anything is remembered.
    var memory: Int64 { venue.length.addingSaturating(venue.grain) }

    /// The heaviest weight that a lane can ever have granted.
    func heaviest(lane: Int) -> Int { burst - reservedAbove[lane] }

    mutating func expire(_ now: Int64) {
        venue.expire(now)
        pace?.expire(now)
    }

    /// The first instant at which the weight fits a lane, if nothing else is taken; it is at most the heaviest.
    func earliest(weight: Int, lane: Int, now: Int64) -> Int64 {
        let needed = weight + reservedAbove[lane]
        let inVenue = venue.earliest(fitting: needed, now: now)
        guard let pace else { return inVenue }
        return max(inVenue, pace.earliest(fitting: needed, now: now))
    }

    mutating func take(_ weight: Int, now: Int64) {
        venue.add(weight, at: now)
        pace?.add(weight, at: now)
    }

    /// Takes back what was taken at `instant` and never used, as if it had not been taken.
    mutating func giveBack(_ weight: Int, takenAt instant: Int64, now: Int64) {
        pace?.remove(weight, addedAt: instant, now: now)
        let removed = venue.remove(weight, addedAt: instant, now: now)
        guard var last = report, last.instant >= instant else { return }
        // The server counted without this weight. Had we known, its report would have raised our count by more.
        let free = min(removed, last.surplus)
        last.surplus -= free
        report = last
        venue.add(removed - free, at: last.instant)
        venue.expire(now)
    }

    /// Raises what is believed to be used to what the server says; never lowers it.
    mutating func raise(to used: Int, now: Int64) {
        let missing = used.subtractingSaturating(venue.total)
        report = Report(instant: now, surplus: max(0, 0.subtractingSaturating(missing)))
        venue.add(missing, at: now)
    }
}
