import SeawallBroker
import SeawallMetrics
import SeawallTestSupport
import SeawallTime
import Testing

@testable import Seawall

/// What a layer writes of itself is what a strict reader of both formats takes.
@Suite struct LayerTextTests {
    @Test func aStrictReaderTakesTheTextOfALayer() throws {
        var configuration = LayerConfiguration()
        configuration.metrics.venue = "binance \"usdm\""
        configuration.metrics.account = "a\\b\nc"
        try Rig.run(seeds: 0..<1, configuration: configuration) { rig in
            try await rig.start(position: 2)
            _ = try await rig.broker.place(Rig.buy("a"))
            rig.script.next(.place, .fail(.answered("-2019")))
            _ = try? await rig.broker.place(Rig.buy("b"))
            try rig.layer.pauseAll(reason: "test")
            let closed = try ExpositionParser.parse(rig.layer.metrics.prometheusText())
            let open = try ExpositionParser.parseOpenMetrics(rig.layer.metrics.openMetricsText())
            #expect(closed.count > 60)
            #expect(open.count == closed.count)
            for family in closed {
                #expect(!family.help.isEmpty)
                for sample in family.samples {
                    #expect(sample.labels["venue"] == "binance \"usdm\"" && sample.labels["account"] == "a\\b\nc")
                }
            }
            rig.layer.stop()
        }
    }
}
