import Seawall
import SeawallChaos

extension Scenario {
    /// Every scenario, in the order of `--list`.
    static let all: [Scenario] = [calm, busy, paused, killed] + FaultPreset.all.map { Scenario($0) } + [swarm]

    static let calm = Scenario(
        name: "calm", summary: "nothing goes wrong", rates: [.cancelsGetThrough: 12])

    static let busy = Scenario(
        name: "busy", summary: "the venue allows an eighth of what its profile says", limitDivisors: [8],
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
        moves: [
            Operator.Move(after: .seconds(400), action: .kill, length: .seconds(60)),
            // Released while it is swept.
            Operator.Move(after: .seconds(150), action: .kill, length: .seconds(3)),
        ],
        rates: [
            .reduceOnlyHolds: 10, .cancelsGetThrough: 12, .latchIsDurable: 1, .tripActsOnce: 1, .oneAlertPerEpisode: 2,
        ])

    static let swarm = Scenario(
        name: "swarm", summary: "each seed has some of all faults there are, then the venue heals",
        // The kill switch is pulled before the venue heals, too.
        faults: .swarm(Swarm()), moves: killed.moves + paused.moves,
        // On short pages a list has a second one, which can fail.
        limitDivisors: [1, 4], pageSizes: [nil, nil, nil, 2],
        rates: [.cancelsGetThrough: 10, .progress: 10],
        // Half of what 150 seeds of half an hour came to.
        average: [
            .oneOrderPerIntent: 1.5, .reduceOnlyHolds: 50, .nothingIntoABan: 1.5, .windowsHold: 0.3,
            .latchIsDurable: 2, .tripActsOnce: 0.7,
            .nothingUnproven: 2.5, .halfOpenEnds: 0.1, .oneAlertPerEpisode: 5,
        ])

    /// The scenario of a preset, with what its runs were seen to put to the test.
    private init(_ preset: FaultPreset) {
        var rates = Self.rates[preset.name] ?? [:]
        if rates[.cancelsGetThrough] == nil, !Self.withoutOrders.contains(preset.name) {
            rates[.cancelsGetThrough] = 12
        }
        self.init(
            name: preset.name, summary: preset.summary, faults: .plan(preset.plan, name: preset.name),
            moves: Self.moves[preset.name] ?? [],
            rates: rates, least: Self.least[preset.name] ?? [:])
    }

    /// What the operator does under the presets that strike what holds his latches.
    private static let moves: [String: [Operator.Move]] = [
        "mix": paused.moves + killed.moves,
        "disk": paused.moves + killed.moves,
        // The process dies within its first minutes: one pause has to be in force by then.
        "crash": [Operator.Move(after: .seconds(10), action: .pause(.reduceOnly), length: .seconds(90))]
            + paused.moves + killed.moves,
    ]

    /// The presets under which the bot sees no price to trade at.
    private static let withoutOrders: Set<String> = ["mark-stale"]

    /// How often an hour of one symbol surely puts each promise to the test, by the preset's name.
    ///
    /// Less than half of the least that any of several seeds showed at the drill's own venue.
    private static let rates: [String: [Promise: Double]] = [
        "lost-before": [.cancelsGetThrough: 5, .nothingUnproven: 5, .oneAlertPerEpisode: 4],
        "lost-after": [.oneOrderPerIntent: 6, .cancelsGetThrough: 5, .nothingUnproven: 6],
        "reply-lost": [.oneOrderPerIntent: 6, .cancelsGetThrough: 5, .nothingUnproven: 6],
        "odd-answers": [
            .oneOrderPerIntent: 3, .cancelsGetThrough: 5, .nothingUnproven: 5, .oneAlertPerEpisode: 4,
        ],
        "rate-limited": [.nothingIntoABan: 5, .cancelsGetThrough: 5],
        "ban": [.cancelsGetThrough: 1],
        "outage": [
            .reduceOnlyHolds: 40, .cancelsGetThrough: 4, .nothingUnproven: 1, .halfOpenEnds: 3,
            .oneAlertPerEpisode: 1,
        ],
        "api-outage": [.cancelsGetThrough: 3, .nothingUnproven: 8, .oneAlertPerEpisode: 8],
        "second-process": [.cancelsGetThrough: 5],
        "sleep": [.cancelsGetThrough: 10],
        "mix": [
            .oneOrderPerIntent: 2, .reduceOnlyHolds: 40, .nothingIntoABan: 3, .cancelsGetThrough: 3,
            .nothingUnproven: 4, .halfOpenEnds: 2, .oneAlertPerEpisode: 2,
        ],
    ]

    /// What a few strikes put to the test, by the preset's name.
    private static let least: [String: [Promise: Int]] = [
        "rate-limit-burst": [.nothingIntoABan: 1],
        "ban": [.nothingIntoABan: 1, .latchIsDurable: 2, .oneAlertPerEpisode: 2],
        "crash": [
            .oneOrderPerIntent: 1, .latchIsDurable: 2, .tripActsOnce: 1, .nothingUnproven: 1, .oneAlertPerEpisode: 1,
        ],
        "disk": [.reduceOnlyHolds: 10, .latchIsDurable: 2, .tripActsOnce: 1, .oneAlertPerEpisode: 1],
        "mix": [.latchIsDurable: 2, .tripActsOnce: 1],
    ]
}
