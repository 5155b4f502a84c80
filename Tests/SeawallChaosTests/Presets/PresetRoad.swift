import Seawall
import SeawallBroker
import SeawallTime
import Testing

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run of a preset on the whole road: a small bot on a machine, its layer, the faults, and a venue; then all is well.
struct PresetRoad: Sendable {
    let preset: FaultPreset
    let venue: String
    var seed: UInt64 = 1

    /// When the last fault that waits for its time has had it, and is over.
    var healsAt: Duration {
        let last = preset.plan.actions.map { $0.from + ($0.effect.lasting ?? .zero) + .seconds(60) }.max() ?? .zero
        return max(Self.slow.contains(preset.name) ? .seconds(600) : .seconds(240), last)
    }

    /// Bans that follow each other, and streams on which little happens.
    private static let slow: Set<String> = ["ban", "odd-streams"]

    /// True where the run goes on until progress can be demanded; at the other venues what strikes, and what comes of it,
    /// has to do.
    var isLong: Bool { venue == VenueProfile.binanceUSDM.name }

    /// As long again as may pass until everything goes on, and a little for the proof; elsewhere long enough for what is in
    /// doubt at the end of the faults to be asked for.
    var length: Duration { healsAt + .seconds(isLong ? 450 : 120) }

    /// The venue's own, and what only others have.
    private func profile() throws -> VenueProfile {
        try #require(VenueProfile.named(venue)).forPresets.with { if hasPages { $0.pageSize = 1 } }
    }

    private var hasPages: Bool { preset.name == "partial-pages" }

    /// Lists hold more than what is about to go.
    private var hasLists: Bool { ["partial-pages", "empty-orders", "old-answers"].contains(preset.name) }

    func run() throws -> SimulationReport {
        var configuration = SimulationConfiguration()
        configuration.healsAt = healsAt
        let simulation = try Simulation(
            seed: seed, configuration: configuration, faults: preset.plan.healed(by: healsAt))
        return try simulation.run(for: length) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .randomWalk(start: 20_000, seed: world.seed))
            let profile = try profile()
            let venue = try world.venue(profile, markets: [market])
            let chaos = try world.chaos(venue)
            try await world.machine { machine in
                let guarded = try world.layer(venue: profile, broker: chaos, on: machine)
                while (try? await guarded.layer.start(symbols: venue.symbols)) == nil {
                    try await machine.time.sleep(for: .seconds(2))
                }
                await PresetBot(
                    broker: guarded.broker, time: machine.time, boot: machine.boot, healsAt: healsAt,
                    resting: hasLists ? 3 : 1
                ).run()
            }
        }
    }
}

/// Places, cancels, reads and listens, as long as it is let, and takes every error for an answer.
private final class PresetBot: Sendable {
    let broker: any Broker
    let time: any TimeSource
    let boot: Int
    let healsAt: Duration
    /// How many orders rest at a time.
    let resting: Int
    private let names = Lock<[ClientOrderID]>([])

    init(broker: any Broker, time: any TimeSource, boot: Int, healsAt: Duration, resting: Int) {
        self.broker = broker
        self.time = time
        self.boot = boot
        self.healsAt = healsAt
        self.resting = resting
    }

    private var symbol: Symbol { VenueWorld.symbol }

    func run() async {
        await withTaskGroup { group in
            group.addTask { await self.again(every: self.healsAt / 50) { try await self.trade($0) } }
            group.addTask { await self.again(every: self.healsAt / 25) { try await self.read($0) } }
            group.addTask {
                await self.again(every: .seconds(2)) { _ in for try await _ in try await self.broker.userEvents() {} }
            }
            group.addTask {
                await self.again(every: .seconds(2)) { _ in
                    for try await _ in try await self.broker.marketEvents(for: [self.symbol]) {}
                }
            }
        }
    }

    /// Once all is well there is little to be seen.
    private func again(every rhythm: Duration, _ work: @Sendable (Int) async throws -> Void) async {
        var round = 0
        while !Task.isCancelled {
            try? await work(round)
            round += 1
            let isWell = time.now >= .origin.advanced(by: healsAt)
            guard (try? await time.sleep(for: isWell ? .seconds(60) : rhythm)) != nil else { return }
        }
    }

    /// Orders that rest and are cancelled behind the next one, and orders that fill at once, one side after the other.
    private func trade(_ round: Int) async throws {
        let side: Side = round.isMultiple(of: 2) ? .buy : .sell
        let rest: OrderType = .limit(price: side == .buy ? 10_000 : 40_000)
        let placed = try await place(order("b\(boot)r\(round)", side, rest))
        if let client = placed.clientID { names.withLock { $0.append(client) } }
        try await time.sleep(for: .seconds(1))
        let oldest = names.withLock { $0.count < resting ? nil : $0.removeFirst() }
        await withTaskGroup { group in
            group.addTask { _ = try? await self.place(self.order("b\(self.boot)m\(round)", side, .market)) }
            guard let oldest else { return }
            group.addTask { _ = try? await self.broker.cancel(.client(oldest), symbol: self.symbol) }
        }
    }

    private func order(_ intent: String, _ side: Side, _ type: OrderType) -> OrderRequest {
        OrderRequest(
            intent: IntentID(intent), symbol: symbol, side: side,
            quantity: .base(Decimal(sign: .plus, exponent: -2, significand: 1)), type: type)
    }

    /// Asks again for what is not known.
    private func place(_ order: OrderRequest) async throws -> Order {
        for _ in 0..<3 {
            do {
                return try await broker.place(order)
            } catch let error as GuardError {
                guard error.code == .outcomeUnknown else { throw error }
                try await time.sleep(for: .seconds(3))
            }
        }
        return try await broker.place(order)
    }

    private func read(_ round: Int) async throws {
        _ = try? await broker.ticker(for: symbol)
        var page = try? await broker.openOrders(for: symbol, page: nil)
        while let next = page?.next { page = try? await broker.openOrders(for: symbol, page: next) }
        _ = try? await broker.fills(since: nil, symbol: symbol)
        _ = try? await broker.balances()
        _ = try? await broker.positions()
        guard round.isMultiple(of: 3) else { return }
        _ = try? await broker.limits()
        _ = try? await broker.preview(.market(.buy, 1))
    }
}

extension VenueProfile {
    /// The venue with every mode, and with previews where it has words to refuse one.
    var forPresets: VenueProfile {
        let open = with { profile in
            profile.capabilities.insert(.status)
            profile.modes.formUnion([.maintenance, .cancelOnly, .postOnly])
        }
        let previewing = open.with { $0.capabilities.insert(.preview) }
        return (try? previewing.validate()) == nil ? open : previewing
    }
}
