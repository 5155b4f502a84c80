import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

/// Every preset against the simulated venue and a real layer: it strikes, it provokes what it names, and it heals.
@Suite struct PresetRoadTests {
    /// A preset at a venue.
    struct Case: Sendable, CustomTestStringConvertible {
        var preset: FaultPreset
        var venue: String

        var testDescription: String { "\(preset.name) at \(venue)" }
    }

    /// A few short runs stand for the hour that a preset speaks of; each of them has to go well.
    private static let seeds: ClosedRange<UInt64> = 1...8

    private static let cases = VenueProfile.all.flatMap { profile in
        FaultPreset.all.filter { $0.canStrike(at: profile) }.map { Case(preset: $0, venue: profile.name) }
    }

    /// What a short run at a venue does not show: orders are looked for in lists there, signatures have no clock, and few
    /// calls are let through.
    private static let elsewhere = [
        "lost-before at coinbase-advanced": ["query read again"],
        "clock-steps at coinbase-advanced": ["alert clock_skew", "place answered as clock_skew"],
        "ban at coinbase-advanced": [Promise.nothingIntoABan.rawValue],
        "api-outage at coinbase-advanced": [Promise.reduceOnlyHolds.rawValue, "breaker orders open"],
        "ban at kraken": [Promise.nothingIntoABan.rawValue],
        "api-outage at kraken": [
            Promise.reduceOnlyHolds.rawValue, Promise.halfOpenEnds.rawValue, "cause breaker_open", "alert breaker_open",
            "breaker orders open",
        ],
    ]

    @Test(arguments: cases)
    func aPresetStrikesProvokesAndHeals(sample: Case) throws {
        let preset = sample.preset
        var strikes: [String: Int] = [:]
        var checked: [Promise: Int] = [:]
        var consequences: Set<FaultPreset.Consequence> = []
        for seed in Self.seeds {
            let road = PresetRoad(preset: preset, venue: sample.venue, seed: seed)
            let report = try road.run()
            #expect(report.failures.isEmpty, "\(report)")
            strikes.merge(report.counts.strikes, uniquingKeysWith: +)
            checked.merge(report.findings.mapValues(\.checked), uniquingKeysWith: +)
            consequences.formUnion(report.consequences)
            // Nothing strikes any more once all is said to be well, and then trading goes on.
            #expect(report.strikes.allSatisfy { $0.time < .origin.advanced(by: road.healsAt) })
            if road.isLong { #expect(report.findings[.progress]?.checked ?? 0 > 0) }
            if missing(sample, strikes, checked, consequences).isEmpty { break }
        }
        // What is shown after all needs no excuse.
        let excused = Set(Self.elsewhere[sample.testDescription] ?? [])
        let absent = Set(missing(sample, strikes, checked, consequences))
        #expect(absent.subtracting(excused) == [], "\(strikes) \(consequences)")
        #expect(excused.subtracting(absent) == [], "it no longer needs this excuse")
        #expect(strikes.isEmpty == preset.plan.actions.isEmpty)
    }

    /// What a preset says that it provokes, and did not.
    private func missing(
        _ sample: Case, _ strikes: [String: Int], _ checked: [Promise: Int],
        _ consequences: Set<FaultPreset.Consequence>
    ) -> [String] {
        let preset = sample.preset
        let named = preset.provokes.strikes.map { "\($0.fault) \($0.operation.rawValue)" }
        return named.filter { strikes[$0] == nil }
            + preset.provokes.promises.filter { checked[$0] ?? 0 == 0 }.map(\.rawValue)
            + preset.provokes.consequences.filter { !consequences.contains($0) }.map(\.description)
    }
}

extension FaultPreset {
    /// True unless the preset has to strike what the venue has not: previews, or numbers of a stream that begin anew.
    fileprivate func canStrike(at profile: VenueProfile) -> Bool {
        provokes.strikes.allSatisfy { strike in
            if strike.operation == .preview { return profile.forPresets.capabilities.contains(.preview) }
            return strike.fault != FaultEffect.streamReset.name || profile.sequence != .none
        }
    }
}
