import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@Suite struct ExposureBookPropertyTests {
    private struct PendingAmend {
        let ticket: AmendTicket
        let index: Int
        let total: Int
        /// What the venue made of it; nil while it is on its way.
        var applied: Bool?
    }

    @Test(arguments: [false, true])
    func noOrderSentBelowOpenGrowsOrFlipsThePositionWhateverFillsLaterAndHoweverTheNewsCome(groups: Bool) {
        var admitted = 0
        var denied = 0
        for seed in UInt64(0)..<300 {
            var random = SeededGenerator(seed: seed, stream: "exposure")
            var world = ExposureWorld(position: Int(random.below(21)) - 10, countsGroupsOnce: groups)
            var reserved: [(id: ClientOrderID, side: Side, quantity: Int, group: LinkID?)] = []
            var heard: [NaiveVenue.News] = []
            var amends: [PendingAmend] = []
            var count = 0
            for _ in 0..<80 {
                switch random.below(13) {
                case 0: world.restrict(random.chance(0.7))
                case 1, 2, 3:
                    count += 1
                    let id = ClientOrderID("o\(count)")
                    let side: Side = random.chance(0.5) ? .buy : .sell
                    let quantity = 1 + Int(random.below(8))
                    let group: LinkID? = groups && random.chance(0.4) ? LinkID("g\(random.below(3))") : nil
                    if world.reserve(id, side, quantity, group: group) { reserved.append((id, side, quantity, group)) }
                case 4, 5:
                    guard let order = takeAny(&reserved, &random) else { break }
                    if random.chance(0.1) {
                        world.gate.book.giveBack(.client(order.id))
                    } else {
                        _ = world.send(order.id, order.side, order.quantity, group: order.group)
                    }
                case 6, 7:
                    guard !world.venue.sent.isEmpty else { break }
                    world.venue.fill(
                        Int(random.below(UInt64(world.venue.sent.count))), 1 + Int(random.below(5)))
                case 8:
                    guard !world.venue.sent.isEmpty else { break }
                    let index = Int(random.below(UInt64(world.venue.sent.count)))
                    if random.chance(0.5) { world.venue.end(index) } else { world.venue.report(index) }
                case 9:
                    if let news = heard.isEmpty ? nil : heard[Int(random.below(UInt64(heard.count)))] {
                        world.hear(news)
                    }
                case 10: amend(&world, &amends, &random)
                default:
                    guard let news = takeAny(&world.venue.news, &random) else { break }
                    world.hear(news)
                    heard.append(news)
                }
                if !world.isSound {
                    Issue.record("seed \(seed): the book promises more than the truth has")
                    return
                }
                if let broken = world.venue.broken.first {
                    Issue.record("seed \(seed): \(broken)")
                    return
                }
            }
            // Whatever is still live fills to the end, in any order.
            for index in world.venue.sent.indices.shuffled(using: &random) { world.venue.fill(index, .max) }
            #expect(world.venue.broken.isEmpty, "seed \(seed)")
            // Once all has been heard the book knows the truth, whatever the order of the news.
            for news in world.venue.news.shuffled(using: &random) { world.hear(news) }
            #expect(world.gate.book.position(of: ExposureWorld.symbol) == Int128(world.venue.position), "seed \(seed)")
            admitted += world.admittedBelowOpen
            denied += world.deniedBelowOpen
        }
        #expect(admitted > 250)
        #expect(denied > 500)
    }

    private func amend(
        _ world: inout ExposureWorld, _ pending: inout [PendingAmend],
        _ random: inout SeededGenerator
    ) {
        if random.chance(0.6), !pending.isEmpty {
            let chosen = Int(random.below(UInt64(pending.count)))
            let amend = pending[chosen]
            if amend.applied == nil {
                // It arrives, at whatever time and in whatever order, or it is lost.
                let order = world.venue.sent[amend.index]
                let applies = random.chance(0.7) && order.isLive && amend.total > order.filled
                if applies { world.venue.sent[amend.index].total = amend.total }
                pending[chosen].applied = applies
            } else if let applied = pending.remove(at: chosen).applied {
                world.gate.book.settle(amend.ticket, applied: applied)
            }
        } else if !world.venue.sent.isEmpty {
            let index = Int(random.below(UInt64(world.venue.sent.count)))
            let total = 1 + Int(random.below(10))
            let amend = AmendReservation(
                order: .client(world.venue.sent[index].id), total: Int128(total), changesPrice: random.chance(0.5))
            let permission = world.permission
            guard world.gate.book.refusal(of: amend, under: permission) == nil else { return }
            let ticket = world.gate.book.reserve(amend)
            guard world.gate.book.handOver(ticket, under: permission, now: world.now) == nil else {
                Issue.record("an amend was refused in the step in which it was admitted")
                return
            }
            if permission == .open {
                let side = world.venue.sent[index].side
                for other in world.venue.sent.indices where world.venue.sent[other].side == side {
                    world.venue.sent[other].mustReduce = false
                }
            }
            pending.append(PendingAmend(ticket: ticket, index: index, total: total))
        }
    }

    private func takeAny<Element>(_ elements: inout [Element], _ random: inout SeededGenerator) -> Element? {
        guard !elements.isEmpty else { return nil }
        return elements.remove(at: Int(random.below(UInt64(elements.count))))
    }
}
