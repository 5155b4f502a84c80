import Seawall
import SeawallBroker
import SeawallTime

@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A run of a preset on the whole road: a small bot on a machine, its layer, the faults, and a venue; then all is well.
struct PresetRoad: Sendable {
    let preset: FaultPreset
    var seed: UInt64 = 1

    /// When the last fault that waits for its time has had it, and is over.
    var healsAt: Duration {
        let last = preset.plan.actions.map { $0.from + ($0.effect.lasting ?? .zero) + .seconds(60) }.max() ?? .zero
        return max(Self.slow.contains(preset.name) ? .seconds(600) : .seconds(240), last)
    }

    /// Bans that follow each other, and streams on which little happens.
    private static let slow: Set<String> = ["ban", "odd-streams"]

    /// As long again as may pass until everything goes on, and a little for the proof.
    var length: Duration { healsAt + .seconds(450) }

    /// Binance's futures, and what only others have.
    private static let profile = VenueProfile.binanceUSDM.with { profile in
        profile.capabilities.formUnion([.preview, .status])
        profile.modes.insert(.postOnly)
    }

    func run() throws -> SimulationReport {
        var configuration = SimulationConfiguration()
        configuration.healsAt = healsAt
        let simulation = try Simulation(
            seed: seed, configuration: configuration, faults: preset.plan.healed(by: healsAt))
        return try simulation.run(for: length) { world in
            let market = try SimulatedMarket(.bitcoin, candles: .randomWalk(start: 20_000, seed: world.seed))
            let venue = try world.venue(Self.profile, markets: [market])
            let chaos = try world.chaos(venue)
            try await world.machine { machine in
                let guarded = try world.layer(venue: Self.profile, broker: chaos, on: machine)
                while (try? await guarded.layer.start(symbols: venue.symbols)) == nil {
                    try await machine.time.sleep(for: .seconds(2))
                }
                await PresetBot(broker: guarded.broker, time: machine.time, boot: machine.boot, healsAt: healsAt).run()
            }
        }
    }
}

/// Places, cancels, reads and listens, as long as it is let, and takes every error for an answer.
private struct PresetBot: Sendable {
    let broker: any Broker
    let time: any TimeSource
    let boot: Int
    let healsAt: Duration

    private var symbol: Symbol { VenueWorld.symbol }

    func run() async {
        await withTaskGroup { group in
            group.addTask { await again(every: healsAt / 50) { try await trade($0) } }
            group.addTask { await again(every: healsAt / 25) { try await read($0) } }
            group.addTask {
                await again(every: .seconds(2)) { _ in for try await _ in try await broker.userEvents() {} }
            }
            group.addTask {
                await again(every: .seconds(2)) { _ in
                    for try await _ in try await broker.marketEvents(for: [symbol]) {}
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
        let resting = try await place(order("b\(boot)r\(round)", side, rest))
        try await time.sleep(for: .seconds(1))
        await withTaskGroup { group in
            group.addTask { _ = try? await place(order("b\(boot)m\(round)", side, .market)) }
            guard let client = resting.clientID else { return }
            group.addTask { _ = try? await broker.cancel(.client(client), symbol: symbol) }
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
        _ = try? await broker.openOrders(for: symbol, page: nil)
        _ = try? await broker.fills(since: nil, symbol: symbol)
        _ = try? await broker.balances()
        _ = try? await broker.positions()
        guard round.isMultiple(of: 3) else { return }
        _ = try? await broker.limits()
        _ = try? await broker.preview(.market(.buy, 1))
    }
}
