import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Identity, cancels, batches, amends and counts that come back, against a plain list of orders.
@Suite struct VenueOrderModelTests {
    /// What the model knows of one order.
    private struct Entry {
        var number: Int
        var client: ClientOrderID
        var quantity: Int
        var filled = 0
        var status = OrderStatus.working
        /// When its place was charged, until it begins to fill.
        var chargedAt: MonotonicInstant?
    }

    private static let window = Duration.seconds(10)
    private static let batch = 3

    /// A venue and the list that it is held against; quantities are in thousandths.
    private struct History {
        let world: VenueWorld
        let profile: VenueProfile
        var entries: [Entry] = []
        /// Places that made no order of their own.
        var lostCharges: [MonotonicInstant] = []

        func open(_ client: ClientOrderID) -> Entry? { entries.last { $0.client == client && $0.status == .working } }

        mutating func change(_ number: Int, _ change: (inout Entry) -> Void) { change(&entries[number - 1]) }
    }

    private static func profile(_ identity: IdentityClass, replaces: Bool) -> VenueProfile {
        VenueProfile.plain.with { profile in
            profile.identity = identity
            profile.amendReplaces = replaces
            profile.cancelBatchSize = batch
            if !replaces {
                profile.limits = [
                    LimitRule(
                        name: "o", scope: .account, counts: .order, shape: .rolling, limit: 10_000, window: window,
                        releasesOnFill: true)
                ]
                profile.costs = [.place: ["o": 1]]
            }
        }
    }

    @Test(arguments: [IdentityClass.returnsOriginal, .uniqueAmongOpen, .uniqueForever, .unchecked], [false, true])
    func randomHistoriesAgreeWithAList(identity: IdentityClass, replaces: Bool) async throws {
        let profile = Self.profile(identity, replaces: replaces)
        var reached: Set<OrderStatus> = []
        for seed in 1...4 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "orders")
            var configuration = SimulatedVenueConfiguration.instant
            configuration.balances = ["USDT": 1_000_000_000]
            var history = History(
                world: try VenueWorld(profile: profile, configuration: configuration), profile: profile)
            for _ in 0..<120 {
                history.world.time.advance(by: .milliseconds(Int64(random.below(1_500))))
                try await step(&history, &random)
                try await compare(history, "seed \(seed)")
            }
            reached.formUnion(history.entries.map(\.status))
        }
        #expect(reached.isSuperset(of: [.cancelled, .filled]))
    }

    private func step(_ history: inout History, _ random: inout SeededGenerator) async throws {
        let clients: [ClientOrderID] = ["x", "y", "z"]
        let client = clients[Int(random.below(3))]
        let number = Int(random.below(UInt64(history.entries.count + 1))) + 1
        switch random.below(6) {
        case 0, 1: try await place(client, Int(random.below(5)) + 1, &history)
        case 2: await cancel(client, &history)
        case 3:
            let count = Int(random.below(5)) + 1
            await cancel((0..<count).map { (number + $0 * 7) % (history.entries.count + 2) + 1 }, &history)
        case 4: await amend(number, (Int(random.below(6)) + 1) * 1_000 + 7, &history)
        default: fill(number, whole: random.chance(0.5), &history)
        }
    }

    private func place(_ client: ClientOrderID, _ quantity: Int, _ history: inout History) async throws {
        let (time, world) = (history.world.time, history.world)
        let isTaken =
            switch history.profile.identity {
            case .returnsOriginal, .uniqueForever: history.entries.contains { $0.client == client }
            case .uniqueAmongOpen: history.open(client) != nil
            case .unchecked: false
            }
        let order = try? await world.place(.limit(.buy, Decimal(quantity), at: 90, id: client))
        if isTaken {
            history.lostCharges.append(time.now)
            let original = history.entries.first { $0.client == client }?.number
            #expect(
                order?.venueID?.rawValue
                    == (history.profile.identity == .returnsOriginal ? original.map(String.init) : nil))
        } else {
            let number = history.entries.count + 1
            #expect(order?.venueID?.rawValue == "\(number)")
            history.entries.append(
                Entry(number: number, client: client, quantity: quantity * 1_000, chargedAt: time.now))
        }
    }

    private func cancel(_ client: ClientOrderID, _ history: inout History) async {
        let answer = try? await history.world.venue.cancel(.client(client), symbol: VenueWorld.symbol)
        let open = history.open(client)
        #expect(answer?.venueID?.rawValue == open.map { "\($0.number)" })
        if let open { history.change(open.number) { $0.status = .cancelled } }
    }

    private func cancel(_ numbers: [Int], _ history: inout History) async {
        let targets = numbers.map { OrderTarget.venue(VenueOrderID("\($0)")) }
        let answer = try? await history.world.venue.cancel(targets, symbol: VenueWorld.symbol)
        #expect((answer == nil) == (numbers.count > Self.batch), "\(numbers)")
        guard let answer else { return }
        #expect(answer.map(\.target) == targets)
        for (number, result) in zip(numbers, answer) {
            let isOpen = number <= history.entries.count && history.entries[number - 1].status == .working
            #expect((try? result.result.get().status) == (isOpen ? .cancelled : nil))
            if isOpen { history.change(number) { $0.status = .cancelled } }
        }
    }

    private func amend(_ number: Int, _ quantity: Int, _ history: inout History) async {
        let request = AmendRequest(
            target: .venue(VenueOrderID("\(number)")), symbol: VenueWorld.symbol,
            quantity: Decimal(sign: .plus, exponent: -3, significand: Decimal(quantity)))
        let answer = try? await history.world.venue.amend(request)
        guard number <= history.entries.count, history.entries[number - 1].status == .working,
            history.entries[number - 1].quantity != quantity
        else {
            #expect(answer == nil)
            return
        }
        let old = history.entries[number - 1]
        #expect(answer != nil)
        if quantity <= old.filled {
            history.change(number) { $0.status = .cancelled }
        } else if history.profile.amendReplaces {
            history.change(number) { $0.status = .cancelled }
            history.entries.append(
                Entry(number: history.entries.count + 1, client: old.client, quantity: quantity - old.filled))
        } else {
            history.change(number) { $0.quantity = quantity }
        }
    }

    private func fill(_ number: Int, whole: Bool, _ history: inout History) {
        let target = OrderTarget.venue(VenueOrderID("\(number)"))
        guard number <= history.entries.count, history.entries[number - 1].status == .working else {
            history.world.venue.fill(target, symbol: VenueWorld.symbol)
            return
        }
        let rest = history.entries[number - 1].quantity - history.entries[number - 1].filled
        let isWhole = whole || rest % 2 == 1
        history.world.venue.fill(target, symbol: VenueWorld.symbol, perMille: isWhole ? 1_000 : 500)
        history.change(number) { entry in
            entry.filled += isWhole ? rest : rest / 2
            entry.chargedAt = nil
            if isWhole { entry.status = .filled }
        }
    }

    /// Everything that the venue can be asked about its orders.
    private func compare(_ history: History, _ comment: Comment) async throws {
        let truth = history.world.look()
        #expect(
            truth.workingOrders.map { $0.venueID?.rawValue }
                == history.entries.filter { $0.status == .working }.map { "\($0.number)" }, comment)
        for client in ["x", "y", "z"] as [ClientOrderID] {
            let known = history.entries.filter { $0.client == client }
            let orders = truth.ordersByClientID[client] ?? []
            #expect(orders.map { $0.venueID?.rawValue } == known.map { "\($0.number)" }, comment)
            #expect(orders.map(\.status) == known.map(\.status), comment)
            #expect(orders.map { $0.filled * 1_000 } == known.map { Decimal($0.filled) }, comment)
            let open = zip(orders, known).filter { $0.1.status == .working }
            #expect(open.map { $0.0.quantity * 1_000 } == open.map { Decimal($0.1.quantity) }, comment)
        }
        let bought = history.entries.map(\.filled).reduce(0, +)
        #expect((truth.positions[VenueWorld.symbol] ?? 0) * 1_000 == Decimal(bought), comment)
        guard let limit = try await history.world.venue.limits().first else { return }
        let charges = history.entries.compactMap(\.chargedAt) + history.lostCharges
        let now = history.world.time.now
        #expect(limit.used == charges.count { $0.advanced(by: Self.window) > now }, comment)
    }

    /// On every connection each event follows the one before, whatever happens.
    @Test(arguments: SequenceRule.allCases)
    func randomHistoriesNumberTheEventsOfEachConnectionWithoutAGap(rule: SequenceRule) async throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "sequence")
            let world = try VenueWorld(profile: VenueProfile.plain.with { $0.sequence = rule })
            var streams: [(opened: Int, events: AsyncThrowingStream<UserEvent, any Error>)] = []
            var told = 0
            for step in 0..<40 {
                if step == 0 || random.chance(0.1) { streams.append((told, try await world.venue.userEvents())) }
                if random.chance(0.7) {
                    _ = try await world.place(.limit(.buy, 1, at: 90, id: ClientOrderID("c\(step)")))
                    told += 1
                } else if let order = world.look().workingOrders.first?.venueID {
                    _ = try await world.venue.cancel(.venue(order), symbol: VenueWorld.symbol)
                    told += 1
                }
            }
            world.venue.close()
            for stream in streams {
                var reader = NaiveSequence(rule: rule)
                var steps: [NaiveSequence.Step] = []
                for try await event in stream.events { steps.append(reader.step(event.sequence)) }
                let expected: [NaiveSequence.Step] =
                    rule == .none ? steps.map { _ in .unnumbered } : steps.indices.map { $0 == 0 ? .first : .next }
                #expect(steps == expected, "seed \(seed)")
                #expect(steps.count == told - stream.opened)
                if rule == .contiguous { #expect(reader.last?.last == Int64(steps.count).nonZero) }
            }
        }
    }
}

extension Int64 {
    fileprivate var nonZero: Int64? { self == 0 ? nil : self }
}
