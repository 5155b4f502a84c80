/// Every case there is, in the order of the report.
enum Catalogue {
    /// The cases whose name contains `filter`, and their baselines; without a filter all but the long ones.
    ///
    /// - Throws: `OptionsError` where there is none.
    static func selected(by filter: String) throws -> [BenchCase] {
        let all = try everything()
        var names = Set(all.filter { filter.isEmpty ? !$0.isLong : $0.name.contains(filter) }.map(\.name))
        if names.isEmpty { throw OptionsError("--filter is \"\(filter)\", expected a part of a name in --list") }
        while true {
            let baselines = all.filter { names.contains($0.name) }.compactMap(\.baseline)
            let known = names.count
            names.formUnion(baselines)
            if names.count == known { break }
        }
        return all.filter { names.contains($0.name) }
    }

    /// A case a line, name first.
    static func text(of cases: [BenchCase]) -> String {
        cases.map { bench in
            let threads = bench.threads == 1 ? "" : "  (\(bench.threads) threads)"
            return bench.name + threads + (bench.note.isEmpty ? "" : "  \(bench.note)")
        }.joined(separator: "\n")
    }

    private static func everything() throws -> [BenchCase] {
        try BaselineCases.all() + BackoffCases.all() + BreakerCases.all() + LimiterCases.all()
            + PreparedLimiterCases.all() + ConcurrencyCases.all() + MetricsCases.all() + AlertCases.all()
            + SimulationCases.all() + SearchCases.all() + OrderCases.all()
    }
}
