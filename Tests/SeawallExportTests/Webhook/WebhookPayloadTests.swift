import Foundation
import SeawallAlerts
import SeawallExport
import SeawallTime
import Testing

@Suite struct WebhookPayloadTests {
    private func text(_ payload: WebhookPayload, _ alert: Alert) throws -> String {
        String(decoding: try payload.body(for: alert), as: UTF8.self)
    }

    @Test func theGenericTextIsTheAlertAndItsTime() throws {
        #expect(
            try text(.generic, .example(.end)) == #"""
                {"at":5,"causes":["failure_rate"],"civil_nanoseconds":1700000000000000000,"code":"breaker_open",\#
                "duration":90.5,"episode":"alert-3.7","event":"end","id":"alert-3.7.end.5000000000",\#
                "message":"Orders fail: \"503\" <!channel> & more","scope":"breaker:orders","severity":"critical",\#
                "suppressed":4,"timestamp":"2023-11-14T22:13:20Z"}
                """#)
    }

    @Test func aGenericReaderGetsTheSameAlertBack() throws {
        for event in [AlertEvent.begin, .remind, .end] {
            let alert = Alert.example(event)
            let data = try WebhookPayload.generic.body(for: alert)
            #expect(try JSONDecoder().decode(Alert.self, from: data) == alert)
        }
    }

    @Test func slackGetsTextAndFieldsWithoutMarkup() throws {
        #expect(
            try text(.slack, .example()) == #"""
                {"attachments":[{"color":"danger",\#
                "fallback":"CRITICAL breaker_open: Orders fail: \"503\" &lt;!channel&gt; &amp; more",\#
                "fields":[{"short":true,"title":"episode","value":"alert-3.7"},\#
                {"short":true,"title":"severity","value":"critical"},\#
                {"short":true,"title":"scope","value":"breaker:orders"},\#
                {"short":true,"title":"causes","value":"failure_rate"}],"footer":"alert-3.7.begin.5000000000","ts":1700000000}],\#
                "text":"CRITICAL breaker_open: Orders fail: \"503\" &lt;!channel&gt; &amp; more"}
                """#)
        #expect(try text(.slack, .example(.end)).contains(#""text":"RECOVERED breaker_open: "#))
        #expect(try text(.slack, .example(.end)).contains(#""color":"good""#))
    }

    @Test func pagerDutyGetsOneIncidentForAnEpisode() throws {
        let payload = WebhookPayload.pagerDuty(routingKey: "R0", source: "bot-1")
        #expect(
            try text(payload, .example(.end, message: "over")) == #"""
                {"client":"seawall","dedup_key":"bot-1/alert-3.7","event_action":"resolve","payload":{"class":"breaker_open",\#
                "component":"breaker:orders","custom_details":{"causes":"failure_rate","duration":"90.5 s",\#
                "episode":"alert-3.7","scope":"breaker:orders","severity":"critical","suppressed":"4"},\#
                "severity":"critical","source":"bot-1","summary":"RECOVERED breaker_open: over",\#
                "timestamp":"2023-11-14T22:13:20Z"},"routing_key":"R0"}
                """#)
        for event in [AlertEvent.begin, .remind] {
            let text = try text(payload, .example(event))
            #expect(text.contains(#""dedup_key":"bot-1/alert-3.7""#) && text.contains(#""event_action":"trigger""#))
        }
    }

    /// Two processes, or two starts of one, each count their episodes from 1.
    @Test func theTroublesOfTwoManagersAreNeverOneIncident() throws {
        struct Sent: Decodable {
            enum CodingKeys: String, CodingKey { case key = "dedup_key" }
            var key: String
        }
        func key(_ source: String, startedAfter delay: Duration, episode: String? = nil) throws -> String {
            let time = ManualTime()
            time.advance(by: delay)
            let manager = try AlertManager(environment: RuntimeEnvironment(time: time))
            manager.begin("orders", code: "c", severity: .error, message: "m")
            var alert = Alert.example()
            alert.episode = episode ?? manager.history.map(\.episode).joined()
            let data = try WebhookPayload.pagerDuty(routingKey: "r", source: source).body(for: alert)
            return try JSONDecoder().decode(Sent.self, from: data).key
        }
        let keys = [
            try key("a", startedAfter: .zero), try key("a", startedAfter: .nanoseconds(1)),
            try key("b", startedAfter: .zero),
        ]
        #expect(Set(keys).count == 3)
        let long = String(repeating: "x", count: 400)
        let first = try key(long, startedAfter: .zero, episode: long + "-1")
        #expect(first.count == 255)
        #expect(try key(long, startedAfter: .zero, episode: long + "-2") != first)
    }

    @Test func aLongSummaryIsCutToWhatPagerDutyTakes() throws {
        struct Sent: Decodable {
            struct Payload: Decodable { var summary: String }
            var payload: Payload
        }
        let data = try WebhookPayload.pagerDuty(routingKey: "r", source: "s")
            .body(for: .example(message: String(repeating: "é", count: 5_000)))
        #expect(try JSONDecoder().decode(Sent.self, from: data).payload.summary.count == 1_024)
    }

    @Test func whatIsOwnIsSentAsItIs() throws {
        let payload = WebhookPayload { Data("[\"\($0.code)\"]".utf8) }
        #expect(try text(payload, .example()) == #"["breaker_open"]"#)
    }
}
