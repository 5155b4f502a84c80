import Seawall
import SeawallChaos

/// A named course of trouble, and how often it must put each promise to the test.
struct Scenario: Sendable {
    /// The name on the command line and in records.
    var name: String

    /// One line for `--list`.
    var summary: String

    /// The faults.
    var faults = SeedFaults.none

    /// What the operator does meanwhile.
    var moves: [Operator.Move] = []

    /// What part of its windows' limits the venue really grants, and says so: one in so many, by turns for each seed.
    var limitDivisors = [1]

    /// How many orders and fills the venue shows on a page, by turns for each seed; nil as its profile says.
    ///
    /// Where a number stands, the venue takes one cancel a batch, too.
    var pageSizes: [Int?] = [nil]

    /// How the venue behaves beyond its profile.
    var venue = SimulatedVenueConfiguration()

    /// How often each promise is surely put to a decisive test in an hour of one symbol at the drill's own venue; what is
    /// missing is not tried.
    var rates: [Promise: Double] = [:]

    /// How often a run of half an hour or more surely does so, however long: for what happens a few times and no more.
    var least: [Promise: Int] = [:]

    /// How often a run of half an hour or more does so on average over many seeds, for what a single one may not do at all.
    var average: [Promise: Double] = [:]

    /// The venue that the bot was written for.
    static let home = VenueProfile.binanceUSDM.name

    /// Elsewhere an order may need more calls, or reduce nothing that the venue would refuse: of what is sure at home this
    /// share is.
    private static let shareElsewhere = 0.125

    /// How often a promise must be put to a decisive test in a run, or the run has shown nothing; 0: it is not tried here.
    func minimum(
        of promise: Promise, hours: Double, symbols: Int, seeds: Int = 1, venue: String = Scenario.home
    ) -> Int {
        // Every run is run twice.
        if promise == .sameSeedSameBytes { return seeds }
        let share = venue == Self.home ? 1 : Self.shareElsewhere
        let isLong = hours >= 0.5
        var least = isLong ? (least[promise] ?? 0).multipliedSaturating(by: seeds) : 0
        if isLong, let average = average[promise] {
            // What comes by chance comes three deviations less often once in a thousand times.
            let mean = average * share * Double(seeds)
            least = max(least, Int(max(0, mean - 3 * mean.squareRoot())))
        }
        guard let rate = rates[promise], promise != .progress || comesToProgress(hours: hours) else { return least }
        return max(least, max(1, Int(rate * share * hours * Double(symbols))).multipliedSaturating(by: seeds))
    }

    /// True where a run goes on for so long after its healing that progress is demanded.
    private func comesToProgress(hours: Double) -> Bool {
        let length = Duration.seconds(hours * 3_600)
        return faults.healsAt(length).map { length - $0 > .seconds(360) } ?? false
    }

    init(
        name: String, summary: String, faults: SeedFaults = .none, moves: [Operator.Move] = [],
        limitDivisors: [Int] = [1], pageSizes: [Int?] = [nil], rates: [Promise: Double] = [:],
        least: [Promise: Int] = [:],
        average: [Promise: Double] = [:]
    ) {
        self.name = name
        self.summary = summary
        self.faults = faults
        self.moves = moves
        self.limitDivisors = limitDivisors
        self.pageSizes = pageSizes
        self.rates = rates
        self.least = least
        self.average = average
    }

    /// The profile of a venue as the scenario has it; a window still holds the most expensive call.
    func profile(_ profile: VenueProfile, seed: UInt64) -> VenueProfile {
        let turns = UInt64(max(1, limitDivisors.count))
        let limitDivisor = limitDivisors.isEmpty ? 1 : limitDivisors[Int(seed % turns)]
        var tight = profile
        if !pageSizes.isEmpty, let pageSize = pageSizes[Int(seed / turns % UInt64(pageSizes.count))] {
            tight.pageSize = pageSize
            tight.cancelBatchSize = 1
        }
        for index in tight.limits.indices where tight.limits[index].counts != .open {
            let name = tight.limits[index].name
            let costs = (Array(profile.costs.values) + profile.costsWithoutSymbol.values).compactMap { $0[name] }
            let extra = profile.costsByAge.values.compactMap { $0[name]?.map(\.cost).max() }
            let least = (costs.max() ?? 1).addingSaturating(extra.max() ?? 0).multipliedSaturating(by: 2)
            tight.limits[index].limit = min(
                tight.limits[index].limit, max(least, tight.limits[index].limit / limitDivisor))
        }
        return tight
    }

    /// The same course with other faults: what it was sure to put to the test it no longer is.
    func with(_ faults: SeedFaults) -> Scenario {
        var scenario = self
        scenario.faults = faults
        (scenario.rates, scenario.least, scenario.average) = ([:], [:], [:])
        return scenario
    }

    /// The same course, scheduled as it is told even where a swarm would draw.
    var withoutDrawnSchedule: Scenario {
        guard case .swarm(var swarm) = faults else { return self }
        var scenario = self
        swarm.drawsSchedule = false
        scenario.faults = .swarm(swarm)
        return scenario
    }

    /// The kinds of faults that a run may have.
    var kinds: [FaultAction] {
        switch faults {
        case .plan(let plan, _): plan.actions
        case .swarm(let swarm): swarm.catalogue.map(\.action)
        }
    }

    /// The scenario of that name.
    static func named(_ name: String) -> Scenario? { all.first { $0.name == name } }
}
