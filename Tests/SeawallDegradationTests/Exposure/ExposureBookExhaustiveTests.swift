import SeawallBroker
import SeawallDegradation
import Testing

@Suite struct ExposureBookExhaustiveTests {
    private struct Plan {
        let id: ClientOrderID
        let side: Side
        let quantity: Int
        let isBelowOpen: Bool
    }

    /// Walks every interleaving of sending, filling and hearing, once for each state that can be told apart.
    private struct Walk {
        let plans: [Plan]
        var seen: Set<[Int]> = []
        var states = 0
        var sentBelowOpen = 0
        var fault: String?

        mutating func explore(_ world: ExposureWorld, results: [Int], heard: [Int]) {
            guard fault == nil else { return }
            guard seen.insert(key(world, results: results, heard: heard)).inserted else { return }
            states += 1
            if !world.isSound { fault = "unsound after \(results), \(heard)" }
            if let broken = world.venue.broken.first { fault = broken }
            if results.count < plans.count {
                var world = world
                let plan = plans[results.count]
                world.restrict(plan.isBelowOpen)
                let isSent =
                    world.reserve(plan.id, plan.side, plan.quantity) && world.send(plan.id, plan.side, plan.quantity)
                if isSent, plan.isBelowOpen { sentBelowOpen += 1 }
                explore(world, results: results + [isSent ? 1 : 0], heard: heard)
            }
            for index in world.venue.sent.indices where world.venue.sent[index].isLive {
                var filled = world
                filled.venue.fill(index, 1)
                explore(filled, results: results, heard: heard)
                var ended = world
                ended.venue.end(index)
                explore(ended, results: results, heard: heard)
            }
            for index in world.venue.news.indices where !heard.contains(index) {
                var next = world
                next.hear(world.venue.news[index])
                explore(next, results: results, heard: (heard + [index]).sorted())
            }
        }

        /// News in the order in which the venue wrote them, so the same set heard is the same knowledge.
        private func key(_ world: ExposureWorld, results: [Int], heard: [Int]) -> [Int] {
            var key = results + [-1]
            for news in world.venue.news {
                switch news {
                case .fill(let id, _, _, _): key.append(number(id))
                case .snapshot(let id, _, _, let isOver): key.append(number(id) + (isOver ? 20 : 10))
                }
            }
            return key + [-1] + heard
        }

        private func number(_ id: ClientOrderID) -> Int { plans.firstIndex { $0.id == id } ?? 9 }
    }

    @Test(arguments: [2, -2, 1, 0])
    func everyInterleavingOfThreeSmallOrdersKeepsTheStandingRule(position: Int) {
        let closing: Side = position >= 0 ? .sell : .buy
        let scripts: [[Plan]] = [
            [
                Plan(id: "a", side: closing, quantity: 1, isBelowOpen: true),
                Plan(id: "b", side: closing, quantity: 1, isBelowOpen: true),
                Plan(id: "c", side: closing, quantity: 1, isBelowOpen: true),
            ],
            [
                Plan(id: "a", side: closing.opposite, quantity: 1, isBelowOpen: false),
                Plan(id: "b", side: closing, quantity: 2, isBelowOpen: true),
                Plan(id: "c", side: closing, quantity: 1, isBelowOpen: true),
            ],
            [
                Plan(id: "a", side: closing, quantity: 2, isBelowOpen: false),
                Plan(id: "b", side: closing.opposite, quantity: 1, isBelowOpen: true),
                Plan(id: "c", side: closing, quantity: 1, isBelowOpen: true),
            ],
        ]
        var sent = 0
        var states = 0
        for plans in scripts {
            var walk = Walk(plans: plans)
            walk.explore(ExposureWorld(position: position), results: [], heard: [])
            #expect(walk.fault == nil)
            sent += walk.sentBelowOpen
            states += walk.states
        }
        #expect(states > 500)
        #expect(position == 0 || sent > 0)
    }
}
