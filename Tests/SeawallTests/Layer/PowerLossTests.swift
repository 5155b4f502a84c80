import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A bot that wants the same from its first process to its last, on a machine that loses its power anywhere.
@Suite struct PowerLossTests {
    private static let intents = 4

    private static let rules = InstrumentRules(
        symbol: "BTCUSDT", tick: Decimal(sign: .plus, exponent: -2, significand: 1),
        lot: Decimal(sign: .plus, exponent: -3, significand: 1),
        minimumQuantity: Decimal(sign: .plus, exponent: -3, significand: 1), minimumNotional: 5, base: "BTC",
        quote: "USDT")

    private static let candle = Candle(
        openTime: CivilInstant(nanosecondsSinceEpoch: 0), open: 20_000, high: 20_000, low: 20_000, close: 20_000,
        volume: 1_000)

    private func run(
        seed: UInt64, crashes: [CrashPoint], faults: [FaultAction] = [],
        harm: (@Sendable (SimulatedDisk) -> Void)? = nil
    ) throws -> SimulationReport {
        try Simulation(seed: seed).run(for: .seconds(300)) { world in
            let market = try SimulatedMarket(Self.rules, candles: .recorded([Self.candle]))
            let venue = try world.venue(.binanceUSDM, markets: [market])
            let chaos = try world.chaos(venue, plan: FaultPlan(faults))
            try await world.machine(crashes: crashes) { machine in
                if machine.boot == 1 { harm?(world.disk) }
                let guarded = try world.layer(venue: .binanceUSDM, broker: chaos, on: machine)
                try await Self.work(guarded, machine)
            }
        }
    }

    private static func work(_ guarded: SimulatedLayer, _ machine: Machine) async throws {
        if guarded.layer.isStateUnreadable {
            _ = try? await guarded.broker.place(
                .limit(.buy, quantity: "0.01", of: "BTCUSDT", at: "19000", intent: "halted"))
            try await machine.time.sleep(for: .seconds(2))
            return
        }
        while (try? await guarded.layer.start(symbols: ["BTCUSDT"])) == nil {
            try await machine.time.sleep(for: .seconds(1))
        }
        for number in 0..<intents {
            let order = try OrderRequest.limit(
                number % 2 == 0 ? .buy : .sell, quantity: "0.01", of: "BTCUSDT", at: number == 1 ? "21000" : "20000",
                intent: IntentID("intent-\(number)"))
            _ = try? await guarded.broker.place(order)
            if number == 1 { try guarded.layer.pauseAll(for: .seconds(8), reason: "test") }
            if number == 2 { guarded.layer.kill(.strategy("other"), reason: "test") }
            try await machine.time.sleep(for: .milliseconds(300))
        }
        _ = try? await guarded.broker.cancelAll(for: "BTCUSDT")
        try await machine.time.sleep(for: .seconds(2))
    }

    @Test func noStepAtWhichThePowerGoesBreaksAPromise() throws {
        let whole = try run(seed: 3, crashes: [])
        #expect(whole.isClean && whole.brokenPromises.isEmpty, "\(whole) \(whole.brokenPromises)")
        // Every step is taken by the tests of the machine; here every seventh.
        for step in stride(from: 1, to: whole.steps, by: 7) {
            let run = try run(seed: 3, crashes: [.step(step)])
            #expect(run.isClean && run.brokenPromises.isEmpty, "step \(step): \(run) \(run.brokenPromises)")
        }
    }

    @Test func noOperationOfTheDiskAtWhichThePowerGoesBreaksAPromise() throws {
        for number in 1..<14 {
            for (seed, moment) in DiskMoment.allCases.enumerated() {
                let run = try run(
                    seed: UInt64(seed), crashes: [.diskOperation(number, moment), .diskOperation(number + 7, moment)])
                #expect(run.isClean && run.brokenPromises.isEmpty, "\(number) \(moment): \(run) \(run.brokenPromises)")
            }
        }
    }

    @Test func whatCannotBeReadHaltsTheNextProcess() throws {
        let harms: [@Sendable (SimulatedDisk) -> Void] = [
            { $0.corrupt(.flip(bit: 900)) }, { $0.corrupt(.delete) }, { $0.corrupt(.rubbish([1, 2, 3])) },
            { $0.corrupt(.unreadable) },
        ]
        for harm in harms {
            let run = try run(seed: 1, crashes: [.instant(.origin.advanced(by: .seconds(2)))], harm: harm)
            #expect(run.isClean && run.brokenPromises.isEmpty, "\(run) \(run.brokenPromises)")
        }
    }
}
