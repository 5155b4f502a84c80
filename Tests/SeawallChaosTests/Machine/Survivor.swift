import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A bot that goes through the same list of wishes in every process, and leaves it to its layer to know what is done.
struct Survivor: Sendable {
    let machine: Machine
    let guarded: SimulatedLayer

    private var time: any TimeSource { machine.time }

    /// Makes a process's layer and lets it learn what it must know.
    init(_ machine: Machine, _ world: SimulatedWorld, _ chaos: any Broker) async throws {
        self.machine = machine
        guarded = try world.layer(venue: .binanceUSDM, broker: chaos, on: machine)
        while true {
            do {
                try await guarded.layer.start(symbols: [VenueWorld.symbol])
                return
            } catch let error as CancellationError {
                throw error
            } catch {
                try await time.sleep(for: .seconds(1))
            }
        }
    }

    /// Everything that the bot wants, in order; done again it is nothing.
    func work() async throws {
        for number in 0..<Self.rounds { try await round(String(number)) }
        try await settle()
    }

    /// How often it goes through its list.
    static let rounds = 4

    private func round(_ number: String) async throws {
        let rest = try await wish("rest" + number, .buy, 1, at: 19_000)
        try await wish("enter" + number, .buy, 2, at: 20_100)
        if machine.boot == 0 {
            try guarded.layer.pauseAll(for: .seconds(5), reason: "survivor")
            await expectDenied("denied" + number)
        }
        try await wish("part" + number, .sell, 1, at: 19_900)
        async let right = wish("right" + number, .sell, 1, at: 22_000)
        let left = try await wish("left" + number, .buy, 1, at: 18_000)
        try await cancel(rest)
        guarded.layer.kill(reason: "survivor")
        await expectDenied("killed" + number)
        try await cancel(left)
        try await time.sleep(for: .milliseconds(300))
        guarded.layer.releaseKill()
        try await wish("again" + number, .buy, 1, at: 20_100)
        try await cancel(right)
        try await wish("close" + number, .sell, 2, at: 19_900)
    }

    private func order(_ name: String, _ side: Side, _ quantity: Decimal, at price: Decimal) -> OrderRequest {
        OrderRequest(
            intent: IntentID(name), symbol: VenueWorld.symbol, side: side, quantity: .base(quantity),
            type: .limit(price: price))
    }

    private func expectDenied(_ name: String) async {
        await #expect(throws: (any Error).self) {
            _ = try await guarded.broker.place(order(name, .buy, 1, at: 19_000))
        }
    }

    /// Places an order until its layer says that it is at the venue, or was; what is proven to have failed is a new
    /// intent.
    @discardableResult
    private func wish(_ name: String, _ side: Side, _ quantity: Decimal, at price: Decimal) async throws -> Order {
        var attempt = 0
        while true {
            try Task.checkCancellation()
            let intent = "\(name).\(attempt)"
            if let known = try? await guarded.broker.place(order(intent, side, quantity, at: price)) {
                if known.status.provesExistence {
                    try await time.sleep(for: .milliseconds(200))
                    return known
                }
                if known.status.isTerminal { attempt += 1 }
            }
            try await time.sleep(for: .seconds(1))
        }
    }

    private func cancel(_ order: Order) async throws {
        guard let clientID = order.clientID, !order.status.isTerminal else { return }
        for _ in 0..<30 {
            try Task.checkCancellation()
            let result = try? await guarded.broker.cancel(.client(clientID), symbol: VenueWorld.symbol)
            if result?.status.isTerminal == true { return }
            try await time.sleep(for: .seconds(1))
        }
    }

    /// Waits until nothing is in doubt any more.
    private func settle() async throws {
        for _ in 0..<120 {
            if guarded.layer.exposure(of: VenueWorld.symbol).outstanding.isEmpty { return }
            try await time.sleep(for: .seconds(1))
        }
    }
}
