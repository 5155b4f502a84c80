import SeawallAlerts
import SeawallBroker
import SeawallRateLimit
import SeawallTime
import Testing

@testable import Seawall
@testable import SeawallChaos
@testable import SeawallCircuitBreaker
@testable import SeawallDegradation

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The page that describes the log says what the code writes: every kind, every field, in that order.
@Suite struct LogDocumentTests {
    /// The page as its sections, by the kind in their headings.
    private static func sections() throws -> [String: String] {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let data = try Data(contentsOf: URL(fileURLWithPath: root + "/Docs/Log.md"))
        var sections: [String: String] = [:]
        var kinds: [String] = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") {
                kinds = line.hasPrefix("### ") ? line.dropFirst(4).split(separator: ", ").map(String.init) : []
            }
            for kind in kinds { sections[kind, default: ""] += line + "\n" }
        }
        return sections
    }

    /// One record of every kind, with every field that a kind may leave out.
    private static func records() -> [(kind: String, line: String)] {
        var call = CallRecord(id: "c1", operation: .cancelMany)
        call.targets = ["1", "2"]
        call.isInQuote = true
        var request = RequestRecord(id: "r1", operation: .place)
        request.targets = ["1", "2"]
        request.isInQuote = true
        request.page = "50"
        var reply = ReplyRecord(id: "r1", event: .gaveUp)
        reply.next = "50"
        let cause = Cause(
            key: CauseKey(.operatorPause), record: "p1", level: .reduceOnly, release: .byHand, code: "operator",
            message: "", evidence: [], episode: "e1", raisedAt: .origin)
        let alert = Alert(
            episode: "e1", event: .begin, severity: .warning, code: "c", message: "m", at: .origin,
            civil: CivilInstant(nanosecondsSinceEpoch: 0))
        let transition = CircuitBreaker.Transition(
            name: "orders", from: .open, to: .halfOpen, at: .origin, reason: .openTimeOver, failureCount: 0,
            until: nil, detail: nil)
        let bodies: [(String, RunRecord.Body)] = [
            ("run", .run(.story())), ("call", .call(call)),
            ("result", .result(ResultRecord(call: "c1", answer: .denied))),
            ("request", .request(request)), ("reply", .reply(reply)),
            ("told", .told(ToldRecord(request: "r1", orderID: "1", clientID: "a"))),
            ("venue", .venue(VenueEvent(.limited, time: .origin, limitScope: .ip, until: .origin))),
            ("fault", .fault(FaultRecord(fault: "lost_after", operation: .place))),
            ("disk", .disk(DiskRecord(.sync, .done))), ("world", .world(WorldRecord(.sleep))),
            ("sweep", .layer(.sweep(SweepEvent(cause: "p1", scope: .global, step: .begin)))),
            (
                "permission",
                .layer(.permission(PermissionChange(sequence: 1, event: .raised, cause: cause, at: .origin)))
            ),
            ("limited", .layer(.limited(scope: .ip, until: .origin))), ("breaker", .layer(.breaker(transition))),
            (
                "order",
                .layer(.order(LedgerChange(intent: "i", clientID: "a", venueID: nil, symbol: "BTC", state: .sent)))
            ),
            ("alert", .alert(alert, sink: "log")), ("crash", .crash), ("restart", .restart),
            ("end", .end(lines: 0, hash: 0)),
        ]
        return bodies.map { ($0.0, RunRecord(at: .origin, boot: 0, body: $0.1).json) }
    }

    @Test func everyKindIsDescribedWithItsFieldsInOrder() throws {
        let sections = try Self.sections()
        let records = Self.records()
        for (kind, line) in records {
            #expect(line.contains(#""kind":"\#(kind)""#))
            let section = try #require(sections[kind], "\(kind) is not described")
            let written = Self.fields(of: line)
            for field in written.dropFirst(3) {
                let isNamed = section.contains("`\(field)`") || section.contains("\"\(field)\":")
                #expect(isNamed, "\(kind) has a field \(field) that is not described")
            }
            let example = section.split(separator: "\n").first { $0.contains(#""kind":"\#(kind)""#) }
            let shown = Self.fields(of: String(try #require(example, "\(kind) has no example")))
            #expect(shown == written.filter { shown.contains($0) }, "the example of \(kind) has other fields")
        }
        #expect(Set(sections.keys) == Set(records.map(\.kind)))
    }

    @Test func everyWordOfAClosedSetIsDescribed() throws {
        let sections = try Self.sections()
        let words: [(String, [String])] = [
            ("venue", VenueEvent.Kind.allCases.map(\.rawValue)),
            ("sweep", SweepEvent.Step.allCases.map(\.rawValue)),
            ("permission", PermissionChange.Event.allCases.map(\.rawValue)),
            ("order", OrderStatus.allCases.map(\.rawValue)),
            ("run", LimitRule.Shape.allCases.map(\.rawValue) + LimitRule.Subject.allCases.map(\.rawValue)),
            ("request", BrokerOperation.allCases.map(\.rawValue)),
            ("result", ["accepted", "denied", "rejected", "unknown", "threw"]),
            ("disk", ["read", "append", "sync", "replace", "done", "failed", "damaged"]),
            ("world", ["clock_step", "sleep", "disk", "venue_mode", "authentication", "second_process"]),
        ]
        for (kind, words) in words {
            for word in words { #expect(sections[kind]?.contains("`\(word)`") == true, "\(kind): \(word)") }
        }
    }

    @Test func theVersionOfTheSchemaIsTheOneDescribed() throws {
        #expect(try Self.sections()["run"]?.contains("| `schema` | \(RunHeader.schema) |") == true)
    }

    @Test func everyPromiseHasItsRule() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let page = String(decoding: try Data(contentsOf: URL(fileURLWithPath: root + "/Docs/Log.md")), as: UTF8.self)
        for promise in Promise.allCases where promise != .sameSeedSameBytes {
            #expect(page.contains("- **\(promise.rawValue).**"), "\(promise.rawValue)")
        }
    }

    /// The names of an object's own fields, in their order.
    private static func fields(of line: String) -> [String] {
        var fields: [String] = []
        var depth = 0
        var text: String?
        var isEscaped = false
        var mayBeKey = false
        for character in line {
            if var current = text {
                if isEscaped {
                    isEscaped = false
                    current.append(character)
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    if depth == 1, mayBeKey { fields.append(current) }
                    text = nil
                    continue
                } else {
                    current.append(character)
                }
                text = current
                continue
            }
            switch character {
            case "\"": text = ""
            case "{", "[": depth += 1
            case "}", "]": depth -= 1
            default: break
            }
            if depth == 1, character == "{" || character == "," { mayBeKey = true }
            if depth == 1, character == ":" { mayBeKey = false }
        }
        return fields
    }
}
