import Seawall
import SeawallChaos
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension MetricScenario {
    private static let stream = ["stream": "user"]

    private static func order(_ venueID: VenueOrderID) -> Order {
        Order(
            venueID: venueID, symbol: Rig.symbol, side: .buy, quantity: 1, type: .limit(price: 100), status: .working)
    }

    /// How fresh the layer's knowledge is.
    static let account = [
        MetricScenario("a stream that is connected", [Expected("ws_connected", stream, 1)]) { rig, verify in
            try await rig.start(position: 1)
            try await rig.pass(.seconds(1))
            verify()
        },
        MetricScenario(
            "a stream that breaks",
            [
                Expected("ws_reconnects_total", stream, 1), Expected("ws_gap_count", stream, 1),
                Expected("ws_events_total", ["stream": "user", "kind": "heartbeat"], 1),
                Expected("ws_events_total", ["stream": "user", "kind": "order"], 1),
                Expected("ws_events_total", ["stream": "user", "kind": "fill"], 1),
                .grows("ws_event_age_seconds", stream),
            ]
        ) { rig, verify in
            try await rig.start(position: 1)
            try await rig.pass(.seconds(1))
            rig.base.emit(.heartbeat(sequence: nil))
            rig.base.emit(.order(order("V7"), sequence: nil))
            rig.base.emit(
                .fill(
                    Fill(
                        id: "f1", venueID: "V7", clientID: nil, symbol: Rig.symbol, side: .buy, quantity: 1,
                        price: 100, fee: 0, feeAsset: "USDT", time: CivilInstant(millisecondsSinceEpoch: 0)),
                    sequence: nil))
            try await rig.pass(.seconds(1))
            rig.base.endUserEvents(throwing: BrokerError.reset)
            try await rig.pass(.seconds(60))
            verify()
        },
        MetricScenario(
            "readings beside the stream, and what they differ in",
            [
                Expected("account_polls_total", ["source": "fills", "result": "ok"], 1),
                Expected("account_polls_total", ["source": "fills", "result": "error"], 1),
                Expected("account_polls_total", ["source": "open_orders", "result": "ok"], 2),
                .grows("account_poll_age_seconds", ["source": "fills"]),
                .grows("account_poll_age_seconds", ["source": "open_orders"]),
                Expected("reconciliation_drift", ["kind": "missing"], 1),
                Expected("reconciliation_drift", ["kind": "unexpected"], 2),
            ]
        ) { rig, verify in
            try await rig.start(position: 1)
            _ = try await rig.broker.place(Rig.buy("ours"))
            // The venue forgets our order, and shows two of others.
            rig.base.update { $0.orders = [order("V7"), order("V8")] }
            try await rig.pass(.seconds(17))
            rig.script.next(.fills, .fail(.answered("-2015", status: 401)))
            try await rig.pass(.seconds(15))
            verify()
        },
        MetricScenario(
            "a difference that ends with the last own order, and with the last of others",
            [
                Expected("reconciliation_drift", ["kind": "missing"], "went from 1 to 0") { _, now in now == 0 },
                Expected("reconciliation_drift", ["kind": "unexpected"], "went from 2 to 0") { _, now in now == 0 },
            ].map(\.asConstant)
        ) { rig, verify in
            func drift(_ kind: String) -> Double? { rig.layer.metrics.reading("reconciliation_drift", ["kind": kind]) }
            try await rig.start(position: 1)
            _ = try await rig.broker.place(Rig.buy("ours"))
            rig.base.update { $0.orders = [order("V7"), order("V8")] }
            try await rig.pass(.seconds(17))
            #expect(drift("missing") == 1 && drift("unexpected") == 2)
            let clientID = try #require(rig.recorder.clientID(of: "ours"))
            var ended = Order(
                venueID: nil, symbol: Rig.symbol, side: .buy, quantity: 1, type: .limit(price: 100), status: .cancelled)
            ended.clientID = clientID
            rig.base.emit(.order(ended, sequence: nil))
            try await rig.pass(.seconds(15))
            #expect(drift("missing") == 0 && drift("unexpected") == 2)
            rig.base.update { $0.orders = [] }
            try await rig.pass(.seconds(15))
            let reads = rig.script.attempts(of: .openOrders)
            try await rig.pass(.seconds(60))
            #expect(rig.script.attempts(of: .openOrders) == reads)
            verify()
        },
    ]
}
