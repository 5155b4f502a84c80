/// Measures cases in rounds: each round takes one sample of every case, so that a case and its baseline share the
/// machine's weather.
struct Sampler {
    private let rounds: Int
    private let sampleLength: Int64
    private let allocations = AllocationCounter()

    init(_ options: BenchOptions) {
        rounds = options.rounds
        sampleLength = options.isQuick ? 2_000_000 : 70_000_000
    }

    /// Measures cases, whose baselines must be among them.
    func measure(_ cases: [BenchCase]) throws -> [Measurement] {
        let sizes = try cases.map(calibrate)
        let counts = try zip(cases, sizes).map(countAllocations)
        var costs = cases.map { _ in [Double]() }
        for _ in 0..<rounds {
            for index in cases.indices { costs[index].append(try cases[index].measure(sizes[index]).cost) }
        }
        let medians = costs.map(Self.median)
        return cases.indices.map { index in
            let bench = cases[index]
            let base = cases.firstIndex { $0.name == bench.baseline && $0.threads == 1 }
            return Measurement(
                name: bench.name, threads: bench.threads, nanoseconds: medians[index], baseline: bench.baseline,
                ratio: base.map { medians[index] / medians[$0] }, allocations: counts[index], note: bench.note)
        }
    }

    /// Allocations of one operation of a case, counted over ten thousand of them; nil where they cannot be counted.
    func allocations(of bench: BenchCase) throws -> Double? { try countAllocations(bench, 40_000) }

    /// How many operations make a sample of the wanted length; finding out warms the case up.
    private func calibrate(_ bench: BenchCase) throws -> Int {
        var operations = 1
        while true {
            let elapsed = try shortest(of: bench, operations)
            if elapsed >= sampleLength / 2 {
                return max(1, Int(Double(operations) * Double(sampleLength) / Double(elapsed)))
            }
            // Short samples lie: none grows by more than a hundred times at once.
            operations *= Int(min(100, max(2, sampleLength / elapsed)))
        }
    }

    /// Whoever is interrupted once looks as if it were slow; a sample that is long enough is looked at again.
    private func shortest(of bench: BenchCase, _ operations: Int) throws -> Int64 {
        var shortest = Int64.max
        for _ in 0..<3 where shortest >= sampleLength / 2 {
            shortest = min(shortest, max(1, try bench.measure(operations).nanoseconds))
        }
        return shortest
    }

    /// Allocations of one operation: what more of them allocate more, so that what is set up once is not counted.
    private func countAllocations(_ bench: BenchCase, _ size: Int) throws -> Double? {
        let small = max(1, size / 8)
        var operations: [Int] = []
        var counts: [Int] = []
        for size in [small, small * 3] {
            var made = 0
            guard let count = try allocations.allocations(in: { made = try bench.measure(size).operations }) else {
                return nil
            }
            operations.append(made * bench.threads)
            counts.append(count)
        }
        guard operations[1] > operations[0] else { return nil }
        return max(0, Double(counts[1] - counts[0]) / Double(operations[1] - operations[0]))
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
