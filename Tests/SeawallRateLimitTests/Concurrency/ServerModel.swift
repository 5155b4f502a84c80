import SeawallTime

@testable import SeawallRateLimit

/// A venue that handles `capacity` calls at once, and callers who always want more in flight than they may.
struct ServerModel {
    /// How calls that are too many make each other wait.
    enum Kind: CaseIterable {
        /// All get slower: latency = service × max(1, in flight / capacity).
        case shared
        /// Each waits for one of `capacity` places to be free, first come first served.
        case queue
    }

    /// By how much calls of the same load differ.
    enum Noise: CaseIterable {
        case none
        /// Up to 30 % either way.
        case even
        /// Half is the same for all; the other half is exponential, so that one call in a hundred takes 2.8 times the mean.
        case tail
    }

    struct Flight {
        var end: Int64
        var call: ConcurrencyCall
        var outcome: ConcurrencyOutcome
    }

    let kind: Kind
    let noise: Noise
    var capacity: Int { didSet { resize() } }
    var service: Int64
    /// How many want to be in flight.
    var demand = Int.max
    /// The part of calls that is dropped.
    var drops = 0.0
    /// Above so many in flight each call is dropped at once.
    var refusesAbove = Int.max
    var limit: GradientLimit
    private(set) var now: Int64 = 0
    /// Every limit there was, with its instant, whenever it changed.
    private(set) var limits: [(at: Int64, limit: Int)] = []
    private(set) var ended = 0
    private var flights: [Flight] = []
    private var places: [Int64]
    private var random: SeededGenerator

    init(
        _ configuration: AdaptiveConcurrency = AdaptiveConcurrency(), kind: Kind = .shared, noise: Noise = .even,
        capacity: Int, service: Duration, seed: Int
    ) {
        self.kind = kind
        self.noise = noise
        self.capacity = capacity
        self.service = service.wholeNanoseconds
        places = Array(repeating: 0, count: capacity)
        random = SeededGenerator(seed: UInt64(seed), stream: "server")
        limit = GradientLimit(configuration, seed: UInt64(seed))
    }

    var inFlight: Int { flights.count }

    /// Lets time pass, with as many calls as may be.
    mutating func run(_ duration: Duration) {
        let end = now.addingSaturating(duration.wholeNanoseconds)
        while true {
            limit.advance(to: now)
            while inFlight < min(demand, limit.limit) { begin() }
            note()
            guard let next = flights.last, next.end <= end else { break }
            flights.removeLast()
            now = max(now, next.end)
            ended += 1
            limit.end(next.call, next.outcome, now: now)
            limit.count(inFlight: inFlight)
        }
        now = end
    }

    /// The limits outside probes between two instants, each as often as it was judged.
    func limits(from start: Duration, to end: Duration = .seconds(1_000_000_000)) -> [Int] {
        let range = start.wholeNanoseconds..<end.wholeNanoseconds
        return limits.filter { range.contains($0.at) }.map(\.limit)
    }

    private mutating func begin() {
        limit.count(inFlight: inFlight + 1)
        let call = limit.begin(inFlight: inFlight + 1, now: now)
        let isRefused = inFlight + 1 > refusesAbove
        let end = isRefused ? now + service / 10 : now + latency()
        let flight = Flight(end: end, call: call, outcome: isRefused || random.chance(drops) ? .dropped : .succeeded)
        // Latest end first.
        let place = flights.firstIndex { $0.end < end } ?? flights.count
        flights.insert(flight, at: place)
    }

    private mutating func latency() -> Int64 {
        let own = max(1, Int64(Double(service) * factor()))
        switch kind {
        case .shared:
            return max(own, own * Int64(inFlight + 1) / Int64(capacity))
        case .queue:
            let place = places.indices.min { places[$0] < places[$1] } ?? 0
            places[place] = max(now, places[place]) + own
            return places[place] - now
        }
    }

    private mutating func factor() -> Double {
        switch noise {
        case .none: 1
        case .even: 0.7 + 0.6 * random.unit()
        case .tail: 0.5 + 0.5 * exponential()
        }
    }

    /// Exponential with the mean 1, by how many draws it takes to fall (von Neumann), for no logarithm is at hand.
    private mutating func exponential() -> Double {
        var whole = 0.0
        while true {
            let first = random.unit()
            var last = first
            var count = 1
            while case let next = random.unit(), next < last {
                last = next
                count += 1
            }
            if count % 2 == 1 { return whole + first }
            whole += 1
        }
    }

    private mutating func resize() {
        places.sort()
        while places.count > capacity { places.removeFirst() }
        while places.count < capacity { places.append(now) }
    }

    private mutating func note() {
        guard case .following = limit.phase, limits.last?.limit != limit.limit else { return }
        limits.append((now, limit.limit))
    }
}
