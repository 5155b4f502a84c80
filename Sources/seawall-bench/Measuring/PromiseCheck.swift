/// Holds cases to their promises.
struct PromiseCheck {
    /// One case and what came of it.
    struct Verdict: Sendable {
        let name: String
        let threads: Int
        let found: String
        let isKept: Bool
    }

    /// A path that allocates does so each time or now and then, never once in a thousand operations: what is less is the
    /// rest of the process.
    private static let noise = 0.001
    private static let tries = 5

    let verdicts: [Verdict]

    /// Measures the promised cases whose names contain `filter`, briefly.
    ///
    /// - Throws: `OptionsError` where a promise is of no case, or the filter leaves none; `BenchError` where allocations
    ///   cannot be counted on this platform; what the cases throw.
    init(_ options: BenchOptions) throws {
        var options = options
        options.isQuick = true
        let sampler = Sampler(options)
        let cases = try Catalogue.selected(by: "")
        let names = Promises.allocateNothing.filter { options.filter.isEmpty || $0.contains(options.filter) }
        if names.isEmpty {
            throw OptionsError("--filter is \"\(options.filter)\", expected a part of a promised case's name")
        }
        verdicts = try names.flatMap { name in
            let promised = cases.filter { $0.name == name }
            if promised.isEmpty { throw OptionsError("a promise is of \"\(name)\", expected a case of --list") }
            return try promised.map { try Self.verdict(on: $0, sampler) }
        }
    }

    /// Whether every promise is kept.
    var isKept: Bool { verdicts.allSatisfy(\.isKept) }

    /// The verdicts, one a line, and their sum.
    var text: String {
        let lines = verdicts.map { verdict in
            "\(verdict.isKept ? "kept  " : "BROKEN")  \(verdict.name)  \(verdict.threads) threads: \(verdict.found)"
        }
        let broken = verdicts.count { !$0.isKept }
        return (lines + ["\(verdicts.count) promises, \(broken) broken"]).joined(separator: "\n")
    }

    private static func verdict(on bench: BenchCase, _ sampler: Sampler) throws -> Verdict {
        let allocations = try fewestAllocations(bench, sampler)
        return Verdict(
            name: bench.name, threads: bench.threads, found: "\(allocations.fixed(4)) allocations, expected none",
            isKept: allocations < noise)
    }

    /// What other threads of the process allocate comes on top: of several counts the least is the case's own.
    private static func fewestAllocations(_ bench: BenchCase, _ sampler: Sampler) throws -> Double {
        var fewest = Double.infinity
        for _ in 0..<tries where fewest >= noise {
            guard let count = try sampler.allocations(of: bench) else {
                throw BenchError("allocations cannot be counted here, expected Linux with glibc on x86-64 or arm64")
            }
            fewest = min(fewest, count)
        }
        return fewest
    }
}
