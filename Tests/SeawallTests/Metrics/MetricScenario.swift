import Seawall
import SeawallChaos
import SeawallTime
import Testing

/// Something that happens in a layer, and what the metrics are to show of it.
struct MetricScenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var capabilities = DeterministicBroker.everything
    var configuration = LayerConfiguration()
    var storage: MemoryStorage?
    let expected: [Expected]

    /// Makes it happen, and calls `verify` once, at the moment at which everything is to show.
    let act: @Sendable (_ rig: Rig, _ verify: @Sendable () -> Void) async throws -> Void

    init(
        _ description: String, _ expected: [Expected],
        act: @escaping @Sendable (_ rig: Rig, _ verify: @Sendable () -> Void) async throws -> Void
    ) {
        testDescription = description
        self.expected = expected
        self.act = act
    }

    /// The scenario with something changed.
    func with(_ change: (inout MetricScenario) -> Void) -> MetricScenario {
        var changed = self
        change(&changed)
        return changed
    }

    static let all = bot + orders + requests + guards + account + surroundings

    /// What did not show as expected; nothing where all did.
    func run() throws -> [String] {
        let faults = Lock([String]())
        let isVerified = Lock(false)
        let report = try Simulation(seed: 1).run(for: .seconds(7_200)) { world in
            let rig = try Rig(
                world.environment, capabilities: capabilities, configuration: configuration, journal: storage)
            let metrics = rig.layer.metrics
            let before = expected.map { metrics.reading($0.metric, $0.labels) }
            for (expected, value) in zip(expected, before) where !expected.isConstant && expected.isMet(value, value) {
                faults.withLock { $0.append("\(expected.metric) \(expected.labels) shows it already") }
            }
            try await act(rig) {
                isVerified.withLock { $0 = true }
                for (expected, value) in zip(expected, before) {
                    let now = metrics.reading(expected.metric, expected.labels)
                    guard !expected.isMet(value, now) else { continue }
                    let shown = now.map { "\($0)" } ?? "nothing"
                    faults.withLock {
                        $0.append("\(expected.metric) \(expected.labels) \(expected.words), but shows \(shown)")
                    }
                }
            }
        }
        if !report.isClean { faults.withLock { $0.append("\(report)") } }
        if !isVerified.withLock({ $0 }) { faults.withLock { $0.append("nothing was verified") } }
        return faults.withLock { $0 }
    }
}

/// An error of nobody in particular.
struct Mishap: Error {}
