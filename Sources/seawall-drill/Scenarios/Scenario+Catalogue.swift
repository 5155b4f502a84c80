import Seawall
import SeawallChaos

extension Scenario {
    /// Every scenario, in the order of `--list`.
    static let all: [Scenario] = [
        calm, lostBefore, lostAfter, rateLimited, outage, lateFills, duplicateFills, emptyOrders, mix, paused,
        killed, swarm,
    ]

    static let calm = Scenario(name: "calm", summary: "nothing goes wrong")

    static let lostBefore = Scenario(
        name: "lost-before", summary: "requests are lost before the venue applied them",
        faults: [
            FaultAction(.lostBefore(.reset(after: .milliseconds(50))), probability: 0.05),
            FaultAction(.lostBefore(.silence(for: .seconds(30))), probability: 0.03),
        ],
        rates: [.cancelsGetThrough: 5, .nothingUnproven: 5])

    static let lostAfter = Scenario(
        name: "lost-after", summary: "the venue applies requests and their replies are lost",
        faults: [
            FaultAction(.lostAfter(.reset(after: .milliseconds(50))), probability: 0.05),
            FaultAction(.lostAfter(.silence(for: .seconds(30))), probability: 0.03),
        ],
        rates: [.oneOrderPerIntent: 6, .cancelsGetThrough: 5, .nothingUnproven: 6])

    static let rateLimited = Scenario(
        name: "rate-limited", summary: "429 with Retry-After",
        faults: [
            FaultAction(.rateLimited(retryAfter: "7"), probability: 0.015),
            FaultAction(.rateLimited(retryAfter: "20"), probability: 0.005),
        ],
        rates: [.nothingIntoABan: 5, .cancelsGetThrough: 5])

    static let outage = Scenario(
        name: "outage", summary: "the venue is away for minutes",
        faults: [
            FaultAction(.outage(for: .seconds(240), as: .reset), probability: 0.002),
            FaultAction(.outage(for: .seconds(120), as: .refused), probability: 0.002),
            FaultAction(.outage(for: .seconds(60), as: .status(503)), probability: 0.002),
        ],
        rates: [.reduceOnlyHolds: 40, .cancelsGetThrough: 4, .nothingUnproven: 1])

    static let lateFills = Scenario(
        name: "late-fills", summary: "fills come late",
        faults: [FaultAction(.lateFills(by: .seconds(20)), probability: 0.5)])

    static let duplicateFills = Scenario(
        name: "duplicate-fills", summary: "fills come twice",
        faults: [FaultAction(.duplicateFills, probability: 0.5)])

    static let emptyOrders = Scenario(
        name: "empty-orders", summary: "lists of orders come back empty",
        faults: [FaultAction(.emptyOrders, probability: 0.5)])

    static let mix = Scenario(
        name: "mix", summary: "all faults at once",
        faults: [lostBefore, lostAfter, rateLimited, outage, lateFills, duplicateFills, emptyOrders].flatMap(\.kinds),
        moves: paused.moves + killed.moves,
        rates: [
            .oneOrderPerIntent: 1, .reduceOnlyHolds: 40, .nothingIntoABan: 3, .cancelsGetThrough: 3,
            .nothingUnproven: 4,
        ])

    static let paused = Scenario(
        name: "paused", summary: "an operator pauses and resumes",
        moves: [
            Operator.Move(after: .seconds(300), action: .pause(.reduceOnly), length: .seconds(240)),
            Operator.Move(after: .seconds(200), action: .pause(.cancelOnly), length: .seconds(60)),
        ],
        rates: [.reduceOnlyHolds: 30, .cancelsGetThrough: 8])

    static let killed = Scenario(
        name: "killed", summary: "an operator pulls the kill switch and releases it",
        moves: [Operator.Move(after: .seconds(400), action: .kill, length: .seconds(60))],
        rates: [.latchIsDurable: 5, .tripActsOnce: 5])

    static let swarm = Scenario(
        name: "swarm", summary: "each seed has some of all faults there are, then the venue heals",
        faults: .swarm(Swarm()), moves: mix.moves)
}
