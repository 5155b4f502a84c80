import SeawallBroker
import SeawallDegradation
import SeawallTime
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JournalRecordTests {
    @Test func everyRecordIsReadBackAsItWas() throws {
        var records = RandomRecords(seed: 1, names: 12)
        for _ in 0..<4_000 {
            let record = records.record()
            let json = record.json
            let fields = try #require(JSONReader.object(json[...]), "\(String(decoding: json, as: UTF8.self))")
            let read = JournalRecord(json: fields)
            // A quantity that is no number equals nothing, not even itself.
            #expect(read?.json == json, "\(String(decoding: json, as: UTF8.self))")
            if !json.contains("NaN".utf8) { #expect(read == record) }
        }
    }

    @Test func aRecordWithoutAFieldThatItNeedsIsNone() throws {
        var records = RandomRecords(seed: 2)
        let optional: Set<String> = [
            "name", "evidence", "causes", "order_id", "order_client_id", "intent", "average_price", "reduce_only",
            "group",
            "updated_at", "time_in_force", "post_only", "replaces", "strategy", "account", "send_within_s",
            "leg_names_known",
        ]
        for _ in 0..<300 {
            let record = records.record()
            let fields = try #require(JSONReader.object(record.json[...]))
            for key in fields.keys where !optional.contains(key) {
                var less = fields
                less[key] = nil
                #expect(JournalRecord(json: less) != record, "\(key)")
                less[key] = .bool(true)
                #expect(JournalRecord(json: less) == nil, "\(key)")
            }
        }
        #expect(JournalRecord(json: ["kind": .string("later")]) == nil)
    }

    @Test func aTimedCauseGoesOnForWhatIsLeftByEitherClock() {
        func left(_ elapsed: Duration, _ civil: Duration, machineIsNew: Bool = false) -> Duration? {
            let raised = JournalMoment(
                at: MonotonicInstant(nanoseconds: 500_000_000_000),
                civil: CivilInstant(millisecondsSinceEpoch: 1_000_000))
            let cause = Cause(
                key: CauseKey("x"), record: "0.1", level: .reduceOnly,
                release: .at(raised.at.advanced(by: .seconds(300))), code: "x", message: "", evidence: [], episode: "",
                raisedAt: raised.at)
            let base = machineIsNew ? MonotonicInstant(nanoseconds: 0) : raised.at
            let now = JournalMoment(at: base.advanced(by: elapsed), civil: raised.civil.advanced(by: civil))
            let restored = JournalledCause(cause, at: raised).restored(at: now)
            if let restored { #expect(restored.raisedAt == now.at && restored.record == "0.1") }
            let gate = JournalledGate(scope: .ip, until: raised.at.advanced(by: .seconds(300)), moment: raised)
            #expect(gate.restored(at: now) == restored?.release.until, "what a venue shut is shut for as long")
            return restored?.release.until.map { now.at.duration(to: $0) }
        }
        #expect(left(.seconds(100), .seconds(100)) == .seconds(200))
        #expect(left(.seconds(100), .seconds(4_000)) == .seconds(200), "the civil clock was set forward")
        #expect(left(.seconds(100), .seconds(-4_000)) == .seconds(300), "set back: never more than its length")
        #expect(left(.seconds(5), .seconds(100), machineIsNew: true) == .seconds(300), "never more than its length")
        #expect(left(.seconds(700), .seconds(100), machineIsNew: true) == .seconds(200))
        #expect(left(.seconds(300), .seconds(300)) == nil)
        #expect(left(.seconds(299), .seconds(300)) == .seconds(1))
    }
}

extension Array<UInt8> {
    fileprivate func contains(_ text: String.UTF8View) -> Bool {
        indices.contains { self[$0...].starts(with: text) }
    }
}
