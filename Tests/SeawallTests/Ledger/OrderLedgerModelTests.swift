import SeawallBroker
import SeawallTime
import Testing

@testable import Seawall

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Random histories of several intents against a list that is searched from its beginning each time.
@Suite struct OrderLedgerModelTests {
    private struct Line {
        var intent: IntentID
        var entry: LedgerEntry
        var endedAt: Int?
    }

    /// What the ledger should know: the newest lines are last, ends are numbered, and a search walks everything.
    private struct Model {
        var capacity: Int
        var lines: [Line] = []
        var ends = 0

        mutating func open(_ request: OrderRequest, _ name: String) -> String {
            if let line = lines.first(where: { $0.intent.rawValue == name }) {
                return line.entry.request.quantity == request.quantity ? "known \(line.entry.order.status)" : "conflict"
            }
            let entry = LedgerEntry(request: request, intent: IntentID(name), clientID: ClientOrderID(name))
            lines.append(Line(intent: IntentID(name), entry: entry))
            return "new"
        }

        mutating func apply(_ event: LedgerEvent, to name: String) -> [OrderStatus] {
            guard let index = lines.firstIndex(where: { $0.intent.rawValue == name }) else { return [] }
            let wasOver = lines[index].entry.order.status.isTerminal
            let passed = lines[index].entry.apply(event)
            let order = lines[index].entry.order
            if !wasOver, order.status.isTerminal, !lines[index].entry.isUnsent {
                ends += 1
                lines[index].endedAt = ends
                while let oldest = oldestOfTooMany { lines.remove(at: oldest) }
            }
            return passed
        }

        mutating func discard(_ name: String) {
            lines.removeAll { $0.intent.rawValue == name && $0.entry.isUnsent }
        }

        private var oldestOfTooMany: Int? {
            let ended = lines.indices.filter { lines[$0].endedAt != nil }
            guard ended.count > capacity else { return nil }
            return ended.min { (lines[$0].endedAt ?? 0) < (lines[$1].endedAt ?? 0) }
        }
    }

    @Test func randomHistoriesAgreeWithAPlainList() {
        var kinds: Set<String> = []
        for seed in 0..<25 as Range<UInt64> {
            var random = SeededGenerator(seed: seed, stream: "histories")
            var core = OrderLedgerCore(capacity: 4)
            var model = Model(capacity: 4)
            for step in 0..<200 {
                let name = "i\(Int.random(in: 0..<8, using: &random))"
                let id = ClientOrderID(name)
                switch Int.random(in: 0..<8, using: &random) {
                case 0...2:
                    let request = OrderRequest(
                        intent: IntentID(name), symbol: "S", side: .buy,
                        quantity: .base(Int.random(in: 0..<9, using: &random) == 0 ? 2 : 1), type: .market)
                    let answer = Self.word(core.open(request, intent: IntentID(name), clientID: id))
                    #expect(answer == model.open(request, name), "seed \(seed), step \(step)")
                    kinds.insert(answer)
                case 3:
                    core.discard(id)
                    model.discard(name)
                default:
                    guard let event = Self.event(name, &random), Self.isPlausible(event, model.lines, name) else {
                        continue
                    }
                    let states = core.apply(event, to: id).map(\.state)
                    #expect(states == model.apply(event, to: name), "seed \(seed), step \(step)")
                }
                #expect(core.unknownCount == model.lines.count { $0.entry.order.status == .unknown })
                let live = model.lines.filter { line in
                    !line.entry.order.status.isTerminal && line.entry.order.status != .prepared
                }
                #expect(core.live.map(\.intent) == live.map(\.intent).sorted())
                for line in model.lines { #expect(core.entry(intent: line.intent)?.order == line.entry.order) }
            }
        }
        let expected: Set = ["new", "conflict", "known unknown", "known rejected", "known filled"]
        #expect(kinds.isSuperset(of: expected), "\(kinds)")
    }

    /// A rejection that is disproved lives again and may end a second time; the list here counts one end an order.
    private static func isPlausible(_ event: LedgerEvent, _ lines: [Line], _ name: String) -> Bool {
        guard let status = lines.first(where: { $0.intent.rawValue == name })?.entry.order.status else { return true }
        return status != .rejected
    }

    private static func word(_ opening: OrderLedgerCore.Opening) -> String {
        switch opening {
        case .new: "new"
        case .known(let order): "known \(order.status)"
        case .conflict: "conflict"
        }
    }

    private static func event(_ name: String, _ random: inout SeededGenerator) -> LedgerEvent? {
        func order(_ status: OrderStatus, _ filled: Decimal) -> Order {
            Order(
                venueID: VenueOrderID("v-" + name), clientID: ClientOrderID(name), symbol: "S", side: .buy, quantity: 1,
                filled: filled, type: .market, status: status)
        }
        let events: [LedgerEvent] = [
            .sent(at: .origin), .sent(at: .origin), .withdrawn(as: .cancelled), .gaveUp, .refused, .provenAbsent,
            .acknowledged(order(.working, 0)), .seen(order(.cancelled, 0)), .seen(order(.filled, 1)), .filled(1),
        ]
        return events.randomElement(using: &random)
    }
}
