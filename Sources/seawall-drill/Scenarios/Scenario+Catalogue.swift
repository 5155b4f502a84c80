import Seawall
import SeawallChaos

extension Scenario {
    /// Every scenario, in the order of `--list`.
    static let all: [Scenario] = [calm, busy, paused, killed] + FaultPreset.all.map { Scenario($0) } + [swarm]

    static let calm = Scenario(name: "calm", summary: "nothing goes wrong")

    static let busy = Scenario(
        name: "busy", summary: "the venue allows an eighth of what its profile says", limitDivisor: 8,
        rates: [.windowsHold: 5])

    static let paused = Scenario(
        name: "paused", summary: "an operator pauses and resumes",
        moves: [
            Operator.Move(after: .seconds(300), action: .pause(.reduceOnly), length: .seconds(240)),
            Operator.Move(after: .seconds(200), action: .pause(.cancelOnly), length: .seconds(60)),
        ],
        rates: [.reduceOnlyHolds: 30, .cancelsGetThrough: 8, .latchIsDurable: 1, .oneAlertPerEpisode: 1])

    static let killed = Scenario(
        name: "killed", summary: "an operator pulls the kill switch and releases it",
        moves: [Operator.Move(after: .seconds(400), action: .kill, length: .seconds(60))],
        rates: [.latchIsDurable: 1, .tripActsOnce: 1, .oneAlertPerEpisode: 2])

    static let swarm = Scenario(
        name: "swarm", summary: "each seed has some of all faults there are, then the venue heals",
        faults: .swarm(Swarm()), moves: paused.moves + killed.moves, rates: [.progress: 10])

    /// The scenario of a preset, with what its runs were seen to put to the test.
    private init(_ preset: FaultPreset) {
        self.init(
            name: preset.name, summary: preset.summary, faults: .plan(preset.plan, name: preset.name),
            moves: preset.name == "mix" ? Self.paused.moves + Self.killed.moves : [],
            rates: Self.rates[preset.name] ?? [:])
    }

    /// How often an hour of one symbol surely puts each promise to the test, by the preset's name.
    private static let rates: [String: [Promise: Double]] = [
        "lost-before": [.cancelsGetThrough: 5, .nothingUnproven: 5],
        "lost-after": [.oneOrderPerIntent: 6, .cancelsGetThrough: 5, .nothingUnproven: 6],
        "rate-limited": [.nothingIntoABan: 5, .cancelsGetThrough: 5],
        "outage": [.reduceOnlyHolds: 40, .cancelsGetThrough: 4, .nothingUnproven: 1, .halfOpenEnds: 3],
        "mix": [
            .oneOrderPerIntent: 1, .reduceOnlyHolds: 40, .nothingIntoABan: 3, .cancelsGetThrough: 3,
            .nothingUnproven: 4,
        ],
    ]
}
