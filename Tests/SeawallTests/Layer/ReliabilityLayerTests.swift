import Seawall
import SeawallChaos
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ReliabilityLayerTests {
    @Test func everyBadFieldIsListedAtOnce() {
        var configuration = LayerConfiguration()
        configuration.orderTimeout = .zero
        configuration.readTimeout = .seconds(601)
        configuration.sendWithin = .zero
        configuration.cancelPatience = .zero
        configuration.clockMargin = .seconds(-1)
        configuration.pollInterval = .zero
        configuration.concurrentReads = 0
        configuration.limitShare = 1_001
        configuration.absencesRequired = 0
        configuration.ledgerCapacity = 0
        configuration.clientIDPrefix = "Ü-"
        do {
            try configuration.validate()
            Issue.record("every field is bad")
        } catch {
            let names = [
                "orderTimeout", "readTimeout", "sendWithin", "cancelPatience", "clockMargin", "pollInterval",
                "concurrentReads", "limitShare", "absencesRequired", "ledgerCapacity", "clientIDPrefix",
            ]
            for name in names { #expect(error.message.contains(name + " is "), "\(name)") }
        }
    }

    @Test func theDefaultConfigurationIsValid() throws {
        try LayerConfiguration().validate()
    }

    @Test func startingTwiceFollowsTheAccountOnce() throws {
        try Rig.run { rig in
            try await rig.start(position: 1)
            try await rig.start(position: 2)
            #expect(rig.layer.exposure(of: Rig.symbol).position == 1)
            #expect(rig.script.attempts(of: .positions) == 2)
            try await rig.pass(.seconds(1))
            #expect(rig.script.attempts(of: .userStream) == 1)
        }
    }

    @Test func aStartThatFailedMayBeMadeAgain() throws {
        try Rig.run { rig in
            rig.script.next(.positions, .fail(.answered("-2015", status: 401)))
            await #expect(throws: BrokerError.self) { try await rig.start(position: 3) }
            try await rig.start(position: 3)
            #expect(rig.layer.exposure(of: Rig.symbol).position == 3)
        }
    }

    @Test func aFillDuringTheStartCountsOnce() throws {
        try Rig.run { rig in
            rig.base.update { answers in
                answers.orders = [
                    Order(
                        venueID: "V7", symbol: Rig.symbol, side: .buy, quantity: 5, type: .limit(price: 100),
                        status: .working)
                ]
            }
            rig.script.next(.positions, .arriveLate(.seconds(1)))
            async let starting: Void = rig.layer.start(symbols: [Rig.symbol])
            try await rig.pass(.milliseconds(500))
            rig.base.update { answers in
                answers.positions = [Position(symbol: Rig.symbol, quantity: 2)]
                answers.orders[0].filled = 2
                answers.fills = [
                    Fill(
                        id: "f1", venueID: "V7", clientID: nil, symbol: Rig.symbol, side: .buy, quantity: 2,
                        price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0))
                ]
            }
            try await starting
            try await rig.pass(.seconds(40))
            #expect(rig.layer.exposure(of: Rig.symbol).position == 2)
            #expect(rig.layer.exposure(of: Rig.symbol).buying == 3)
        }
    }

    @Test func oneAnswerAloneIsNotBelievedAtTheStart() throws {
        try Rig.run { rig in
            rig.base.update { $0.positions = [] }
            rig.script.next(.positions, .pass, .arriveLate(.seconds(1)))
            async let starting: Void = rig.layer.start(symbols: [Rig.symbol])
            try await rig.pass(.milliseconds(500))
            rig.base.update { $0.positions = [Position(symbol: Rig.symbol, quantity: 2)] }
            try await starting
            #expect(rig.layer.exposure(of: Rig.symbol).position == 2)
            #expect(rig.script.attempts(of: .positions) == 4, "two that differ ask for a third that agrees")
        }
    }

    @Test func positionsThatNeverAgreeAreNotBelieved() throws {
        try Rig.run { rig in
            rig.script.always(.positions, .arriveLate(.milliseconds(200)))
            async let failure: (any Error)? = {
                do { try await rig.layer.start(symbols: [Rig.symbol]) } catch { return error }
                return nil
            }()
            for quantity in 1...1_000 {
                rig.base.update { $0.positions = [Position(symbol: Rig.symbol, quantity: Decimal(quantity))] }
                try await rig.pass(.milliseconds(100))
            }
            let error = await failure as? GuardError
            #expect(error?.code == .failed)
            #expect(error?.message.contains("start again") == true)
            #expect(rig.script.attempts(of: .positions) == 12)
            #expect(rig.layer.exposure(of: Rig.symbol).position == nil)
        }
    }

    @Test func fillsThatCannotBeReadAtTheStartAreReadAgain() throws {
        try Rig.run { rig in
            rig.base.update { answers in
                answers.positions = [Position(symbol: Rig.symbol, quantity: 2)]
                answers.fills = [
                    Fill(
                        id: "f1", venueID: "V7", clientID: nil, symbol: Rig.symbol, side: .buy, quantity: 2,
                        price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0))
                ]
            }
            let refused = BrokerError.answered("-2015", status: 401)
            rig.script.next(.fills, .fail(refused), .fail(refused), .fail(refused))
            try await rig.layer.start(symbols: [Rig.symbol])
            try await rig.pass(.seconds(40))
            // The fill is in the position already: counted on top of it, it would make 4.
            #expect(rig.layer.exposure(of: Rig.symbol).position == 2)
        }
    }

    @Test func stoppingLetsEverybodyGo() async throws {
        let time = ManualTime()
        let rig = try Rig(RuntimeEnvironment(time: time))
        rig.script.next(.place, .arriveLate(.seconds(3)))
        try await rig.start(position: 1)
        let request = try Rig.buy("a")
        async let placing = rig.failure(of: request)
        // The poll, the deadline of the place, and the place itself.
        await time.waitForSleepers(3)
        rig.layer.stop()
        _ = try await placing
        #expect(try await rig.failure(of: Rig.buy("b"))?.code == .denied)
    }

    @Test func theLayerIsGivenBackWhenNobodyHoldsIt() throws {
        weak var gone: GuardedBroker?
        do {
            let rig = try Rig(RuntimeEnvironment(time: ManualTime()))
            gone = rig.broker
            #expect(gone != nil)
        }
        #expect(gone == nil)
    }

    @Test func metricsTellWhatHappened() throws {
        try Rig.run { rig in
            _ = try await rig.broker.place(Rig.buy("a"))
            rig.script.next(.place, .fail(.answered("-2019")))
            _ = try? await rig.broker.place(Rig.buy("b"))
            try rig.layer.pauseAll(reason: "test")
            let lines = rig.layer.metrics.prometheusText().split(separator: "\n").map(String.init)
            for expected in [
                #"seawall_operation_successes_total{operation="place"} 1"#,
                #"seawall_operation_failures_total{error_type="rejected",operation="place"} 1"#,
                #"seawall_order_transitions_total{state="sent"} 2"#,
                #"seawall_order_transitions_total{state="working"} 1"#,
                #"seawall_order_transitions_total{state="rejected"} 1"#,
                #"seawall_permission_level{scope="global"} 2"#,
                "seawall_orders_unknown 0",
            ] {
                #expect(lines.contains(expected), "\(expected)")
            }
            for line in lines where !line.hasPrefix("#") {
                let value = line.split(separator: " ").last.map(String.init) ?? ""
                #expect(Double(value) != nil || ["+Inf", "NaN"].contains(value), "\(line)")
            }
        }
    }
}
