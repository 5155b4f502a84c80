import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

@Suite struct SwarmTests {
    private let length = Duration.seconds(60)

    @Test func theSameSeedGivesTheSamePlanAndAnotherAnother() {
        let swarm = Swarm()
        var plans: Set<FaultPlan> = []
        for seed in 0..<200 as Range<UInt64> {
            let plan = swarm.plan(seed: seed, length: length)
            #expect(plan == swarm.plan(seed: seed, length: length))
            plans.insert(plan)
        }
        #expect(plans.count == 200)
    }

    @Test func everyPlanMakesSenseStrikesSomethingAndIsOverWhenItSays() throws {
        let swarm = Swarm()
        #expect(swarm.healsAt(length) == .seconds(36))
        for seed in 0..<100 as Range<UInt64> {
            let plan = swarm.plan(seed: seed, length: length)
            try plan.validate()
            #expect(!plan.actions.isEmpty)
            #expect(plan.problems(healingBy: swarm.healsAt(length)).isEmpty, "seed \(seed)")
            for action in plan.actions {
                let kind = try #require(swarm.catalogue.first { $0.action.name == action.name })
                #expect(kind.rate.contains(action.probability))
                #expect(action.times == kind.action.times)
                #expect(action.effect == kind.action.effect)
            }
        }
    }

    @Test func everyKindIsChosenBySomeSeedsAndByNoneAlways() {
        let swarm = Swarm()
        var chosen: [String: Int] = [:]
        for seed in 0..<200 as Range<UInt64> {
            for action in swarm.plan(seed: seed, length: length).actions { chosen[action.name, default: 0] += 1 }
        }
        for fault in swarm.catalogue {
            let count = chosen[fault.action.name] ?? 0
            #expect((20...130).contains(count), "\(fault.action.name) \(count)")
        }
    }

    @Test func theStandardCatalogueHasEveryKindOfFaultOnceUnderEachName() throws {
        try Swarm().validate()
        let kinds = Set(SwarmFault.standard.map(\.action.effect.name))
        #expect(kinds == Set(FaultEffect.Kind.allCases.map(\.rawValue)))
        #expect(Set(SwarmFault.standard.map(\.action.name)).count == SwarmFault.standard.count)
        #expect(!SwarmFault.reading.isEmpty)
        for fault in SwarmFault.reading {
            #expect(!fault.action.operations.contains { $0.changesOrders })
        }
    }

    @Test func aKindMoreAtTheEndLeavesTheDrawsOfTheOthers() {
        let all = Swarm()
        let fewer = Swarm(catalogue: Array(all.catalogue.dropLast(3)))
        let dropped = Set(all.catalogue.suffix(3).map(\.action.name))
        for seed in 0..<100 as Range<UInt64> {
            let kept = Set(all.plan(seed: seed, length: length).actions.filter { !dropped.contains($0.name) })
            let without = Set(fewer.plan(seed: seed, length: length).actions)
            // But for the one that is in every plan, of which each catalogue draws its own.
            #expect(kept.symmetricDifference(without).count <= 2, "seed \(seed)")
        }
    }

    @Test func itHealsWhereItIsToldAndAShortRunHasOnlyWhatFits() {
        let swarm = Swarm(healAfter: 0.25)
        #expect(swarm.healsAt(.seconds(40)) == .seconds(10))
        #expect(swarm.healsAt(.zero) == .zero)
        #expect(swarm.healsAt(.seconds(-1)) == .zero)
        #expect(swarm.plan(seed: 1, length: .zero).actions.isEmpty)
        for seed in 0..<50 as Range<UInt64> {
            for action in swarm.plan(seed: seed, length: .seconds(8)).actions {
                #expect((action.effect.lasting ?? .seconds(99)) < .seconds(2))
            }
        }
    }

    @Test func everythingThatMakesNoSenseIsListed() {
        let bad = SwarmFault(.emptyOrders, on: .on(.place), rate: 0...2)
        let error = #expect(throws: InvalidFields.self) { try Swarm(catalogue: [bad], healAfter: 1.5).validate() }
        let names = error?.fields.map(\.name) ?? []
        for name in ["healAfter", "catalogue[0].rate", "catalogue[0].actions[0].match.operations"] {
            #expect(names.contains(name), "\(name) in \(names)")
        }
        #expect(throws: InvalidFields.self) { try Swarm(catalogue: []).validate() }
    }
}
