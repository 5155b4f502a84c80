import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// Every preset against the simulated venue and a real layer: it strikes, it provokes what it names, and it heals.
@Suite struct PresetRoadTests {
    /// A few short runs stand for the hour that a preset speaks of; each of them has to go well.
    private static let seeds: ClosedRange<UInt64> = 1...8

    @Test(arguments: FaultPreset.all.map(\.name))
    func aPresetStrikesProvokesAndHeals(name: String) throws {
        let preset = try #require(FaultPreset.named(name))
        var strikes: [String: Int] = [:]
        var checked: [Promise: Int] = [:]
        for seed in Self.seeds {
            let road = PresetRoad(preset: preset, seed: seed)
            let report = try road.run()
            #expect(report.failures.isEmpty, "\(report)")
            strikes.merge(report.counts.strikes, uniquingKeysWith: +)
            checked.merge(report.findings.mapValues(\.checked), uniquingKeysWith: +)
            // Nothing strikes any more once all is said to be well, and then trading goes on.
            #expect(report.strikes.allSatisfy { $0.time < .origin.advanced(by: road.healsAt) })
            #expect(report.findings[.progress]?.checked ?? 0 > 0)
            if missing(preset, strikes, checked).isEmpty { break }
        }
        #expect(missing(preset, strikes, checked) == [], "\(strikes)")
        #expect(strikes.isEmpty == preset.plan.actions.isEmpty)
    }

    /// What a preset says that it provokes, and did not.
    private func missing(_ preset: FaultPreset, _ strikes: [String: Int], _ checked: [Promise: Int]) -> [String] {
        let named = preset.provokes.strikes.map { "\($0.fault) \($0.operation.rawValue)" }
        return named.filter { strikes[$0] == nil }
            + preset.provokes.promises.filter { checked[$0] ?? 0 == 0 }.map(\.rawValue)
    }
}
